package io.holdfast.websocket;

import io.holdfast.connection.Sight;
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
import org.springframework.web.socket.WebSocketExtension;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells WebSocket clients what the server sees of them. What it saw of a handshake is kept for who asked for it alone,
 * and not for longer than it takes to tell.
 */
@Component
final class Inspection {

    private static final String SEEN = Inspection.class.getName();

    private final JsonMapper json;

    Inspection(JsonMapper json) {
        this.json = json;
    }

    /** Keeps what {@code request} looked like. */
    static void keep(
            Session session,
            HttpServletRequest request,
            @Nullable WebSocketExtension extension,
            @Nullable String protocol) {
        Map<String, Object> seen = Sight.of(request);
        seen.put("extensions", extension == null ? List.of() : List.of(extension.toString()));
        seen.put("subprotocol", protocol == null ? "" : protocol);
        session.getAttributes().put(SEEN, seen);
    }

    /** What was kept, as JSON, with the bytes of now; null if nothing was. */
    @Nullable
    String take(Session session) {
        if (!(session.getAttributes().remove(SEEN) instanceof Map<?, ?> kept)) {
            return null;
        }
        Map<Object, Object> seen = new LinkedHashMap<>(kept);
        seen.put("bytes", Sight.bytes(session.webSocket()));
        return json.writeValueAsString(seen);
    }

    /** Says welcome to who asked to be told, where there is none otherwise. */
    void welcomeIfAsked(Session session) throws IOException {
        String seen = take(session);
        if (seen != null) {
            Duration heartbeat = session.webSocket().heartbeatInterval();
            session.sendMessage(new TextMessage(Events.welcome(session.getId(), heartbeat, seen)));
        }
    }

    /** What there is to see at any time. */
    String now(Session session) {
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("type", "inspect");
        seen.put("connection", session.getId());
        seen.put("bytes", Sight.bytes(session.webSocket()));
        return json.writeValueAsString(seen);
    }
}
