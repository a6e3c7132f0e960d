// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import io.holdfast.connection.LimitProperties;
import io.holdfast.time.Cancellable;
import io.holdfast.time.Timers;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits how slowly something may arrive that has begun: a body, a frame, a message, a line. In each period of {@code
 * holdfast.limits.handshake}, at least {@code holdfast.limits.body-rate} times the period must arrive. Safe from any
 * thread.
 */
public final class ProgressDeadline implements Cancellable {

    private final Timers timers;
    private final Duration period;
    private final long least;
    private final LongSupplier received;
    private final BooleanSupplier paused;
    private final Runnable tooSlow;

    // Guarded by this.
    private long before;
    private boolean over;
    private @Nullable Cancellable timer;

    /**
     * @param received bytes that have arrived so far
     * @param paused whether the silence is ours, since nothing is read
     * @param tooSlow called once, unless this is cancelled before
     */
    ProgressDeadline(
            Timers timers, LimitProperties limits, LongSupplier received, BooleanSupplier paused, Runnable tooSlow) {
        this.timers = timers;
        this.period = limits.handshake();
        this.least = Math.max(1, limits.bodyRate().toBytes() * period.toMillis() / 1000);
        this.received = received;
        this.paused = paused;
        this.tooSlow = tooSlow;
        this.before = received.getAsLong();
    }

    synchronized ProgressDeadline start() {
        if (!over) {
            timer = timers.after(period, this::check);
        }
        return this;
    }

    private void check() {
        synchronized (this) {
            long now = received.getAsLong();
            if (over || paused.getAsBoolean() || now - before >= least) {
                before = now;
                start();
                return;
            }
            over = true;
        }
        tooSlow.run();
    }

    @Override
    public synchronized void cancel() {
        over = true;
        if (timer != null) {
            timer.cancel();
        }
    }
}
