package io.holdfast.websocket;

import io.holdfast.connection.CloseReason;
import org.springframework.web.socket.CloseStatus;

/** What a peer sent can't be accepted; {@code status} is the close frame that tells it so. */
final class ProtocolViolation extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient CloseStatus status;

    /** @param reason at most 123 bytes of our own words, never anything the peer sent */
    ProtocolViolation(CloseStatus status, String reason) {
        super(reason, null, false, false);
        this.status = status.withReason(reason);
    }

    CloseReason reason() {
        return status.equalsCode(CloseStatus.TOO_BIG_TO_PROCESS) ? CloseReason.TOO_BIG : CloseReason.BAD_PROTOCOL;
    }

    CloseStatus status() {
        return status;
    }
}
