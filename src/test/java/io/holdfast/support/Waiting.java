package io.holdfast.support;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Awaitility with a shorter breath than its own tenth of a second: what tests here wait for takes milliseconds. */
public final class Waiting {

    private static final Duration BREATH = Duration.ofMillis(5);

    private Waiting() {}

    public static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(BREATH);
    }
}
