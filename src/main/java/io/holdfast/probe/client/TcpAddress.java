// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import java.net.URI;
import java.net.URISyntaxException;

/** A host and a port, with TLS or without. */
public record TcpAddress(String host, int port, boolean tls) {

    /** The valid form, for errors. */
    public static final String VALID = "host:port, or tls://host:port, as localhost:8888";

    /**
     * Parses user input.
     *
     * @throws IllegalArgumentException if {@code text} is not a valid address; {@link #VALID} says what is
     */
    public static TcpAddress of(String text) {
        try {
            URI uri = new URI(text.contains("://") ? text : "tcp://" + text);
            boolean known = "tcp".equals(uri.getScheme()) || "tls".equals(uri.getScheme());
            boolean bare = uri.getRawPath().isEmpty() && uri.getRawQuery() == null && uri.getRawUserInfo() == null;
            if (known && bare && uri.getHost() != null && uri.getPort() >= 1 && uri.getPort() <= 65_535) {
                String host = uri.getHost();
                return new TcpAddress(
                        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                        uri.getPort(),
                        uri.getScheme().equals("tls"));
            }
        } catch (URISyntaxException e) {
            // Reported below, as every invalid address.
        }
        throw new IllegalArgumentException(VALID);
    }

    @Override
    public String toString() {
        String bracketed = host.contains(":") ? "[" + host + "]" : host;
        return (tls ? "tls://" : "") + bracketed + ":" + port;
    }
}
