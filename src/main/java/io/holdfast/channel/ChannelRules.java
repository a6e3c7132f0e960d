// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules for what clients send about channels, on any transport. They are checked before any work is done for the
 * client.
 */
public final class ChannelRules {

    private static final Pattern CHANNEL = Pattern.compile("[A-Za-z0-9._~-]{1,128}");
    private static final int MAX_NAME = 128;

    /** Names of the service's own events in an event stream. */
    private static final List<String> RESERVED =
            List.of("welcome", "gap", "goodbye", "ping", "expiring", "unsubscribed");

    private ChannelRules() {}

    /** Checks a channel's name. Over HTTP it is a segment of a path, where dots alone are removed (RFC 3986, section 5.2.4). */
    public static String channel(@Nullable String name) {
        if (name == null || !CHANNEL.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            throw new BadValueException(
                    "bad-channel",
                    "channel",
                    name,
                    "1 to 128 letters, digits, dots, hyphens, underscores or tildes, but not . or .., as news");
        }
        return name;
    }

    /** Checks an event's name, if there is one. */
    public static @Nullable String event(@Nullable String name) {
        if (name != null && (!isLine(name) || RESERVED.contains(name))) {
            throw new BadValueException(
                    "bad-event",
                    "event",
                    name,
                    "1 to 128 characters without line breaks, other control characters and lone surrogates, but none of"
                            + " welcome, gap, goodbye, ping, expiring and unsubscribed, as price");
        }
        return name;
    }

    /**
     * Checks the idempotency key of a publish, if there is one.
     *
     * @param field as the client knows it, as {@code key} or {@code Idempotency-Key}
     */
    public static @Nullable String key(String field, @Nullable String key) {
        if (key != null && !isLine(key)) {
            throw new BadValueException(
                    "bad-key",
                    field,
                    key,
                    "1 to 128 characters without control characters and lone surrogates, as 7f1c");
        }
        return key;
    }

    private static boolean isLine(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_NAME
                && text.chars().noneMatch(Character::isISOControl)
                && !Surrogates.hasLone(text);
    }

    /**
     * Reads where a subscriber begins.
     *
     * @param field as the client knows it, as {@code from} or {@code Last-Event-ID}
     * @param text null for the next message
     */
    public static From from(String field, @Nullable String text) {
        From from = text == null ? From.NOW : From.parse(text);
        if (from == null) {
            throw new BadValueException("bad-position", field, text, "earliest or a position, as k3f9:41");
        }
        return from;
    }

    /**
     * Reads the mode of a subscription.
     *
     * @param text null for {@code all}
     */
    public static Subscription.Mode mode(@Nullable String text) {
        for (Subscription.Mode mode : Subscription.Mode.values()) {
            if (text == null || mode.name().toLowerCase(Locale.ROOT).equals(text)) {
                return mode;
            }
        }
        throw new BadValueException("bad-mode", "mode", text, "all or latest, as latest");
    }

    /**
     * Checks the trace context of a command.
     *
     * @param traceparent null for none
     * @param tracestate null for none
     */
    public static @Nullable TraceContext trace(@Nullable String traceparent, @Nullable String tracestate) {
        String parent = traceparent == null ? null : TraceContext.parent(traceparent);
        if (parent == null && (traceparent != null || tracestate != null)) {
            throw new BadValueException(
                    "bad-traceparent",
                    TraceContext.TRACEPARENT,
                    traceparent,
                    "the header of W3C Trace Context, in lower case, as"
                            + " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        }
        String state = tracestate == null ? "" : TraceContext.state(tracestate);
        if (state == null) {
            throw new BadValueException(
                    "bad-tracestate",
                    TraceContext.TRACESTATE,
                    tracestate,
                    "the header of W3C Trace Context, at most " + TraceContext.MAX_STATE
                            + " characters, as vendor=value,other=1");
        }
        return parent == null ? null : new TraceContext(parent, TraceContext.orNull(state));
    }

    /**
     * Checks the size of a message's data.
     *
     * @param most bytes, by {@code holdfast.limits.message-size}
     */
    public static JsonValue data(JsonValue data, int most) {
        if (data.length() > most) {
            throw tooBig(most);
        }
        return data;
    }

    /** The error for data over {@code most} bytes. */
    public static BadValueException tooBig(int most) {
        return new BadValueException(
                "too-big", "data", null, "at most " + most + " bytes, by holdfast.limits.message-size, as \"hello\"");
    }
}
