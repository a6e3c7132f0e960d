package io.holdfast.connection;

import io.netty.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection as {@link CloseReason#IDLE} when nothing has passed either way for the idle time.
 *
 * <p>Traffic costs it nothing: it looks when the time could be up, and waits for the rest. Safe from any thread.
 */
public final class IdleDeadline {

    private final Timers timers;
    private final long idleNanos;
    private final Connection connection;

    private @Nullable Timeout next;
    private boolean stopped;

    IdleDeadline(Timers timers, long idleNanos, Connection connection) {
        this.timers = timers;
        this.idleNanos = idleNanos;
        this.connection = connection;
    }

    synchronized void start() {
        next = timers.after(idleNanos, this::look);
    }

    private void look() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            long left = idleNanos - connection.idleNanos();
            if (left > 0) {
                next = timers.after(left, this::look);
                return;
            }
        }
        connection.close(CloseReason.IDLE);
    }

    public synchronized void stop() {
        stopped = true;
        if (next != null) {
            next.cancel();
            next = null;
        }
    }
}
