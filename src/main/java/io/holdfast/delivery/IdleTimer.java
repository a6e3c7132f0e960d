// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import io.holdfast.connection.Connection;
import io.holdfast.time.Cancellable;
import io.holdfast.time.Timers;
import org.jspecify.annotations.Nullable;

/**
 * Runs an action whenever nothing has passed in either direction on a connection for a given time.
 *
 * <p>Traffic does not touch it: it looks when the time could be over, and then waits for the rest. Safe from any thread.
 */
final class IdleTimer implements Cancellable, Runnable {

    private final Timers timers;
    private final Connection connection;
    private final long nanos;
    private final Runnable action;

    // Guarded by this.
    private long silence;
    private @Nullable Cancellable next;
    private boolean cancelled;

    /** @param nanos the silence after which {@code action} runs, and again after each such time */
    IdleTimer(Timers timers, Connection connection, long nanos, Runnable action) {
        this.timers = timers;
        this.connection = connection;
        this.nanos = nanos;
        this.action = action;
    }

    /** @param first how long the first silence has to last, nanoseconds */
    synchronized IdleTimer start(long first) {
        silence = first;
        next = timers.roughlyAfter(first, this);
        return this;
    }

    /** The wheel's timer fired. */
    @Override
    public void run() {
        synchronized (this) {
            if (cancelled) {
                return;
            }
            long left = silence - connection.idleNanos();
            if (left > 0) {
                next = timers.roughlyAfter(left, this);
                return;
            }
            silence = nanos;
            next = timers.roughlyAfter(nanos, this);
        }
        action.run();
    }

    @Override
    public synchronized void cancel() {
        cancelled = true;
        if (next != null) {
            next.cancel();
            next = null;
        }
    }
}
