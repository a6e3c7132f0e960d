// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.connection.CloseReason;
import org.springframework.web.socket.CloseStatus;

/** A peer sent something that cannot be accepted. {@code status} is the close frame that tells it. */
final class ProtocolViolation extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient CloseStatus status;

    /** @param reason at most 123 bytes, none of them from the peer */
    ProtocolViolation(CloseStatus status, String reason) {
        super(reason, null, false, false);
        this.status = status.withReason(reason);
    }

    CloseReason reason() {
        return switch (status.getCode()) {
            case 1009 -> CloseReason.TOO_BIG;
            case 1013 -> CloseReason.LIMIT;
            default -> CloseReason.BAD_PROTOCOL;
        };
    }

    CloseStatus status() {
        return status;
    }
}
