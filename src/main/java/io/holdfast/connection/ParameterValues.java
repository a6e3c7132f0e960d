// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * Reads typed values out of named texts, as a query or settings have them. Every method throws a
 * {@link BadParameterException} for a value that cannot be used.
 *
 * @param values by name; null for a parameter that was not given
 */
public record ParameterValues(Function<String, @Nullable String> values) {

    public static final Duration SHORTEST = Duration.ofMillis(1);

    /**
     * The values of a query. Every parameter but {@code names} is refused, and each that is given twice.
     *
     * @param query each parameter with all its values
     */
    public static ParameterValues of(Map<String, String[]> query, List<String> names) {
        query.forEach((name, values) -> {
            if (!names.contains(name)) {
                throw new BadParameterException(name, values[0], names.isEmpty() ? "none" : enumeration(names));
            }
            if (values.length > 1) {
                throw new BadParameterException(
                        name, String.join(", ", values), "one value, as " + name + "=" + values[0]);
            }
        });
        return new ParameterValues(name -> query.containsKey(name) ? query.get(name)[0] : null);
    }

    private static String enumeration(List<String> names) {
        String all = String.join(", ", names);
        int last = all.lastIndexOf(", ");
        return last < 0 ? all : all.substring(0, last) + " and " + all.substring(last + 2);
    }

    public @Nullable String text(String name) {
        return values.apply(name);
    }

    /** A whole number from 1 to {@code most}; null if it was not given. */
    public @Nullable Long number(String name, long most, String valid) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below, as a number out of bounds is.
        }
        throw new BadParameterException(name, text, valid);
    }

    /** A duration from 1 ms to {@code longest}; null if it was not given. */
    public @Nullable Duration duration(String name, Duration longest, String valid) {
        String text = text(name);
        return text == null ? null : duration(name, text, SHORTEST, longest, valid);
    }

    /** {@code text}, the value of {@code name}, as a duration within bounds. */
    public static Duration duration(String name, String text, Duration least, Duration most, String valid) {
        try {
            Duration duration = DurationStyle.detectAndParse(text);
            if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
                return duration;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Refused below, as a duration out of bounds is.
        }
        throw new BadParameterException(name, text, valid);
    }

    /** Refuses a parameter that means nothing here. */
    public void refuse(String name, String valid) {
        String text = text(name);
        if (text != null) {
            throw new BadParameterException(name, text, valid);
        }
    }
}
