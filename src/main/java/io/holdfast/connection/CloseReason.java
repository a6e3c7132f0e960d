// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import java.util.Locale;

/** Every reason for which a connection ends. The close frame, the goodbye, the log line and the metric tag show it. */
public enum CloseReason {
    /** The peer closed. */
    CLIENT(1000, "closed by the client", false),
    /** The service closed it: everything was sent. */
    COMPLETED(1000, "completed", false),
    /** The listener behind a bridge cannot be reached now. */
    UNAVAILABLE(1012, "not available now", true),
    /** The service is stopping. */
    DRAINING(1012, "the service is restarting", true),
    /** More bytes or messages waited to be sent than the outbox holds. */
    SLOW_CONSUMER(4008, "slow consumer", true),
    /** Nothing was sent or received for the idle time. */
    IDLE(4000, "idle", true),
    /** A heartbeat was not answered. The peer is gone, so no goodbye is sent. */
    NO_PONG(1006, "heartbeat unanswered", true),
    /** The peer sent a message over the limit. */
    TOO_BIG(1009, "message too big", false),
    /** The peer broke the protocol. */
    BAD_PROTOCOL(1002, "protocol error", false),
    /** A body, message or line arrived too slowly. */
    TIMEOUT(4002, "too slow", true),
    /** A limit on connections, rates or memory is reached. */
    LIMIT(1013, "over a limit", true),
    /** Closed by an operator. */
    KICKED(4001, "closed by an operator", false),
    /** The client's token has expired. */
    EXPIRED(4003, "token expired", true),
    /** An operator has revoked the client's token, or it may no longer do what the connection is for. */
    REVOKED(4004, "access revoked", false),
    /** Ended by a fault that the client, or the listener's settings, asked for. */
    FAULT(1000, "cut as asked for", false),
    /** A failure of the service. */
    ERROR(1011, "internal error", true);

    private final int webSocketCode;
    private final String text;
    private final boolean retry;

    CloseReason(int webSocketCode, String text, boolean retry) {
        this.webSocketCode = webSocketCode;
        this.text = text;
        this.retry = retry;
    }

    /** The value of the metric tag {@code reason}, and of a goodbye's {@code code}. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The close frame's code (RFC 6455, section 7.4); {@link #NO_PONG} sends none. */
    public int webSocketCode() {
        return webSocketCode;
    }

    public String text() {
        return text;
    }

    /** Whether an HTTP stream sends a goodbye before it ends. Otherwise it just ends, and its client reconnects. */
    public boolean toldOnStreams() {
        return this == DRAINING || this == KICKED || this == EXPIRED || this == REVOKED;
    }

    /** Whether a client should reconnect by itself. */
    public boolean retry() {
        return retry;
    }
}
