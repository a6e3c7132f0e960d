// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Measures how late this machine runs scheduled tasks: every measured time includes that delay. */
final class SchedulingDelay {

    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(20);

    // Written by the scheduler's thread only.
    private volatile long most;
    private long due = System.nanoTime() + PERIOD;

    SchedulingDelay(ScheduledExecutorService clock) {
        clock.scheduleAtFixedRate(this::tick, PERIOD, PERIOD, TimeUnit.NANOSECONDS);
    }

    private void tick() {
        most = Math.max(most, System.nanoTime() - due);
        due = Math.max(due, System.nanoTime()) + PERIOD;
    }

    Duration most() {
        return Duration.ofNanos(most);
    }
}
