// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

/** The version of HTTP that a client speaks. */
public enum HttpProtocol {

    /** HTTP/1.1: one request at a time on a connection. */
    HTTP_1_1("1.1", "http/1.1"),

    /** HTTP/2: over TLS by ALPN, in clear text by prior knowledge (RFC 9113, section 3). */
    HTTP_2("2", "h2");

    /** The valid form, for errors. */
    public static final String VALID = "1.1 or 2, as --http-version 2";

    private final String version;
    private final String id;

    HttpProtocol(String version, String id) {
        this.version = version;
        this.id = id;
    }

    /**
     * Parses user input.
     *
     * @throws IllegalArgumentException if {@code text} is no version; {@link #VALID} says what is
     */
    public static HttpProtocol of(String text) {
        for (HttpProtocol one : values()) {
            if (one.version.equals(text)) {
                return one;
            }
        }
        throw new IllegalArgumentException(VALID);
    }

    /** Its name in ALPN, for programs. */
    public String id() {
        return id;
    }

    /** Its name in a sentence. */
    public String title() {
        return "HTTP/" + version;
    }

    /** As on the command line. */
    @Override
    public String toString() {
        return version;
    }
}
