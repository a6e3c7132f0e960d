package io.holdfast.http;

import io.holdfast.connection.Label;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * What a client asked of {@code GET /stream}.
 *
 * @param message one line of text, already padded
 * @param interval from one tick to the next; zero is as fast as the client reads
 * @param count ticks until the stream ends; null is never
 * @param duration time until the stream ends; null is never
 * @param heartbeat the longest silence before a sign of life is sent; null is none
 * @param label what the client calls its connection; null is nothing
 */
record StreamParameters(
        String message,
        Duration interval,
        @Nullable Long count,
        @Nullable Duration duration,
        @Nullable Duration heartbeat,
        @Nullable String label) {

    private static final Set<String> NAMES =
            Set.of("message", "interval", "count", "duration", "size", "heartbeat", "label");

    private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);
    private static final Duration LONGEST_STREAM = Duration.ofDays(365);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final long MOST_TICKS = 1_000_000_000_000_000L;

    /**
     * @param parameters as the request carries them, each with all its values
     * @param maxSize bytes of the longest message
     * @throws BadParameterException naming the first parameter that is unknown, given twice or out of bounds
     */
    static StreamParameters parse(Map<String, String[]> parameters, int maxSize) {
        parameters.forEach(StreamParameters::checkKnown);
        return new StreamParameters(
                message(parameters, maxSize),
                interval(parameters),
                count(parameters),
                duration(parameters),
                heartbeat(parameters),
                label(parameters));
    }

    private static void checkKnown(String name, String[] values) {
        if (!NAMES.contains(name)) {
            throw new BadParameterException(
                    name, values[0], "message, interval, count, duration, size, heartbeat and label");
        }
        if (values.length > 1) {
            throw new BadParameterException(name, String.join(", ", values), "one value, as " + name + "=" + values[0]);
        }
    }

    private static String message(Map<String, String[]> parameters, int maxSize) {
        String message = value(parameters, "message", "hello world");
        int length = message.getBytes(StandardCharsets.UTF_8).length;
        if (length > maxSize || message.chars().anyMatch(Character::isISOControl)) {
            throw new BadParameterException(
                    "message", message, "one line of at most " + maxSize + " bytes, as message=hello%20world");
        }
        String size = value(parameters, "size");
        return size == null ? message : message + ".".repeat(Math.max(0, size(size, maxSize) - length));
    }

    private static int size(String text, int maxSize) {
        long size = number("size", text, maxSize, "a number of bytes from 1 to " + maxSize + ", as size=1024");
        return (int) size;
    }

    private static @Nullable Long count(Map<String, String[]> parameters) {
        String text = value(parameters, "count");
        return text == null
                ? null
                : (Long) number("count", text, MOST_TICKS, "a whole number from 1 to " + MOST_TICKS + ", as count=10");
    }

    private static long number(String name, String text, long most, String valid) {
        try {
            long number = Long.parseLong(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number out of bounds.
        }
        throw new BadParameterException(name, text, valid);
    }

    private static Duration interval(Map<String, String[]> parameters) {
        String text = value(parameters, "interval", "1s");
        String valid = "0 for as fast as the client reads, or a duration from 1ms to 24h, as interval=500ms";
        return text.equals("0") ? Duration.ZERO : between("interval", text, LONGEST_INTERVAL, valid);
    }

    private static @Nullable Duration duration(Map<String, String[]> parameters) {
        String text = value(parameters, "duration");
        String valid = "a duration from 1ms to 365d, as duration=2h";
        return text == null ? null : between("duration", text, LONGEST_STREAM, valid);
    }

    private static @Nullable Duration heartbeat(Map<String, String[]> parameters) {
        String text = value(parameters, "heartbeat", "25s");
        String valid = "none, or a duration from 1ms to 24h, as heartbeat=25s";
        return text.equals("none") ? null : between("heartbeat", text, LONGEST_INTERVAL, valid);
    }

    private static @Nullable String label(Map<String, String[]> parameters) {
        String text = value(parameters, "label", "");
        if (!text.isEmpty() && !Label.isValid(text)) {
            throw new BadParameterException("label", text, Label.VALID);
        }
        return text.isEmpty() ? null : text;
    }

    private static Duration between(String name, String text, Duration longest, String valid) {
        try {
            Duration duration = DurationStyle.detectAndParse(text);
            if (duration.compareTo(SHORTEST) >= 0 && duration.compareTo(longest) <= 0) {
                return duration;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Told below, like a duration out of bounds.
        }
        throw new BadParameterException(name, text, valid);
    }

    private static String value(Map<String, String[]> parameters, String name, String absent) {
        return Objects.requireNonNullElse(value(parameters, name), absent);
    }

    private static @Nullable String value(Map<String, String[]> parameters, String name) {
        String[] values = parameters.get(name);
        return values == null ? null : values[0];
    }
}
