// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import io.holdfast.access.Access;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.connection.Node;
import io.holdfast.connection.Transport;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.stereotype.Component;

/**
 * {@code /actuator/connections}: the connections, open or closed a short time ago, and the end of one, or of all of one subject. Listing needs the role
 * observer, ending the role operator.
 */
@Component
@Endpoint(id = "connections")
class ConnectionsEndpoint {

    private final Node node;
    private final Connections connections;
    private final Access access;

    ConnectionsEndpoint(Node node, Connections connections, Access access) {
        this.access = access;
        this.node = node;
        this.connections = connections;
    }

    /** One page of this node's list; {@code total} counts all that match. */
    record Page(String node, int total, int page, int size, List<ConnectionRow> connections) {}

    /**
     * Lists them.
     *
     * @param transport {@code http}, {@code websocket} or {@code tcp}; all if absent
     * @param state {@code closed} for those that closed last; {@code open}, which also lists those that are closing, if absent
     * @param sort a column's name, with a leading {@code -} for descending; {@code id} if absent
     * @param page from 0
     * @param size of a page, 1 to 1000; 100 if absent
     */
    @ReadOperation
    Page list(
            @Nullable String transport,
            @Nullable String state,
            @Nullable String sort,
            @Nullable String page,
            @Nullable String size) {
        Parameters.Page part = Parameters.page(page, size);
        Comparator<Connection> order = Parameters.order(sort, ConnectionRow.COLUMNS, "-ageSeconds");
        List<Connection> all = matching(transport, isClosed(state)).toList();
        List<ConnectionRow> rows =
                part.of(all, order).stream().map(ConnectionRow::of).toList();
        return new Page(node.name(), all.size(), part.number(), part.size(), rows);
    }

    /** One of them; null, which is 404, if it is not listed. */
    @ReadOperation
    @Nullable
    ConnectionRow one(@Selector String id) {
        Connection connection = connections.findAny(id);
        return connection == null ? null : ConnectionRow.of(connection);
    }

    /** Closes one of them as kicked; 404 if it is not open. Null would be 204 here, as if it had been closed. */
    @DeleteOperation
    WebEndpointResponse<ConnectionRow> kick(@Selector String id) {
        Connection connection = connections.find(id);
        if (connection == null) {
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
        }
        ConnectionRow row = ConnectionRow.of(connection);
        connection.close(CloseReason.KICKED);
        return new WebEndpointResponse<>(row);
    }

    /** Whose connections were closed. */
    record Disconnected(String subject) {}

    /** Closes all connections of a subject as revoked, on every node. */
    @DeleteOperation
    Disconnected disconnect(String subject) {
        Parameters.done(access.disconnect(Parameters.subject("subject", subject)));
        return new Disconnected(subject);
    }

    private static boolean isClosed(@Nullable String state) {
        return switch (state == null ? "open" : state.toLowerCase(Locale.ROOT)) {
            case "open" -> false;
            case "closed" -> true;
            default -> throw Parameters.invalid("state", "open or closed, as state=closed");
        };
    }

    private Stream<Connection> matching(@Nullable String transport, boolean closed) {
        if (transport == null) {
            return closed ? connections.closed().stream() : connections.open().stream();
        }
        Transport wanted = Stream.of(Transport.values())
                .filter(one -> one.tag().equals(transport.toLowerCase(Locale.ROOT)))
                .findAny()
                .orElseThrow(() -> Parameters.invalid("transport", "http, websocket or tcp, as transport=tcp"));
        return closed
                ? connections.closed().stream().filter(connection -> connection.transport() == wanted)
                : connections.open(wanted).stream();
    }
}
