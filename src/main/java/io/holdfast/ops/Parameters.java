package io.holdfast.ops;

import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/** What may be asked of an endpoint's list; what can't be used is refused with its name and what is valid. */
final class Parameters {

    private static final int MAX_SIZE = 1000;
    private static final int SIZE = 100;

    private Parameters() {}

    /** Rows of a page: 1 to 1000; 100 if absent. */
    static int size(@Nullable String size) {
        return size == null ? SIZE : number("size", size, 1, MAX_SIZE);
    }

    /** A page's number, from 0; 0 if absent. */
    static int page(@Nullable String page) {
        return page == null ? 0 : number("page", page, 0, Integer.MAX_VALUE / MAX_SIZE);
    }

    /**
     * The order of a list.
     *
     * @param sort a column's name, with a leading {@code -} for descending
     * @param example of a valid one
     */
    static <T> Comparator<T> order(String sort, Map<String, Comparator<T>> columns, String example) {
        boolean descending = sort.startsWith("-");
        Comparator<T> order = columns.get(descending ? sort.substring(1) : sort);
        if (order == null) {
            throw invalid("sort", "one of " + String.join(", ", columns.keySet()) + ", as sort=" + example);
        }
        return descending ? order.reversed() : order;
    }

    /** Taken as text, since Spring's own refusal of what is no number does not say which parameter it was. */
    private static int number(String name, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number out of bounds.
        }
        throw invalid(name, "a whole number from " + least + " to " + most + ", as " + name + "=" + least);
    }

    static InvalidEndpointRequestException invalid(String parameter, String valid) {
        String reason = "Parameter '" + parameter + "' can't be used. Valid: " + valid + ".";
        return new InvalidEndpointRequestException(reason, reason);
    }
}
