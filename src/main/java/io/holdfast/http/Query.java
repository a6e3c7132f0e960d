package io.holdfast.http;

import io.holdfast.connection.Label;
import io.holdfast.fault.Wishes;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * A request's parameters. What can't be used makes a {@link BadParameterException} that names it.
 *
 * @param parameters each with all its values
 */
record Query(Map<String, String[]> parameters) {

    private static final Duration SHORTEST = Duration.ofMillis(1);

    /**
     * Those in the request's address; a body is never read for any.
     *
     * @throws ErrorResponseException if the query can't be decoded
     */
    static Query of(HttpServletRequest request) {
        try {
            return new Query(Request.extractQueryParameters(ServletContextRequest.getServletContextRequest(request))
                    .toStringArrayMap());
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new ErrorResponseException(
                    HttpStatus.BAD_REQUEST,
                    ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, "The query is not percent-encoded UTF-8."),
                    e);
        }
    }

    /** Refuses all but {@code own} and those of faults, and any that is given twice. */
    Query allow(List<String> own, List<String> ofFaults) {
        return allow(Stream.concat(own.stream(), ofFaults.stream()).toArray(String[]::new));
    }

    /** Refuses all but {@code names}, and any that is given twice. */
    private Query allow(String... names) {
        parameters.forEach((name, values) -> {
            if (!List.of(names).contains(name)) {
                throw new BadParameterException(name, values[0], enumeration(names));
            }
            if (values.length > 1) {
                throw new BadParameterException(
                        name, String.join(", ", values), "one value, as " + name + "=" + values[0]);
            }
        });
        return this;
    }

    private static String enumeration(String... names) {
        String all = String.join(", ", names);
        int last = all.lastIndexOf(", ");
        return last < 0 ? all : all.substring(0, last) + " and " + all.substring(last + 2);
    }

    @Nullable
    String value(String name) {
        String[] values = parameters.get(name);
        return values == null ? null : values[0];
    }

    String value(String name, String absent) {
        return Objects.requireNonNullElse(value(name), absent);
    }

    /** A whole number from 1 to {@code most}, if there is one. */
    @Nullable
    Long number(String name, long most, String valid) {
        String text = value(name);
        if (text == null) {
            return null;
        }
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

    /** A duration from 1 ms to {@code longest}, if there is one. */
    @Nullable
    Duration duration(String name, Duration longest, String valid) {
        String text = value(name);
        if (text == null) {
            return null;
        }
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

    /** What is to go wrong. */
    Wishes wishes() {
        return new Wishes(this::value);
    }

    /** What the client calls its connection; null for nothing. */
    @Nullable
    String label() {
        String text = value("label", "");
        if (!text.isEmpty() && !Label.isValid(text)) {
            throw new BadParameterException("label", text, Label.VALID);
        }
        return text.isEmpty() ? null : text;
    }
}
