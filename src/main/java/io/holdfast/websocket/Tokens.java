// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import java.util.ArrayList;
import java.util.List;

/** Tokens, and lists of them, in a header (RFC 9110, sections 5.6.1 and 5.6.2). */
final class Tokens {

    private static final String OTHER_CHARACTERS = "!#$%&'*+-.^_`|~";

    private Tokens() {}

    static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || OTHER_CHARACTERS.indexOf(c) >= 0;
    }

    /**
     * The elements of a list that may be sent on several lines. Empty ones are left out.
     *
     * @throws IllegalArgumentException if an element is not a token, or if there is none on any line
     */
    static List<String> list(List<String> lines) {
        List<String> tokens = new ArrayList<>();
        for (String element : String.join(",", lines).split(",", -1)) {
            String token = element.strip();
            if (!token.chars().allMatch(c -> isTokenCharacter((char) c))) {
                throw new IllegalArgumentException("no token");
            }
            if (!token.isEmpty()) {
                tokens.add(token);
            }
        }
        if (tokens.isEmpty() && !lines.isEmpty()) {
            throw new IllegalArgumentException("no element");
        }
        return tokens;
    }
}
