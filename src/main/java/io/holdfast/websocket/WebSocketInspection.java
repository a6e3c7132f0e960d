// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.jetty.RequestInspection;
import io.holdfast.session.Events;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.TextMessage;
import tools.jackson.databind.json.JsonMapper;

/**
 * Shows WebSocket clients what the server sees of them. What it saw of a handshake is kept only for a client that asked
 * for it, and only until the welcome is sent.
 */
@Component
final class WebSocketInspection {

    private static final String SEEN = WebSocketInspection.class.getName();

    private final JsonMapper json;

    WebSocketInspection(JsonMapper json) {
        this.json = json;
    }

    /** Keeps what the server saw of {@code request}. */
    static void keep(
            Session session, HttpServletRequest request, @Nullable String extension, @Nullable String protocol) {
        Map<String, Object> seen = RequestInspection.of(request);
        seen.put("extensions", extension == null ? List.of() : List.of(extension));
        seen.put("subprotocol", protocol == null ? "" : protocol);
        session.getAttributes().put(SEEN, seen);
    }

    /** Takes out what was kept, as JSON, with the current byte counts; null if nothing was. */
    @Nullable
    String take(Session session) {
        if (!(session.removeAttribute(SEEN) instanceof Map<?, ?> kept)) {
            return null;
        }
        Map<Object, Object> seen = new LinkedHashMap<>(kept);
        seen.put("bytes", RequestInspection.bytes(session.webSocket().counts()));
        return json.writeValueAsString(seen);
    }

    /** Sends a welcome to a client that asked for an inspection, on a path that sends none otherwise. */
    void welcomeIfAsked(Session session) throws IOException {
        String seen = take(session);
        if (seen != null) {
            Duration heartbeat = session.webSocket().delivery().heartbeatInterval();
            session.sendMessage(new TextMessage(Events.welcome(session.getId(), heartbeat, seen)));
        }
    }

    /** The current byte counts, as JSON. */
    String now(Session session) {
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("type", "inspect");
        seen.put("connection", session.getId());
        seen.put("bytes", RequestInspection.bytes(session.webSocket().counts()));
        return json.writeValueAsString(seen);
    }
}
