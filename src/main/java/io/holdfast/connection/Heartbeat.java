package io.holdfast.connection;

import io.holdfast.time.Cancellable;
import io.holdfast.time.Timers;
import org.jspecify.annotations.Nullable;

/**
 * The pulse of one connection: a ping each interval, and after each the question whether anything came since. Any byte
 * counts. A connection from which nothing came is closed as {@link CloseReason#NO_PONG}, unless its silence proves
 * nothing: while we don't read from it, or while it takes, however slowly, what it is sent before the ping.
 *
 * <p>Lives on the timing wheel between its first beat and {@link #cancel}; safe from any thread.
 */
public final class Heartbeat implements Cancellable {

    /** The transport's side. All methods are safe from any thread and don't block. */
    public interface Pulse {

        /**
         * Sends a ping; what comes back for it is told to {@link Connection#roundTrip}.
         *
         * @param at {@link System#nanoTime} of now, by which {@link Heartbeat#isOfLastPing} knows the pong again
         */
        void ping(long at);

        /** Whether bytes of the peer would be read now. When that begins anew, {@link Connection#alive} was called. */
        boolean isReading();

        /** Bytes that the full socket does not take: what is left of one write, so that it changes as they leave. */
        long stuckBytes();
    }

    private final Timers timers;
    private final HeartbeatProperties properties;
    private final Connection connection;
    private final Pulse pulse;

    private @Nullable Cancellable next;
    private boolean stopped;
    private long sentAt;

    Heartbeat(Timers timers, HeartbeatProperties properties, Connection connection, Pulse pulse) {
        this.timers = timers;
        this.properties = properties;
        this.connection = connection;
        this.pulse = pulse;
    }

    synchronized void start() {
        next = timers.after(Timers.secondHalf(properties.interval()), this::beat);
    }

    private void beat() {
        long now = System.nanoTime();
        synchronized (this) {
            if (stopped) {
                return;
            }
            sentAt = now;
            next = timers.after(properties.pongTimeout(), () -> listen(0));
        }
        pulse.ping(now);
    }

    /** Whether {@code at} is the moment of the last ping: anyone may send a pong, and only an answer knows it. */
    public synchronized boolean isOfLastPing(long at) {
        return sentAt != 0 && at == sentAt;
    }

    /** @param stuckBefore bytes stuck when it listened last: handed on, as a field would cost each idle connection */
    private void listen(long stuckBefore) {
        // Before the time of the last byte: who opens the gate sets that first.
        boolean reading = pulse.isReading();
        long stuck = pulse.stuckBytes();
        synchronized (this) {
            if (stopped) {
                return;
            }
            boolean heard = connection.lastReceived() - sentAt >= 0;
            boolean couldNotAnswer = stuck == 0 && (!reading || stuckBefore > 0);
            if (heard || couldNotAnswer) {
                next = timers.after(properties.interval().minus(properties.pongTimeout()), this::beat);
                return;
            }
            if (stuck > 0 && stuck != stuckBefore) {
                next = timers.after(properties.pongTimeout(), () -> listen(stuck));
                return;
            }
        }
        connection.heartbeatMissed();
        connection.close(CloseReason.NO_PONG);
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
