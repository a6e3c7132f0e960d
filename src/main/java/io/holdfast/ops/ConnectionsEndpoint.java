package io.holdfast.ops;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.connection.Node;
import io.holdfast.connection.Transport;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
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

    private final Node node;
    private final Connections connections;

    ConnectionsEndpoint(Node node, Connections connections) {
        this.node = node;
        this.connections = connections;
    }

    /** One page of this node's list; {@code total} counts all that match. */
    record Page(String node, int total, int page, int size, List<ConnectionRow> connections) {}

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
        Parameters.Page part = Parameters.page(page, size);
        Comparator<Connection> order = Parameters.order(sort, ConnectionRow.COLUMNS, "-ageSeconds");
        List<Connection> all = matching(transport).toList();
        List<ConnectionRow> rows =
                part.of(all, order).stream().map(ConnectionRow::of).toList();
        return new Page(node.name(), all.size(), part.number(), part.size(), rows);
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
                .orElseThrow(() -> Parameters.invalid("transport", "http, websocket or tcp, as transport=tcp"));
        return connections.open(wanted).stream();
    }
}
