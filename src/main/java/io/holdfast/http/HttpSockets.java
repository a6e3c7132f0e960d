package io.holdfast.http;

import io.holdfast.connection.Sockets;
import io.holdfast.connection.Transport;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Closes sockets that Jetty accepted and that are over the limit. Safe from any thread. */
@Component
final class HttpSockets implements SelectorManager.AcceptListener {

    private static final Logger log = LoggerFactory.getLogger(HttpSockets.class);

    private final Sockets sockets;
    private final PortProtocols protocols;

    /** Accepted, but not among the connector's end points yet. */
    private final AtomicInteger inTransit = new AtomicInteger();

    HttpSockets(Sockets sockets, PortProtocols protocols) {
        this.protocols = protocols;
        this.sockets = sockets;
    }

    /** What to use in the place of {@code configured}, which has not started. */
    Connector watched(Connector configured) {
        if (!(configured instanceof ServerConnector given)) {
            return configured;
        }
        ServerConnector connector = new HttpConnector(given, sockets);
        protocols.addTo(connector);
        sockets.addCount(
                () -> inTransit.get() + connector.getConnectedEndPoints().size());
        connector.getSelectorManager().addEventListener(this);
        return connector;
    }

    /** Jetty drops a channel that is closed by then. */
    @Override
    public void onAccepting(SelectableChannel channel) {
        inTransit.incrementAndGet();
        if (!sockets.admit(Transport.HTTP)) {
            try {
                channel.close();
            } catch (IOException e) {
                log.debug("{} is over the limit, and closing it failed", channel, e);
            }
        }
    }

    @Override
    public void onAccepted(SelectableChannel channel) {
        inTransit.decrementAndGet();
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        inTransit.decrementAndGet();
    }
}
