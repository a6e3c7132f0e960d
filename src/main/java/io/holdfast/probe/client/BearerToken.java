// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import java.util.regex.Pattern;

/** What shows a service who its client is: a JSON Web Token or an API key. It is sent, and never shown. Immutable. */
public final class BearerToken {

    /** The valid form, for errors. */
    public static final String VALID =
            "visible ASCII characters without spaces, which an HTTP header can carry, as 'holdfast token' prints them";

    /** The id of our command, by which its answer is recognised. */
    static final String COMMAND_ID = "authenticate";

    private static final Pattern CHARACTERS = Pattern.compile("[\\x21-\\x7e]+");

    private final String value;

    private BearerToken(String value) {
        this.value = value;
    }

    /**
     * Checks what the user gave.
     *
     * @throws IllegalArgumentException if it cannot be sent, with {@link #VALID} and without the value
     */
    public static BearerToken of(String value) {
        if (!CHARACTERS.matcher(value).matches()) {
            throw new IllegalArgumentException(VALID);
        }
        return new BearerToken(value);
    }

    /** The value of the header {@code Authorization} (RFC 6750, section 2.1). */
    public String header() {
        return "Bearer " + value;
    }

    /** The command of the channel protocol, in one line. Of its characters, JSON escapes only two. */
    String command() {
        return "{\"type\":\"authenticate\",\"id\":\"" + COMMAND_ID + "\",\"token\":\""
                + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
    }

    /** {@code text} without the value, if a server repeats it. */
    String hiddenIn(String text) {
        return text.replace(value, "(the token)");
    }

    /** Without the value, so that no message shows it by accident. */
    @Override
    public String toString() {
        return "a token";
    }
}
