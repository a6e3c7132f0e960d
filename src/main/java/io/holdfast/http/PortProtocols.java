// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.LimitProperties;
import io.holdfast.connection.ProxyRefusals;
import io.holdfast.connection.TlsRefusals;
import io.holdfast.jetty.TrustedProxies;
import io.holdfast.time.Timers;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.springframework.stereotype.Component;

/** What comes before HTTP on a port: the PROXY protocol, then TLS. */
@Component
final class PortProtocols {

    private final TrustedProxies proxies;
    private final ProxyRefusals proxyRefusals;
    private final TlsRefusals tlsRefusals;
    private final ProblemAnswers problems;
    private final Timers timers;
    private final LimitProperties limits;

    PortProtocols(
            TrustedProxies proxies,
            ProxyRefusals proxyRefusals,
            TlsRefusals tlsRefusals,
            ProblemAnswers problems,
            Timers timers,
            LimitProperties limits) {
        this.proxies = proxies;
        this.proxyRefusals = proxyRefusals;
        this.tlsRefusals = tlsRefusals;
        this.problems = problems;
        this.timers = timers;
        this.limits = limits;
    }

    /** Puts them before what {@code connector} begins with, which has not started. */
    void addTo(AbstractConnector connector) {
        addTlsTo(connector);
        if (proxies.usesProxyProtocol()) {
            connector.addFirstConnectionFactory(
                    new ProxyHeaders(connector.getDefaultProtocol(), proxies, proxyRefusals));
        }
    }

    /** As {@link #addTo}, for a port that no proxy is in front of. */
    void addTlsTo(AbstractConnector connector) {
        connector.addBean(tlsRefusals);
        SslConnectionFactory configured = connector.getConnectionFactory(SslConnectionFactory.class);
        if (configured == null) {
            return;
        }
        connector.addConnectionFactory(
                new TlsConnectionFactory(configured, tlsRefusals, problems, timers, limits.closing()));
        for (HttpConfiguration http : connector.getContainedBeans(HttpConfiguration.class)) {
            http.getCustomizers()
                    .replaceAll(customizer -> customizer instanceof SecureRequestCustomizer secure
                            ? new SniCheck(secure, tlsRefusals)
                            : customizer);
        }
    }
}
