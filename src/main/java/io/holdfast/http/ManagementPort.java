// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.access.Access;
import io.holdfast.connection.LimitProperties;
import io.holdfast.jetty.RequestAccess;
import io.holdfast.jetty.RequestPage;
import io.holdfast.jetty.TrustedProxies;
import io.holdfast.time.Timers;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;

/**
 * The actuator on a port of its own, {@code management.server.port}: a server of its own, with the same rules. Imported by Spring
 * Boot into that server's context. It is no configuration of the other context, so it is not annotated as one.
 */
@ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
class ManagementPort {

    @Bean
    WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> managementAccess(
            AccessGate gate,
            ProblemAnswers problems,
            Uploads uploads,
            RequestAccess requests,
            ManagementOrigin page,
            ServerCertificates certificates,
            TrustedProxies proxies,
            PortProtocols protocols,
            Http2Sessions http2,
            RequestHeadDeadline deadline,
            Timers timers,
            LimitProperties limits,
            @Value("${management.server.base-path:}") String base) {
        return factory -> {
            // Jetty would believe what any client says about its address.
            factory.setUseForwardHeaders(false);
            factory.addServerCustomizers(server -> {
                certificates.serve(server, ServerCertificates.MANAGEMENT);
                server.setErrorHandler(new ErrorAnswers(problems));
                server.setHandler(new Gate(server.getHandler(), gate, problems, uploads, requests, page, base));
                for (Connector connector : server.getConnectors()) {
                    connector.addBean(deadline);
                    if (connector instanceof ServerConnector listening) {
                        protocols.addTlsTo(listening);
                        http2.configure(listening);
                        listening.addConnectionFactory(new SerialHttpConnectionFactory(
                                listening.getConnectionFactory(HttpConnectionFactory.class), timers, limits.closing()));
                    }
                    connector.getContainedBeans(HttpConfiguration.class).forEach(proxies::addTo);
                }
            });
        };
    }

    @Bean
    FilterRegistrationBean<ObserverFilter> observers(
            Access access,
            RequestAccess requests,
            @Value("${management.endpoints.web.base-path:/actuator}") String base) {
        return ActuatorConfiguration.filter(access, requests, base);
    }

    /** Passes what is allowed on. All paths of this server are the actuator's. */
    private static final class Gate extends Handler.Wrapper {

        private final AccessGate gate;
        private final ProblemAnswers problems;
        private final Uploads uploads;
        private final RequestAccess requests;
        private final ManagementOrigin page;
        private final String base;

        Gate(
                Handler actuator,
                AccessGate gate,
                ProblemAnswers problems,
                Uploads uploads,
                RequestAccess requests,
                ManagementOrigin page,
                String base) {
            super(actuator);
            this.requests = requests;
            this.page = page;
            this.gate = gate;
            this.problems = problems;
            this.uploads = uploads;
            this.base = base;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            SecurityHeaders.put(response.getHeaders());
            String path = Request.getPathInContext(request);
            Exchange exchange = new Exchange(request, response, callback, problems, uploads, null);
            if (page.isPage(request)) {
                RequestPage.markOwn(request);
                page.allow(request, response.getHeaders());
                HttpField[] permission = page.permission(request);
                if (permission != null) {
                    exchange.answer(HttpStatus.NO_CONTENT.value(), permission);
                    return true;
                }
            }
            // What follows is decided on this thread, which may block.
            requests.identify(request).toCompletableFuture().join();
            boolean[] allowed = {false};
            gate.passActuator(
                    exchange, path.startsWith(base) ? path.substring(base.length()) : path, () -> allowed[0] = true);
            return !allowed[0] || super.handle(request, response, callback);
        }
    }
}
