// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.connection.Limit;
import io.holdfast.connection.Transport;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.springframework.boot.test.context.TestComponent;

/** What the application under test says about its connections: the registry, the permits, and the published meters. */
@TestComponent
public class ConnectionFigures {

    private final Connections connections;
    private final MeterRegistry meters;

    ConnectionFigures(Connections connections, MeterRegistry meters) {
        this.connections = connections;
        this.meters = meters;
    }

    /** The three counts of open connections, which have to agree. */
    public record Open(int registered, int permits, int gauge) {

        public static Open all(int count) {
            return new Open(count, count, count);
        }
    }

    public Open open() {
        double gauge = 0;
        for (Transport transport : Transport.values()) {
            gauge += meters.get("holdfast.connections.open")
                    .tag("transport", transport.tag())
                    .gauge()
                    .value();
        }
        return new Open(connections.open().size(), connections.permits(), (int) gauge);
    }

    public long opened(Transport transport) {
        return (long) meters.get("holdfast.connections.opened")
                .tag("transport", transport.tag())
                .functionCounter()
                .count();
    }

    public long closed(Transport transport, CloseReason reason) {
        return (long) meters.get("holdfast.connections.closed")
                .tags("transport", transport.tag(), "reason", reason.tag())
                .functionCounter()
                .count();
    }

    /** For whatever reason. */
    public long closed(Transport transport) {
        long sum = 0;
        for (CloseReason reason : CloseReason.values()) {
            sum += closed(transport, reason);
        }
        return sum;
    }

    public long refused(Transport transport, Limit limit) {
        return (long) meters.get("holdfast.connections.refused")
                .tags("transport", transport.tag(), "reason", limit.tag())
                .functionCounter()
                .count();
    }

    /** The open connection whose peer's socket has this port. */
    public Optional<Connection> ofPeer(int port) {
        return connections.open().stream()
                .filter(connection -> {
                    InetSocketAddress remote = connection.remote();
                    return remote != null && remote.getPort() == port;
                })
                .findAny();
    }
}
