package io.holdfast.probe.client;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * A URL of the web, whatever is spoken there.
 *
 * @param url {@code http} or {@code https}; who typed {@code ws} or {@code wss} meant the same
 */
public record WebUrl(URI url) {

    /** For who gave another. */
    public static final String VALID = "an http, https, ws or wss URL, as http://localhost:8080/echo";

    /**
     * Reads what somebody typed.
     *
     * @throws IllegalArgumentException if {@code text} is none, with {@link #VALID}
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
            // Told below, like any other that is no URL.
        }
        throw new IllegalArgumentException(VALID);
    }

    /** The service that it belongs to. */
    public HttpAddress service() {
        return HttpAddress.of(url.getScheme() + "://" + url.getRawAuthority());
    }

    @Override
    public String toString() {
        return url.toString();
    }
}
