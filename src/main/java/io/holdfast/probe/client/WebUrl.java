// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * A URL for HTTP or WebSocket.
 *
 * @param url with the scheme {@code http} or {@code https}, also if {@code ws} or {@code wss} was typed
 */
public record WebUrl(URI url) {

    /** The valid form, for errors. */
    public static final String VALID = "an http, https, ws or wss URL, as http://localhost:8080/echo";

    /**
     * Parses user input.
     *
     * @throws IllegalArgumentException if {@code text} is not a valid URL; {@link #VALID} says what is
     */
    public static WebUrl of(String text) {
        try {
            URI url = new URI(text.startsWith("ws") ? "http" + text.substring(2) : text);
            boolean known = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean bare = url.getRawFragment() == null && url.getRawUserInfo() == null;
            if (known && bare && url.getHost() != null && url.getPort() <= 65_535 && url.getPort() != 0) {
                return new WebUrl(url);
            }
        } catch (URISyntaxException e) {
            // Reported below, as every invalid URL.
        }
        throw new IllegalArgumentException(VALID);
    }

    /** The address of its service. */
    public HttpAddress service() {
        return HttpAddress.of(url.getScheme() + "://" + url.getRawAuthority());
    }

    @Override
    public String toString() {
        return url.toString();
    }
}
