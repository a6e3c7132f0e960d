// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import io.holdfast.connection.TrustedAddresses;
import io.holdfast.settings.Example;
import io.holdfast.settings.InvalidSettingException;
import io.holdfast.settings.Setting;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Gives a request that came through proxies the address of its client: the rightmost one in the header that no trusted proxy
 * wrote. Anything to the left of it the client may have made up. A value that is no address counts as the address of the
 * proxy that wrote it. The scheme is the one that the proxy names.
 *
 * <p>Jetty's own customizer believes every peer, and takes the leftmost address. It is not used.
 */
@Component
public final class TrustedProxies implements HttpConfiguration.Customizer {

    private static final String STRATEGY = "server.forward-headers-strategy";

    private final TrustedAddresses trusted;
    private final ForwardedHeader header;
    private final boolean proxyProtocol;

    TrustedProxies(
            TrustedAddresses trusted,
            ForwardedProperties properties,
            @Value("${server.forward-headers-strategy:none}") String forwardHeadersStrategy) {
        this.trusted = trusted;
        this.header = properties.header();
        this.proxyProtocol = properties.proxyProtocol();
        if (proxyProtocol && trusted.isEmpty()) {
            throw new InvalidSettingException(
                    "holdfast.proxies.proxy-protocol",
                    "true",
                    "needs the proxies whose headers are taken, in holdfast.proxies.trusted",
                    List.of(new Example("holdfast.proxies.trusted", "10.0.0.1")));
        }
        new Setting(STRATEGY, "native, and holdfast.proxies.trusted=10.0.0.1 for the proxy 10.0.0.1")
                .text(
                        forwardHeadersStrategy,
                        Pattern.compile(trusted.isEmpty() ? "(?i)none" : "(?i)none|native"),
                        "native, with the proxies in holdfast.proxies.trusted, or none: framework believes what any client"
                                + " says about its address");
    }

    /** Whether {@code peer} is one of the proxies. */
    public boolean isTrusted(SocketAddress peer) {
        return peer instanceof InetSocketAddress address && trusted.contain(address);
    }

    /** Whether connections to {@code server.port} have to begin with a header of the PROXY protocol. */
    public boolean usesProxyProtocol() {
        return proxyProtocol;
    }

    /** Has requests pass here, if there are proxies. */
    public void addTo(HttpConfiguration http) {
        if (!trusted.isEmpty()) {
            http.addCustomizer(this);
        }
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable answer) {
        SocketAddress peer = request.getConnectionMetaData().getRemoteSocketAddress();
        return peer instanceof InetSocketAddress proxy && trusted.contain(proxy)
                ? new Forwarded(request, proxy)
                : request;
    }

    private InetSocketAddress client(InetSocketAddress proxy, HttpFields headers) {
        InetSocketAddress client = proxy;
        for (String node : header.nodes(headers).reversed()) {
            InetSocketAddress named = trusted.contain(client) ? ForwardedHeader.address(node) : null;
            if (named == null) {
                return client;
            }
            client = named;
        }
        return client;
    }

    /** Most requests are not asked who sent them, so that is found out on demand. */
    private final class Forwarded extends Request.Wrapper {

        private final ConnectionMetaData connection;
        private final HttpURI uri;

        Forwarded(Request request, InetSocketAddress proxy) {
            super(request);
            String scheme = header.scheme(request.getHeaders());
            this.uri = scheme == null
                    ? request.getHttpURI()
                    : HttpURI.build(request.getHttpURI()).scheme(scheme).asImmutable();
            this.connection = new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {

                private @Nullable InetSocketAddress client;

                @Override
                public SocketAddress getRemoteSocketAddress() {
                    InetSocketAddress known = client;
                    if (known == null) {
                        known = client(proxy, request.getHeaders());
                        client = known;
                    }
                    return known;
                }

                @Override
                public boolean isSecure() {
                    return scheme == null ? super.isSecure() : scheme.equals("https");
                }
            };
        }

        @Override
        public ConnectionMetaData getConnectionMetaData() {
            return connection;
        }

        @Override
        public HttpURI getHttpURI() {
            return uri;
        }
    }
}
