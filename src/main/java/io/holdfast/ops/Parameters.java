// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SequencedMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** The parameters of an endpoint's list. One that cannot be used is refused with its name and what is valid. */
final class Parameters {

    private static final int MAX_SIZE = 1000;
    private static final int SIZE = 100;
    private static final int MAX_NAME = 256;
    private static final Duration LONGEST = Duration.ofDays(3650);

    private Parameters() {}

    /**
     * The part of a sorted list.
     *
     * @param page from 0; 0 if absent
     * @param size of a page, 1 to 1000; 100 if absent
     */
    static Page page(@Nullable String page, @Nullable String size) {
        return new Page(
                page == null ? 0 : number("page", page, 0, Integer.MAX_VALUE / MAX_SIZE),
                size == null ? SIZE : number("size", size, 1, MAX_SIZE));
    }

    record Page(int number, int size) {

        <T> List<T> of(List<T> all) {
            return all.stream().skip((long) number * size).limit(size).toList();
        }

        /** The page of {@code all} in an order. Only the pages up to this one are sorted, and the order may change. */
        <T> List<T> of(Collection<T> all, Comparator<T> order) {
            long most = ((long) number + 1) * size;
            PriorityQueue<T> first = new PriorityQueue<>(order.reversed());
            for (T one : all) {
                first.add(one);
                if (first.size() > most) {
                    first.poll();
                }
            }
            ArrayDeque<T> page = new ArrayDeque<>();
            while (first.size() > (long) number * size) {
                page.addFirst(first.poll());
            }
            return List.copyOf(page);
        }
    }

    /**
     * The order of a list.
     *
     * @param sort a column's name, with a leading {@code -} for descending; the first column if absent. The first
     *     column also breaks ties; otherwise a row could be on two pages, or on none
     * @param example of a valid value
     */
    static <T> Comparator<T> order(@Nullable String sort, SequencedMap<String, Comparator<T>> columns, String example) {
        Comparator<T> first = columns.firstEntry().getValue();
        if (sort == null) {
            return first;
        }
        boolean descending = sort.startsWith("-");
        Comparator<T> order = columns.get(descending ? sort.substring(1) : sort);
        if (order == null) {
            throw invalid("sort", "one of " + String.join(", ", columns.keySet()) + ", as sort=" + example);
        }
        return (descending ? order.reversed() : order).thenComparing(first);
    }

    /** Reads text: Spring's own error for text that is no number does not name the parameter. */
    private static int number(String name, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below, as a number out of bounds is.
        }
        throw invalid(name, "a whole number from " + least + " to " + most + ", as " + name + "=" + least);
    }

    /** The name of a principal, or of a token. */
    static String subject(String parameter, String name) {
        if (name.isBlank() || name.length() > MAX_NAME) {
            throw invalid(parameter, "1 to " + MAX_NAME + " characters, as " + parameter + "=alice");
        }
        return name;
    }

    /**
     * A moment to come.
     *
     * @param now the present
     */
    static Instant future(String parameter, String text, Instant now) {
        try {
            Instant moment = Instant.parse(text);
            if (moment.isAfter(now) && moment.isBefore(now.plus(LONGEST))) {
                return moment;
            }
        } catch (DateTimeParseException e) {
            // Refused below, as a moment that has passed is.
        }
        throw invalid(
                parameter,
                "a moment to come, at most " + LONGEST.toDays() + " days from now, as \"" + parameter + "\":\""
                        + now.plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS) + "\"");
    }

    /** Waits for something that all nodes have to know. */
    static void done(CompletionStage<Void> stage) {
        try {
            stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new ResponseStatusException(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "Redis can't be reached now, so the other nodes can't be told; try again.",
                    e);
        }
    }

    static InvalidEndpointRequestException invalid(String parameter, String valid) {
        String reason = "Parameter '" + parameter + "' can't be used. Valid: " + valid + ".";
        return new InvalidEndpointRequestException(reason, reason);
    }
}
