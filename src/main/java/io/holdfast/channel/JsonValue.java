// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/** A valid JSON value in UTF-8, without white space between its tokens. */
public final class JsonValue {

    /** The deepest nesting. */
    public static final int MAX_DEPTH = 64;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            // The names of peers' fields are not to be kept in memory.
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private final byte[] utf8;

    private JsonValue(byte[] utf8) {
        this.utf8 = utf8;
    }

    /** A parser of {@code text}, which may be invalid. It fails at values deeper than {@link #MAX_DEPTH}. */
    public static JsonParser parser(String text) {
        return FACTORY.createParser(ObjectReadContext.empty(), text);
    }

    /** The one JSON value that {@code text} is; null if it is not one. */
    public static @Nullable JsonValue parse(String text) {
        try (JsonParser parser = parser(text)) {
            if (parser.nextToken() == null) {
                return null;
            }
            parser.skipChildren();
            parser.finishToken();
            return parser.nextToken() == null ? slice(text, 0, text.length()) : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    /** The JSON value between two places of {@code text}, which has been parsed. */
    public static JsonValue slice(String text, int from, int to) {
        return new JsonValue(compact(text, from, to).getBytes(StandardCharsets.UTF_8));
    }

    /** A JSON string. */
    public static JsonValue ofText(String text) {
        byte[] quoted = JsonStringEncoder.getInstance().quoteAsUTF8(text);
        byte[] utf8 = new byte[quoted.length + 2];
        utf8[0] = '"';
        System.arraycopy(quoted, 0, utf8, 1, quoted.length);
        utf8[utf8.length - 1] = '"';
        return new JsonValue(utf8);
    }

    /** Removes white space between tokens. Within a string, JSON does not allow line breaks. */
    private static String compact(String text, int from, int to) {
        StringBuilder compact = new StringBuilder(to - from);
        boolean inString = false;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (inString && c == '\\') {
                compact.append(c);
                c = text.charAt(++i);
            } else if (c == '"') {
                inString = !inString;
            } else if (!inString && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
                continue;
            }
            compact.append(c);
        }
        return compact.toString();
    }

    /** Its length in bytes. */
    public int length() {
        return utf8.length;
    }

    public void writeTo(ByteArrayOutputStream out) {
        out.write(utf8, 0, utf8.length);
    }

    /**
     * The text of a string; any other value as JSON. A string may escape half a surrogate pair (RFC 8259, section 8.2), but
     * UTF-8 has none: in the text it is U+FFFD.
     */
    public String text() {
        if (utf8[0] != '"') {
            return toString();
        }
        try (JsonParser parser = parser(toString())) {
            return parser.nextToken() == JsonToken.VALUE_STRING
                    ? Surrogates.replaceLone(parser.getString(), lone -> "\uFFFD")
                    : toString();
        }
    }

    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
