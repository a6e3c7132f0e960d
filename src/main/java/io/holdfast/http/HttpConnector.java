package io.holdfast.http;

import io.holdfast.connection.Sockets;
import io.holdfast.connection.Transport;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;

/** A connector that tells {@link Sockets} if it cannot accept. Jetty would log a stack trace each time. */
final class HttpConnector extends ServerConnector {

    private final Sockets sockets;

    /** @param configured in whose place it is used */
    HttpConnector(ServerConnector configured, Sockets sockets) {
        super(
                configured.getServer(),
                null,
                null,
                null,
                configured.getAcceptors(),
                configured.getSelectorManager().getSelectorCount(),
                configured.getConnectionFactories().toArray(ConnectionFactory[]::new));
        this.sockets = sockets;
        setHost(configured.getHost());
        setPort(configured.getPort());
        setIdleTimeout(configured.getIdleTimeout());
        setShutdownIdleTimeout(configured.getShutdownIdleTimeout());
    }

    /** Whether the acceptor goes on. */
    @Override
    protected boolean handleAcceptFailure(Throwable cause) {
        if (!isOpen()) {
            // The service stops.
            return false;
        }
        if (cause instanceof InterruptedException) {
            return super.handleAcceptFailure(cause);
        }
        sockets.acceptFailed(Transport.HTTP, cause);
        try {
            Thread.sleep(Sockets.ACCEPT_PAUSE);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
