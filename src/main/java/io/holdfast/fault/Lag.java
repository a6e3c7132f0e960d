package io.holdfast.fault;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How much later everything leaves.
 *
 * @param delay of each message
 * @param jitter the most that is added to it at random, each time anew; order is kept
 */
public record Lag(Duration delay, Duration jitter) {

    static final Lag NONE = new Lag(Duration.ZERO, Duration.ZERO);

    boolean isNone() {
        return delay.isZero() && jitter.isZero();
    }

    Duration longest() {
        return delay.plus(jitter);
    }

    /** For one message. */
    long nanos() {
        long random = jitter.isZero() ? 0 : ThreadLocalRandom.current().nextLong(jitter.toNanos() + 1);
        return delay.toNanos() + random;
    }
}
