// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.Sockets;
import io.holdfast.delivery.Deliveries;
import io.holdfast.net.EventLoops;
import java.time.Duration;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.stereotype.Component;

/** Puts connectors on the event loops. */
@Component
final class HttpSockets {

    private final Sockets sockets;
    private final EventLoops eventLoops;
    private final Deliveries deliveries;
    private final PortProtocols protocols;
    private volatile Duration keepAlive = Duration.ZERO;

    HttpSockets(Sockets sockets, EventLoops eventLoops, Deliveries deliveries, PortProtocols protocols) {
        this.sockets = sockets;
        this.eventLoops = eventLoops;
        this.deliveries = deliveries;
        this.protocols = protocols;
    }

    /** What to use in the place of {@code configured}, which has not started. */
    Connector onEventLoops(Connector configured) {
        if (!(configured instanceof ServerConnector given)) {
            return configured;
        }
        HttpConnector connector = new HttpConnector(given, sockets, eventLoops, deliveries::addQueued);
        protocols.addTo(connector);
        keepAlive = Duration.ofMillis(connector.getIdleTimeout());
        return connector;
    }

    /** How long a connection may wait for its next request. */
    Duration keepAlive() {
        return keepAlive;
    }
}
