package io.holdfast.connection;

import io.netty.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The pulse of one connection: a ping each interval, and after each the question whether anything came since. Any byte
 * counts. A connection from which nothing came is closed as {@link CloseReason#NO_PONG}.
 *
 * <p>Lives on the timing wheel between its first beat and {@link #stop}; safe from any thread.
 */
public final class Heartbeat {

    /** Sends a ping; what comes back for it is told to {@link Connection#roundTrip}. */
    @FunctionalInterface
    public interface Ping {
        void send();
    }

    private final Timers timers;
    private final HeartbeatProperties properties;
    private final Connection connection;
    private final Ping ping;

    private @Nullable Timeout next;
    private boolean stopped;
    private long sentAt;

    Heartbeat(Timers timers, HeartbeatProperties properties, Connection connection, Ping ping) {
        this.timers = timers;
        this.properties = properties;
        this.connection = connection;
        this.ping = ping;
    }

    synchronized void start() {
        next = timers.after(Timers.phase(properties.interval()), this::beat);
    }

    private void beat() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            sentAt = System.nanoTime();
            next = timers.after(properties.pongTimeout(), this::listen);
        }
        ping.send();
    }

    private void listen() {
        synchronized (this) {
            if (stopped) {
                return;
            }
            if (connection.lastReceived() - sentAt >= 0) {
                next = timers.after(properties.interval().minus(properties.pongTimeout()), this::beat);
                return;
            }
        }
        connection.heartbeatMissed();
        connection.close(CloseReason.NO_PONG);
    }

    public synchronized void stop() {
        stopped = true;
        if (next != null) {
            next.cancel();
            next = null;
        }
    }
}
