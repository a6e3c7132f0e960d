// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.LimitProperties;
import io.holdfast.jetty.TrustedProxies;
import io.holdfast.time.Timers;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Configures Jetty. Requests that do not block are handled on the event loops of {@link HttpConnector}; controllers run on virtual
 * threads. Header values are kept as they were sent, for the echo.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class HttpServer implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

    private static final String HTTP2 = "server.http2.enabled";
    private static final int MAX_PLATFORM_THREADS = 64;

    private final RequestHeadDeadline deadline;
    private final List<MessageEndpoint> endpoints;
    private final AllowedMethods methods;
    private final CrossOrigin crossOrigin;
    private final AccessGate gate;
    private final ProblemAnswers problems;
    private final TrustedProxies proxies;
    private final Uploads uploads;
    private final HttpSockets sockets;
    private final Http2Sessions http2;
    private final Environment environment;
    private final Timers timers;
    private final LimitProperties limits;
    private final ObjectProvider<MeterRegistry> meters;
    private final String contextPath;
    private final ServerCertificates certificates;

    HttpServer(
            RequestHeadDeadline deadline,
            List<MessageEndpoint> endpoints,
            AllowedMethods methods,
            CrossOrigin crossOrigin,
            AccessGate gate,
            ProblemAnswers problems,
            TrustedProxies proxies,
            Uploads uploads,
            HttpSockets sockets,
            Http2Sessions http2,
            Timers timers,
            LimitProperties limits,
            Environment environment,
            ObjectProvider<MeterRegistry> meters,
            ServerCertificates certificates,
            @Value("${server.servlet.context-path:}") String contextPath) {
        this.deadline = deadline;
        this.endpoints = endpoints;
        this.methods = methods;
        this.crossOrigin = crossOrigin;
        this.gate = gate;
        this.problems = problems;
        this.proxies = proxies;
        this.uploads = uploads;
        this.sockets = sockets;
        this.http2 = http2;
        this.environment = environment;
        this.timers = timers;
        this.limits = limits;
        this.meters = meters;
        this.contextPath = contextPath;
        this.certificates = certificates;
    }

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_PLATFORM_THREADS);
        threads.setName("http");
        VirtualThreadPool virtualThreads = new VirtualThreadPool();
        threads.setVirtualThreadsExecutor(virtualThreads);
        factory.setThreadPool(threads);
        if (!environment.containsProperty(HTTP2) && isSecure(factory)) {
            Http2 http2Enabled = new Http2();
            http2Enabled.setEnabled(true);
            factory.setHttp2(http2Enabled);
        }
        // Some cloud platforms switch it on.
        factory.setUseForwardHeaders(false);
        factory.addServerCustomizers(server -> {
            certificates.serve(server, ServerCertificates.HTTP);
            server.addBean(virtualThreads);
            // No handler is added later: none of them blocks, so requests are handled on the event loop.
            server.setDynamic(false);
            server.setErrorHandler(new ErrorAnswers(problems));
            server.setHandler(new FrontHandler(
                    new CompressedAnswers(server.getHandler(), contextPath),
                    contextPath,
                    endpoints,
                    methods,
                    crossOrigin,
                    gate,
                    problems,
                    uploads,
                    meters.getObject(),
                    virtualThreads));
            server.setConnectors(
                    Stream.of(server.getConnectors()).map(sockets::onEventLoops).toArray(Connector[]::new));
            for (Connector connector : server.getConnectors()) {
                connector.addBean(deadline);
                HttpConnectionFactory http = connector.getConnectionFactory(HttpConnectionFactory.class);
                HttpConfiguration configuration = http.getHttpConfiguration();
                configuration.setHeaderCacheCaseSensitive(true);
                // A target in the absolute form counts, and Host is ignored (RFC 9112, section 3.2.2).
                configuration.setHttpCompliance(configuration
                        .getHttpCompliance()
                        .with("Holdfast", HttpCompliance.Violation.MISMATCHED_AUTHORITY));
                proxies.addTo(configuration);
                if (connector instanceof AbstractConnector listening) {
                    http2.configure(listening);
                    listening.addConnectionFactory(new SerialHttpConnectionFactory(http, timers, limits.closing()));
                }
            }
        });
    }

    private static boolean isSecure(ConfigurableJettyWebServerFactory factory) {
        return factory instanceof AbstractConfigurableWebServerFactory configured && Ssl.isEnabled(configured.getSsl());
    }
}
