package io.holdfast.websocket;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may open a WebSocket.
 *
 * @param allowedOrigins origins whose pages may connect, as {@code https://example.org} or {@code http://localhost:3000},
 *     or {@code *} for any; the service's own origin always may. A handshake from another origin is refused with 403;
 *     one without an {@code Origin} header, so not from a browser's page, is not checked. Default: none.
 */
@ConfigurationProperties("holdfast.websocket")
record WebSocketProperties(@DefaultValue List<String> allowedOrigins) {

    WebSocketProperties {
        allowedOrigins.forEach(WebSocketProperties::check);
    }

    private static void check(String origin) {
        if (!origin.matches("\\*|https?://[^/?#@\\s]+")) {
            throw new IllegalArgumentException("holdfast.websocket.allowed-origins: '" + origin
                    + "' is not an origin; valid: scheme, host and port without a path, as https://example.org");
        }
    }
}
