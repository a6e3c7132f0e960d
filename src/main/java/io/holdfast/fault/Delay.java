// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How much later messages are sent.
 *
 * @param time that each message is held back
 * @param jitter the most that is added to it, at random for each message; the order is kept
 */
public record Delay(Duration time, Duration jitter) {

    static final Delay NONE = new Delay(Duration.ZERO, Duration.ZERO);

    boolean isNone() {
        return time.isZero() && jitter.isZero();
    }

    Duration longest() {
        return time.plus(jitter);
    }

    /** For one message, nanoseconds. */
    long nanos() {
        long random = jitter.isZero() ? 0 : ThreadLocalRandom.current().nextLong(jitter.toNanos() + 1);
        return time.toNanos() + random;
    }
}
