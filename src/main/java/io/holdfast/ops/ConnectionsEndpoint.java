package io.holdfast.ops;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.connection.Transport;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.stereotype.Component;

/**
 * {@code /actuator/connections}: the open connections, and the end of one. Ending is off unless
 * {@code management.endpoint.connections.access} is {@code unrestricted}.
 */
@Component
@Endpoint(id = "connections", defaultAccess = Access.READ_ONLY)
class ConnectionsEndpoint {

    private static final int MAX_SIZE = 1000;
    private static final int SIZE = 100;

    private final Connections connections;

    ConnectionsEndpoint(Connections connections) {
        this.connections = connections;
    }

    /** One page of the list; {@code total} counts all that match. */
    record Page(int total, int page, int size, List<ConnectionRow> connections) {}

    /**
     * Lists them.
     *
     * @param transport {@code http}, {@code websocket} or {@code tcp}; all if absent
     * @param sort a column's name, with a leading {@code -} for descending; {@code id} if absent
     * @param page from 0
     * @param size of a page, 1 to 1000; 100 if absent
     */
    @ReadOperation
    Page list(@Nullable String transport, @Nullable String sort, @Nullable String page, @Nullable String size) {
        int rows = size == null ? SIZE : number("size", size, 1, MAX_SIZE);
        int number = page == null ? 0 : number("page", page, 0, Integer.MAX_VALUE / MAX_SIZE);
        Comparator<ConnectionRow> order = order(sort == null ? "id" : sort);
        List<ConnectionRow> all =
                matching(transport).map(ConnectionRow::of).sorted(order).toList();
        return new Page(
                all.size(),
                number,
                rows,
                all.stream().skip((long) number * rows).limit(rows).toList());
    }

    /** One of them; null, which is 404, if it is not open. */
    @ReadOperation
    @Nullable
    ConnectionRow one(@Selector String id) {
        return find(id).map(ConnectionRow::of).orElse(null);
    }

    /** Closes one of them as kicked; null, which is 404, if it is not open. */
    @DeleteOperation
    @Nullable
    ConnectionRow kick(@Selector String id) {
        return find(id).map(connection -> {
                    ConnectionRow row = ConnectionRow.of(connection);
                    connection.close(CloseReason.KICKED);
                    return row;
                })
                .orElse(null);
    }

    private Optional<Connection> find(String id) {
        return connections.open().stream()
                .filter(connection -> connection.id().equals(id))
                .findAny();
    }

    private Stream<Connection> matching(@Nullable String transport) {
        if (transport == null) {
            return connections.open().stream();
        }
        Transport wanted = Stream.of(Transport.values())
                .filter(one -> one.tag().equals(transport.toLowerCase(Locale.ROOT)))
                .findAny()
                .orElseThrow(() -> invalid("transport", "http, websocket or tcp, as transport=tcp"));
        return connections.open().stream().filter(connection -> connection.transport() == wanted);
    }

    private static Comparator<ConnectionRow> order(String sort) {
        boolean descending = sort.startsWith("-");
        Comparator<ConnectionRow> order = ConnectionRow.COLUMNS.get(descending ? sort.substring(1) : sort);
        if (order == null) {
            throw invalid(
                    "sort", "one of " + String.join(", ", ConnectionRow.COLUMNS.keySet()) + ", as sort=-ageSeconds");
        }
        // Ties by number, or a row could be on two pages, or on none.
        return (descending ? order.reversed() : order).thenComparing(ConnectionRow.BY_ID);
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

    private static InvalidEndpointRequestException invalid(String parameter, String valid) {
        String reason = "Parameter '" + parameter + "' can't be used. Valid: " + valid + ".";
        return new InvalidEndpointRequestException(reason, reason);
    }
}
