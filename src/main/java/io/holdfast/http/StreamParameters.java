// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.BadParameterException;
import io.holdfast.fault.FaultParameters;
import io.holdfast.jetty.RequestAccess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked of {@code GET /stream}.
 *
 * @param message one line of text, already padded
 * @param interval from one tick to the next; zero is as fast as the client reads
 * @param count ticks until the stream ends; null is never
 * @param duration time until the stream ends; null is never
 * @param label what the client calls its connection; null is nothing
 */
record StreamParameters(
        String message,
        Duration interval,
        @Nullable Long count,
        @Nullable Duration duration,
        @Nullable String label) {

    private static final List<String> NAMES =
            List.of("message", "interval", "count", "duration", "size", "label", RequestAccess.TICKET);
    private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);
    private static final Duration LONGEST_STREAM = Duration.ofDays(365);
    private static final long MOST_TICKS = 1_000_000_000_000_000L;

    /**
     * @param parameters as the request carries them, each with all its values
     * @param maxSize bytes of the longest message
     * @throws BadParameterException naming the first parameter that is unknown, given twice or out of bounds
     */
    static StreamParameters parse(Map<String, String[]> parameters, int maxSize) {
        Query query = new Query(parameters).allow(NAMES, FaultParameters.OF_STREAMS);
        return new StreamParameters(
                message(query, maxSize),
                interval(query),
                count(query),
                query.values().duration("duration", LONGEST_STREAM, "a duration from 1ms to 365d, as duration=2h"),
                query.label());
    }

    private static String message(Query query, int maxSize) {
        String message = query.value("message", "hello world");
        int length = message.getBytes(StandardCharsets.UTF_8).length;
        if (length > maxSize || message.chars().anyMatch(Character::isISOControl)) {
            throw new BadParameterException(
                    "message", message, "one line of at most " + maxSize + " bytes, as message=hello%20world");
        }
        Long size = query.values().number("size", maxSize, "a number of bytes from 1 to " + maxSize + ", as size=1024");
        return size == null ? message : message + ".".repeat(Math.max(0, size.intValue() - length));
    }

    private static @Nullable Long count(Query query) {
        return query.values().number("count", MOST_TICKS, "a whole number from 1 to " + MOST_TICKS + ", as count=10");
    }

    private static Duration interval(Query query) {
        String valid = "0 for as fast as the client reads, or a duration from 1ms to 24h, as interval=500ms";
        if (query.value("interval", "1s").equals("0")) {
            return Duration.ZERO;
        }
        return Objects.requireNonNullElse(
                query.values().duration("interval", LONGEST_INTERVAL, valid), Duration.ofSeconds(1));
    }
}
