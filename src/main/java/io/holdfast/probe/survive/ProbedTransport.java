package io.holdfast.probe.survive;

import java.util.List;
import java.util.Locale;

/** What a connection is held with. */
public enum ProbedTransport {
    HTTP("HTTP stream"),
    SSE("SSE"),
    WEBSOCKET("WebSocket"),
    TCP("TCP"),
    LINES("TCP lines");

    private final String title;

    ProbedTransport(String title) {
        this.title = title;
    }

    /** As it is called in a sentence. */
    String title() {
        return title;
    }

    /** As it is called on the command line and in JSON. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether only the server speaks, once it was asked. */
    boolean isStream() {
        return this == HTTP || this == SSE;
    }

    /** Whether it is reached by {@code --http}. */
    public boolean isWeb() {
        return isStream() || this == WEBSOCKET;
    }

    /** By how its dead connections are counted: raw bytes and lines are both TCP to the service. */
    boolean isTcp() {
        return !isWeb();
    }

    public static final List<ProbedTransport> WEB = List.of(HTTP, SSE, WEBSOCKET);
}
