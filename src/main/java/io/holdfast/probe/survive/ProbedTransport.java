package io.holdfast.probe.survive;

import java.util.List;
import java.util.Locale;

/** A transport that is measured. */
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

    /** Its name in a sentence. */
    String title() {
        return title;
    }

    /** Its name on the command line and in JSON. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether only the server sends after the request. */
    boolean isStream() {
        return this == HTTP || this == SSE;
    }

    /** Whether it is reached by {@code --http}. */
    public boolean isWeb() {
        return isStream() || this == WEBSOCKET;
    }

    /** The tag of the service's metrics: raw bytes and lines are both TCP. */
    boolean isTcp() {
        return !isWeb();
    }

    public static final List<ProbedTransport> WEB = List.of(HTTP, SSE, WEBSOCKET);
}
