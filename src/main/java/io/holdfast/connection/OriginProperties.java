// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.settings.Setting;
import java.util.List;
import java.util.regex.Pattern;
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

    private static final Pattern ORIGIN = Pattern.compile("\\*|https?://[^/?#@\\s]+");

    public OriginProperties {
        allowedOrigins = List.copyOf(allowedOrigins);
        Setting setting = new Setting("holdfast.websocket.allowed-origins", "https://example.org");
        allowedOrigins.forEach(
                origin -> setting.text(origin, ORIGIN, "* or an origin: scheme, host and port without a path"));
    }

    /** Whether {@code origin} is one of them. */
    public boolean allows(String origin) {
        return allowedOrigins.contains("*") || allowedOrigins.stream().anyMatch(origin::equalsIgnoreCase);
    }

    /** Whether {@code origin} is one of them by its name, and not only as any other. */
    public boolean lists(String origin) {
        return !origin.equals("*") && allowedOrigins.stream().anyMatch(origin::equalsIgnoreCase);
    }
}
