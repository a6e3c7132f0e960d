package io.holdfast.support;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Awaitility with a shorter poll interval than its default of 100 ms. */
public final class Waiting {

    private static final Duration BREATH = Duration.ofMillis(5);

    private Waiting() {}

    public static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(BREATH);
    }
}
