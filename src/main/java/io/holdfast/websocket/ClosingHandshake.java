package io.holdfast.websocket;

import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/** How far the closing handshake has got (RFC 6455, section 7.1). Safe from any thread. */
final class ClosingHandshake {

    private boolean sent;
    private boolean received;
    private @Nullable CloseStatus status;

    /** Whether the caller is the one to send the close frame: nobody has sent it before. */
    synchronized boolean begin(CloseStatus with) {
        if (sent) {
            return false;
        }
        sent = true;
        status = with;
        return true;
    }

    synchronized void received() {
        received = true;
    }

    /** Whether our close frame is on its way, after which no other may be. */
    synchronized boolean isSent() {
        return sent;
    }

    /** Whether both sides have said goodbye. */
    synchronized boolean isOver() {
        return sent && received;
    }

    /** What the close frame said; 1006 if there was none. */
    synchronized CloseStatus status() {
        return status == null ? CloseStatus.NO_CLOSE_FRAME : status;
    }
}
