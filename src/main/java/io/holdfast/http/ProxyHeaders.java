// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.ProxyRefusals;
import io.holdfast.connection.Transport;
import io.holdfast.jetty.ProxiedEndPoint;
import io.holdfast.jetty.ProxyHeader;
import io.holdfast.jetty.TrustedProxies;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has each connection begin with a header of the PROXY protocol, and takes it from trusted proxies only.
 *
 * <p>Jetty's own {@code ProxyConnectionFactory} takes it from everybody, logs a warning for each that it cannot read, looks
 * names up, and keeps a line of any length.
 */
final class ProxyHeaders extends AbstractConnectionFactory {

    private static final Logger log = LoggerFactory.getLogger(ProxyHeaders.class);

    private static final String PROTOCOL = "proxy";

    private final String next;
    private final TrustedProxies proxies;
    private final ProxyRefusals refusals;

    /** @param next the protocol that comes after the header */
    ProxyHeaders(String next, TrustedProxies proxies, ProxyRefusals refusals) {
        super(PROTOCOL);
        this.next = next;
        this.proxies = proxies;
        this.refusals = refusals;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return configure(new Header(endPoint, connector), connector, endPoint);
    }

    private final class Header extends FirstBytes {

        Header(EndPoint endPoint, Connector connector) {
            super(endPoint, connector, ProxyHeader.MAX_BYTES);
        }

        @Override
        boolean isExpected() {
            // Over TLS a client chooses the next protocol of the connector's by ALPN. This one is not meant to be among
            // them.
            boolean trusted =
                    !getEndPoint().isSecure() && proxies.isTrusted(getEndPoint().getRemoteSocketAddress());
            if (!trusted) {
                refusals.count(Transport.HTTP, ProxyRefusals.Reason.STRANGER);
            }
            return trusted;
        }

        @Override
        boolean decide(ByteBuffer arrived) throws IOException {
            ProxyHeader header = ProxyHeader.read(arrived);
            if (header == null) {
                return false;
            }
            EndPoint proxied = new ProxiedEndPoint(getEndPoint(), header);
            ConnectionFactory following = Objects.requireNonNull(connector().getConnectionFactory(next));
            proxied.upgrade(
                    following instanceof SerialHttpConnectionFactory http
                            ? http.newConnection(connector(), proxied, counts())
                            : following.newConnection(connector(), proxied));
            return true;
        }

        @Override
        void refused(IOException cause) {
            refusals.count(Transport.HTTP, ProxyRefusals.Reason.BAD_HEADER);
            log.debug("{} sent {}", getEndPoint().getRemoteSocketAddress(), cause.getMessage());
        }

        @Override
        public void late() {
            refusals.count(Transport.HTTP, ProxyRefusals.Reason.TIMEOUT);
        }
    }
}
