// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An extension that a client offers in {@code Sec-WebSocket-Extensions} (RFC 6455, section 9.1).
 *
 * @param parameters in the order in which they were sent
 */
record ExtensionOffer(String name, List<Parameter> parameters) {

    /** @param value without quotes; null for none */
    record Parameter(String name, @Nullable String value) {}

    /**
     * The offers in a header that may be sent on several lines.
     *
     * @throws IllegalArgumentException if it is not a list of extensions
     */
    static List<ExtensionOffer> parse(List<String> lines) {
        List<ExtensionOffer> offers = new ArrayList<>();
        Parser parser = new Parser(String.join(",", lines));
        while (!parser.isAtEnd()) {
            if (!parser.skips(',')) {
                offers.add(parser.offer());
            }
        }
        if (offers.isEmpty() && !lines.isEmpty()) {
            throw new IllegalArgumentException("no extension");
        }
        return offers;
    }

    /** Passes over the text of a header once. White space between its parts has no meaning. */
    private static final class Parser {

        private final String text;
        private int position;

        Parser(String text) {
            this.text = text;
            skipSpace();
        }

        boolean isAtEnd() {
            return position == text.length();
        }

        ExtensionOffer offer() {
            String name = token();
            List<Parameter> parameters = new ArrayList<>();
            while (skips(';')) {
                String parameter = token();
                parameters.add(new Parameter(parameter, skips('=') ? value() : null));
            }
            if (!isAtEnd() && !skips(',')) {
                throw new IllegalArgumentException("no end of an extension");
            }
            return new ExtensionOffer(name, List.copyOf(parameters));
        }

        /** Null for nothing after the equals sign: clients on Jetty write a parameter without a value like this. */
        private @Nullable String value() {
            if (isAtEnd() || text.charAt(position) == ';' || text.charAt(position) == ',') {
                return null;
            }
            return text.charAt(position) == '"' ? quoted() : token();
        }

        private String token() {
            int start = position;
            while (!isAtEnd() && Tokens.isTokenCharacter(text.charAt(position))) {
                position++;
            }
            if (position == start) {
                throw new IllegalArgumentException("no token");
            }
            String token = text.substring(start, position);
            skipSpace();
            return token;
        }

        /** Not checked to be a token within its quotes: each extension knows its own values. */
        private String quoted() {
            StringBuilder unquoted = new StringBuilder();
            position++;
            while (!isAtEnd() && text.charAt(position) != '"') {
                if (text.charAt(position) == '\\' && position + 1 < text.length()) {
                    position++;
                }
                unquoted.append(text.charAt(position++));
            }
            if (isAtEnd()) {
                throw new IllegalArgumentException("no closing quote");
            }
            position++;
            skipSpace();
            return unquoted.toString();
        }

        /** Whether {@code separator} is next; if so, it is passed over. */
        boolean skips(char separator) {
            if (isAtEnd() || text.charAt(position) != separator) {
                return false;
            }
            position++;
            skipSpace();
            return true;
        }

        private void skipSpace() {
            while (!isAtEnd() && (text.charAt(position) == ' ' || text.charAt(position) == '\t')) {
                position++;
            }
        }
    }
}
