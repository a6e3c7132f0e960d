// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static org.awaitility.pollinterval.IterativePollInterval.iterative;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Awaitility for what a page shows: it looks at once, and then less and less often, as each look takes the browser's time. */
final class PageWaiting {

    private static final Duration FIRST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMillis(100);

    private PageWaiting() {}

    static ConditionFactory await() {
        return Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(iterative(
                        last -> last.compareTo(LONGEST) < 0
                                ? last.multipliedBy(3).dividedBy(2)
                                : last,
                        FIRST));
    }

    /** As {@link #await()}, which says what it waited for. */
    static ConditionFactory await(String condition) {
        return await().alias(condition);
    }
}
