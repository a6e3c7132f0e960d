package io.holdfast.tcp;

import io.holdfast.connection.Connection;
import io.holdfast.connection.Heartbeat;
import io.holdfast.connection.LifeSigns;
import io.holdfast.fault.Beat;
import io.holdfast.session.Events;
import io.holdfast.time.Cancellable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The life signs of one connection of lines: pings and what their answers tell, or what its listener is set to send in
 * their place. Safe from any thread.
 */
final class LinePulse implements Heartbeat.Pulse {

    private final LinePipeline lines;
    private final Connection connection;
    private final LifeSigns lifeSigns;
    private final @Nullable Beat beat;
    private final Cancellable watch;

    private volatile long pingedAt;
    private volatile boolean answersPings;

    /** @param beat null for the usual pings */
    LinePulse(LinePipeline lines, Connection connection, LifeSigns lifeSigns, @Nullable Beat beat) {
        this.lines = lines;
        this.connection = connection;
        this.lifeSigns = lifeSigns;
        this.beat = beat;
        this.watch = start();
    }

    private Cancellable start() {
        if (beat == null) {
            return lifeSigns.heartbeat(connection, this);
        }
        if (beat.interval() == null) {
            return lifeSigns.keepAlive(connection, lifeSigns.longestIdle(), lines::closeIfIdle);
        }
        return beat.kind() == Beat.Kind.DATA
                ? lifeSigns.keepAlive(connection, beat.interval(), () -> sign(Events.heartbeat()))
                : lifeSigns.heartbeat(connection, this, beat.interval());
    }

    /** From one sign to the next; null for none. */
    @Nullable
    Duration interval() {
        return beat == null ? lifeSigns.interval() : beat.interval();
    }

    Cancellable watch() {
        return watch;
    }

    @Override
    public void ping(long at) {
        pingedAt = at;
        sign(Events.ping());
    }

    private void sign(String event) {
        if (!lines.closeIfIdle()) {
            lines.sign(event);
        }
    }

    void ponged() {
        answersPings = true;
        long since = pingedAt;
        if (since != 0) {
            connection.roundTrip(System.nanoTime() - since);
            pingedAt = 0;
        }
    }

    /** Who never answered a ping is not held to it: a person with a terminal need not. The kernel then finds who is gone. */
    @Override
    public boolean isReading() {
        return answersPings && lines.isReading();
    }

    @Override
    public long stuckBytes() {
        return lines.stuckBytes();
    }
}
