// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Awaitility that looks at once, and then more often than every 100 ms, its default. */
public final class Waiting {

    private static final Duration BREATH = Duration.ofMillis(5);

    private Waiting() {}

    public static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(BREATH);
    }

    /** As {@link #await()}, which says what it waited for. */
    public static ConditionFactory await(String condition) {
        return await().alias(condition);
    }
}
