// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The place of a message in a distributed trace, as W3C Trace Context writes it. Both texts are short, and have no line
 * break.
 *
 * @param traceparent of version 00
 * @param tracestate without white space around its members; null for none
 */
public record TraceContext(String traceparent, @Nullable String tracestate) {

    public static final String TRACEPARENT = "traceparent";
    public static final String TRACESTATE = "tracestate";

    /** Characters of the longest {@code tracestate}: those that everybody has to pass on (section 3.3.1.5). */
    public static final int MAX_STATE = 512;

    private static final int MAX_MEMBERS = 32;

    /** Characters of a {@code traceparent} of version 00. */
    private static final int LENGTH = 55;

    /** A later version may have more fields (section 3.2.4). */
    private static final int MAX_PARENT = 128;

    private static final String VERSION = "00";

    private static final Pattern PARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[!-~]*)?");

    /** A key, of which one with an at sign has a tenant, and a value. */
    private static final Pattern MEMBER =
            Pattern.compile("[a-z0-9][a-z0-9_*/@-]{0,255}=[ -+\\--<>-~]{0,255}[!-+\\--<>-~]");

    /** One that is valid; null if {@code text} is not. A later version is read as version 00 (section 3.2.4). */
    static @Nullable String parent(String text) {
        if (text.length() < LENGTH
                || text.length() > MAX_PARENT
                || !PARENT.matcher(text).matches()) {
            return null;
        }
        if (text.startsWith(VERSION)) {
            return text.length() == LENGTH ? text : null;
        }
        return VERSION + text.substring(VERSION.length(), LENGTH);
    }

    /** One that is valid, empty if it has no members; null if {@code text} is not. */
    static @Nullable String state(String text) {
        if (text.length() > MAX_STATE) {
            return null;
        }
        List<String> members = Stream.of(text.split(","))
                .map(String::strip)
                .filter(member -> !member.isEmpty())
                .toList();
        boolean valid = members.size() <= MAX_MEMBERS
                && members.stream().allMatch(member -> MEMBER.matcher(member).matches());
        return valid ? String.join(",", members) : null;
    }

    /**
     * That of a request's headers: what is not valid counts as absent (sections 3.2.3 and 3.3.1.1).
     *
     * @param traceparent null for none
     * @param tracestate all lines of the header, separated by commas; empty for none
     */
    public static @Nullable TraceContext ofHeaders(@Nullable String traceparent, String tracestate) {
        String parent = traceparent == null ? null : parent(traceparent);
        return parent == null ? null : new TraceContext(parent, orNull(state(tracestate)));
    }

    static @Nullable String orNull(@Nullable String state) {
        return state == null || state.isEmpty() ? null : state;
    }
}
