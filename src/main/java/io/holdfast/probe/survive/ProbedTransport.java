// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import java.util.List;
import java.util.Locale;

/** A transport that is measured. */
public enum ProbedTransport {
    HTTP("HTTP stream"),
    SSE("SSE"),
    WEBSOCKET("WebSocket"),
    TCP("TCP"),
    LINES("TCP lines"),
    /** A connection that waits for its next request. It may be closed at any time, so that is no fault. */
    KEEPALIVE("HTTP keep-alive");

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
        return isStream() || this == WEBSOCKET || this == KEEPALIVE;
    }

    /** Whether it stays open until one side wants an end, so that a service may send on it at any time. */
    boolean isLasting() {
        return this != KEEPALIVE;
    }

    public static final List<ProbedTransport> WEB = List.of(HTTP, SSE, WEBSOCKET, KEEPALIVE);
}
