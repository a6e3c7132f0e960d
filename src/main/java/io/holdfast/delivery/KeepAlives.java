// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.time.Cancellable;
import io.holdfast.time.Timers;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Starts what keeps a quiet connection alive, and what ends one whose peer vanished or has nothing more to say. */
@Component
public final class KeepAlives {

    private final Timers timers;
    private final HeartbeatProperties heartbeat;
    private final IdleProperties idle;

    KeepAlives(Timers timers, HeartbeatProperties heartbeat, IdleProperties idle) {
        this.timers = timers;
        this.heartbeat = heartbeat;
        this.idle = idle;
    }

    /** Starts what {@code spec} asks for. The first heartbeat comes at a random moment of the interval's second half. */
    Cancellable start(Connection connection, HeartbeatSpec spec, Framing.Pongs pongs, Delivery delivery) {
        if (spec.interval() == null) {
            return new IdleTimer(timers, connection, idle.tcp().toNanos(), delivery::closeIfIdle)
                    .start(idle.tcp().toNanos());
        }
        if (spec.kind() == HeartbeatSpec.Kind.PING && pongs != Framing.Pongs.NONE) {
            return new Heartbeat(timers, times(spec.interval()), connection, delivery).start();
        }
        return new IdleTimer(timers, connection, spec.interval().toNanos(), delivery::heartbeat)
                .start(Timers.secondHalf(spec.interval()).toNanos());
    }

    /** The settings, at another interval: a pong may take no longer than that. */
    private HeartbeatProperties times(Duration interval) {
        if (interval.equals(heartbeat.interval())) {
            return heartbeat;
        }
        Duration pong = heartbeat.pongTimeout().compareTo(interval) < 0 ? heartbeat.pongTimeout() : interval;
        return new HeartbeatProperties(interval, pong);
    }

    /** Closes {@code connection} after {@code holdfast.idle.tcp} of silence, until it is cancelled. */
    public Cancellable closeWhenIdle(Connection connection) {
        long nanos = idle.tcp().toNanos();
        return new IdleTimer(timers, connection, nanos, () -> connection.close(CloseReason.IDLE)).start(nanos);
    }

    /** Whether nothing came from the peer for {@code holdfast.idle.tcp}. */
    boolean isIdle(Connection connection) {
        return timers.nanos() - connection.lastReceived() >= idle.tcp().toNanos();
    }

    /** The time from one heartbeat to the next, unless the client asks for another. */
    public Duration interval() {
        return heartbeat.interval();
    }

    /** How long a peer may take to answer a ping. */
    public Duration pongTimeout() {
        return heartbeat.pongTimeout();
    }

    /** How long a connection is kept on which nothing passes and nothing is expected. */
    public Duration longestIdle() {
        return idle.tcp();
    }
}
