package io.holdfast.http;

import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Jetty's threads: a few of the platform's for its selectors, which handle all that does not block themselves, and
 * virtual ones for the controllers. And header values as they were sent: an echo gives them back.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class HttpServer implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

    private static final int MAX_PLATFORM_THREADS = 64;

    /** Connections that the kernel holds for us: all clients may come back at once after a restart. */
    private static final int BACKLOG = 4096;

    private final HandshakeDeadline deadline;

    HttpServer(HandshakeDeadline deadline) {
        this.deadline = deadline;
    }

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_PLATFORM_THREADS);
        threads.setName("http");
        threads.setVirtualThreadsExecutor(new VirtualThreadPool());
        factory.setThreadPool(threads);
        factory.addServerCustomizers(server -> {
            for (Connector connector : server.getConnectors()) {
                connector.addBean(deadline);
                if (connector instanceof ServerConnector listening) {
                    listening.setAcceptQueueSize(BACKLOG);
                }
                connector
                        .getConnectionFactory(HttpConnectionFactory.class)
                        .getHttpConfiguration()
                        .setHeaderCacheCaseSensitive(true);
            }
        });
    }
}
