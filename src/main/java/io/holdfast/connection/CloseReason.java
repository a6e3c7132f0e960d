package io.holdfast.connection;

import java.util.Locale;

/** Every way a connection ends. Close frame, goodbye, log line and metric tag are all read from here. */
public enum CloseReason {
    /** The peer closed. */
    CLIENT(1000, "closed by the client", false),
    /** We closed, as everything was sent that there was to send. */
    COMPLETED(1000, "completed", false),
    /** What the connection leads to cannot be reached now. */
    UNAVAILABLE(1012, "not available now", true),
    /** The service is stopping. */
    DRAINING(1012, "the service is restarting", true),
    /** More waited to be sent than the outbox holds. */
    SLOW_CONSUMER(4008, "slow consumer", true),
    /** Nothing passed for the idle time. */
    IDLE(4000, "idle", true),
    /** A heartbeat was not answered: the peer is gone, so nothing is said to it. */
    NO_PONG(1006, "heartbeat unanswered", true),
    /** A message over the limit. */
    TOO_BIG(1009, "message too big", false),
    /** What the peer sent is not the protocol. */
    BAD_PROTOCOL(1002, "protocol error", false),
    /** Over a limit on connections or rate. */
    LIMIT(1013, "over a limit", true),
    /** Closed by an operator. */
    KICKED(4001, "closed by an operator", false),
    /** Cut as its client, or its listener's settings, asked for. */
    FAULT(1000, "cut as asked for", false),
    /** Our own failure. */
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

    /** Whether an HTTP stream says goodbye before it ends; else it just ends, and its client comes back by itself. */
    public boolean toldOnStreams() {
        return this == DRAINING || this == KICKED;
    }

    /** Whether a client should come back by itself. */
    public boolean retry() {
        return retry;
    }
}
