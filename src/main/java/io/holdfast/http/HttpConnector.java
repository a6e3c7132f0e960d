package io.holdfast.http;

import io.holdfast.connection.Sockets;
import io.holdfast.connection.Transport;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.springframework.boot.ssl.SslBundleKey;

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

    /** Spring Boot's connector for TLS, in whose place this one is, checks the same. */
    @Override
    protected void doStart() throws Exception {
        super.doStart();
        SslConnectionFactory tls = getConnectionFactory(SslConnectionFactory.class);
        if (tls != null) {
            SslContextFactory.Server settings = tls.getSslContextFactory();
            SslBundleKey.of(null, settings.getCertAlias()).assertContainsAlias(settings.getKeyStore());
        }
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
