// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Halves of surrogate pairs without their other half. JSON and Java can have them in a text, UTF-8 cannot (RFC 3629, section
 * 3): Java writes each as a question mark, so that different texts would become the same.
 */
final class Surrogates {

    /** A pair is one code point of another category. */
    private static final Pattern LONE = Pattern.compile("\\p{Cs}");

    private Surrogates() {}

    static boolean hasLone(String text) {
        return LONE.matcher(text).find();
    }

    static String replaceLone(String text, Function<MatchResult, String> replacement) {
        return LONE.matcher(text).replaceAll(replacement);
    }

    /** {@code text} with each of them as JSON escapes it. */
    static String escapeLone(String text) {
        return replaceLone(
                text, lone -> "\\\\u%04x".formatted((int) lone.group().charAt(0)));
    }
}
