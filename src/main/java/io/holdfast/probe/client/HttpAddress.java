// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * The address of a service over HTTP.
 *
 * @param root {@code http} or {@code https}, without query and without a slash at its end
 */
public record HttpAddress(URI root) {

    /** The valid form, for errors. */
    public static final String VALID = "http:// or https:// with a host, as http://localhost:8080";

    /**
     * Parses user input.
     *
     * @throws IllegalArgumentException if {@code text} is not a valid address; {@link #VALID} says what is
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
            // Reported below, as every invalid address.
        }
        throw new IllegalArgumentException(VALID);
    }

    /** A URL of the service. */
    public URI at(String pathAndQuery) {
        return URI.create(root + pathAndQuery);
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
