package io.holdfast.connection;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The origins whose pages may connect from a browser.
 *
 * @param allowedOrigins origins whose pages may open a WebSocket, use channels over HTTP and load the browser client,
 *     as {@code https://example.org} or {@code http://localhost:3000}, or {@code *} for any. The service's own origin
 *     always may. Requests of other origins' pages are refused with 403. Requests without an {@code Origin} header do
 *     not come from another site's page, and are not checked. Default: none
 */
@ConfigurationProperties("holdfast.websocket")
public record OriginProperties(@DefaultValue List<String> allowedOrigins) {

    public OriginProperties {
        allowedOrigins = List.copyOf(allowedOrigins);
        allowedOrigins.forEach(OriginProperties::check);
    }

    private static void check(String origin) {
        if (!origin.matches("\\*|https?://[^/?#@\\s]+")) {
            throw new IllegalArgumentException("holdfast.websocket.allowed-origins: '" + origin
                    + "' is not an origin; valid: scheme, host and port without a path, as https://example.org");
        }
    }
}
