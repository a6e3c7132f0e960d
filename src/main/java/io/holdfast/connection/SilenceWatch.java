package io.holdfast.connection;

import io.holdfast.time.Cancellable;
import io.holdfast.time.Timers;
import org.jspecify.annotations.Nullable;

/**
 * Does something whenever nothing has passed either way on a connection for a time.
 *
 * <p>Traffic costs it nothing: it looks when the time could be up, and waits for the rest. Safe from any thread.
 */
public final class SilenceWatch implements Cancellable {

    private final Timers timers;
    private final Connection connection;
    private final long nanos;
    private final Runnable action;

    private @Nullable Cancellable next;
    private boolean stopped;

    SilenceWatch(Timers timers, Connection connection, long nanos, Runnable action) {
        this.timers = timers;
        this.connection = connection;
        this.nanos = nanos;
        this.action = action;
    }

    /** @param first how long the first silence has to last */
    synchronized SilenceWatch start(long first) {
        next = timers.after(first, () -> look(first));
        return this;
    }

    private void look(long due) {
        long left = due - connection.idleNanos();
        synchronized (this) {
            if (stopped) {
                return;
            }
            next = left > 0 ? timers.after(left, () -> look(due)) : timers.after(nanos, () -> look(nanos));
        }
        if (left <= 0) {
            action.run();
        }
    }

    @Override
    public synchronized void cancel() {
        stopped = true;
        if (next != null) {
            next.cancel();
            next = null;
        }
    }
}
