package io.holdfast.connection;

import io.holdfast.time.Timers;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Starts the watches that find peers which vanished or have nothing more to say. */
@Component
public final class LifeSigns {

    private final Timers timers;
    private final HeartbeatProperties heartbeat;
    private final IdleProperties idle;

    LifeSigns(Timers timers, HeartbeatProperties heartbeat, IdleProperties idle) {
        this.timers = timers;
        this.heartbeat = heartbeat;
        this.idle = idle;
    }

    /** Pings {@code connection} from a random moment of the first interval's second half on, until the heartbeat is stopped. */
    public Heartbeat heartbeat(Connection connection, Heartbeat.Pulse pulse) {
        Heartbeat started = new Heartbeat(timers, heartbeat, connection, pulse);
        started.start();
        return started;
    }

    /** The same at another interval; a pong may take no longer than that. */
    public Heartbeat heartbeat(Connection connection, Heartbeat.Pulse pulse, Duration interval) {
        Duration pong = heartbeat.pongTimeout().compareTo(interval) < 0 ? heartbeat.pongTimeout() : interval;
        Heartbeat started = new Heartbeat(timers, new HeartbeatProperties(interval, pong), connection, pulse);
        started.start();
        return started;
    }

    /** Closes {@code connection} after {@code holdfast.idle.tcp} of silence, until the watch is stopped. */
    public SilenceWatch idle(Connection connection) {
        long nanos = idle.tcp().toNanos();
        return new SilenceWatch(timers, connection, nanos, () -> connection.close(CloseReason.IDLE)).start(nanos);
    }

    /**
     * Runs {@code sign} so that no silence on {@code connection} lasts longer than {@code most}, until the watch is
     * stopped. The first one comes at any moment of that time's second half, so that connections opened together don't go
     * on together.
     */
    public SilenceWatch keepAlive(Connection connection, Duration most, Runnable sign) {
        return new SilenceWatch(timers, connection, most.toNanos(), sign)
                .start(Timers.secondHalf(most).toNanos());
    }

    /** From one sign of life to the next, where the client does not say otherwise. */
    public Duration interval() {
        return heartbeat.interval();
    }

    /** How long a connection that does nothing is kept. */
    public Duration longestIdle() {
        return idle.tcp();
    }

    /** Whether nothing came from the peer for {@code holdfast.idle.tcp}. */
    public boolean isIdle(Connection connection) {
        return System.nanoTime() - connection.lastReceived() >= idle.tcp().toNanos();
    }

    /** How long a sign of life may go unanswered. */
    public Duration pongTimeout() {
        return heartbeat.pongTimeout();
    }

    /**
     * Runs {@code action} once.
     *
     * @return cancels it
     */
    public Runnable after(Duration delay, Runnable action) {
        return timers.after(delay, action)::cancel;
    }
}
