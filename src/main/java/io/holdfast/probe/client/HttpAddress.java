package io.holdfast.probe.client;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a service is over HTTP.
 *
 * @param root {@code http} or {@code https}, without query and without a slash at its end
 */
public record HttpAddress(URI root) {

    /** For who gave another. */
    public static final String VALID = "http:// or https:// with a host, as http://localhost:8080";

    /**
     * Reads what somebody typed.
     *
     * @throws IllegalArgumentException if {@code text} is none, with {@link #VALID}
     */
    public static HttpAddress of(String text) {
        try {
            URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getRawUserInfo() == null;
            if (known && bare && uri.getHost() != null && uri.getPort() <= 65_535 && uri.getPort() != 0) {
                return new HttpAddress(uri);
            }
        } catch (URISyntaxException e) {
            // Told below, like any other that is no address.
        }
        throw new IllegalArgumentException(VALID);
    }

    /** A URL below it. */
    public URI at(String pathAndQuery) {
        return URI.create(root + pathAndQuery);
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
