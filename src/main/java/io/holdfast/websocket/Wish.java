package io.holdfast.websocket;

import io.holdfast.connection.Connection;
import io.holdfast.connection.LifeSigns;
import io.holdfast.fault.Beat;
import io.holdfast.fault.Fault;
import io.holdfast.fault.Refusal;
import io.holdfast.fault.Wishes;
import io.holdfast.time.Cancellable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants to be different on its WebSocket. One instance serves all that want nothing.
 *
 * @param beat null for the usual pings
 * @param pongs whether its pings are answered
 * @param refusal the answer to its handshake; null for the usual one
 * @param inspect whether it is told what the server saw
 */
record Wish(
        Fault fault,
        @Nullable Beat beat,
        boolean pongs,
        @Nullable Refusal refusal,
        boolean inspect) {

    static final Wish NONE = new Wish(Fault.NONE, null, true, null, false);

    static Wish of(Wishes wishes, LifeSigns lifeSigns) {
        Beat beat = wishes.beat(Wishes.Beats.withPings(lifeSigns.interval()));
        Wish wish = new Wish(wishes.fault(), beat, wishes.pongs(), wishes.refusal(), wishes.inspect());
        if (wish.refusal == null) {
            wishes.refuseRetry();
        }
        return wish.equals(NONE) ? NONE : wish;
    }

    /** From one sign of life to the next; null for none. */
    @Nullable
    Duration interval(LifeSigns lifeSigns) {
        return beat == null ? lifeSigns.interval() : beat.interval();
    }

    /** Starts the signs of life that {@code webSocket} gives; null for none. */
    @Nullable
    Cancellable heartbeat(LifeSigns lifeSigns, Connection connection, WebSocketConnection webSocket) {
        if (beat == null) {
            return lifeSigns.heartbeat(connection, webSocket);
        }
        if (beat.interval() == null) {
            return null;
        }
        return beat.kind() == Beat.Kind.DATA
                ? lifeSigns.keepAlive(connection, beat.interval(), webSocket::beat)
                : lifeSigns.heartbeat(connection, webSocket, beat.interval());
    }
}
