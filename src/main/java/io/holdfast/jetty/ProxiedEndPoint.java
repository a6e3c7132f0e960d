// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import java.net.SocketAddress;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ProxyConnectionFactory.ProxyEndPoint;

/** A socket that a proxy opened, with the addresses of the proxy's client. */
public final class ProxiedEndPoint extends ProxyEndPoint {

    /** The client uses TLS up to the proxy. Nothing else is known of it. */
    private static final SslSessionData TLS = SslSessionData.from(null, null, null, null);

    public ProxiedEndPoint(EndPoint socket, ProxyHeader header) {
        super(
                socket,
                header.server() == null ? socket.getLocalSocketAddress() : header.server(),
                header.client() == null ? socket.getRemoteSocketAddress() : header.client(),
                null,
                header.tls() ? TLS : null);
    }

    /** Whether {@code endPoint}, or what it is wrapped around, is the socket of a proxy. */
    static boolean is(EndPoint endPoint) {
        return innermost(endPoint) instanceof ProxiedEndPoint;
    }

    /** The peer of the socket itself, whatever is wrapped around it. */
    static SocketAddress peer(EndPoint endPoint) {
        return innermost(endPoint) instanceof ProxiedEndPoint proxied
                ? proxied.unwrap().getRemoteSocketAddress()
                : endPoint.getRemoteSocketAddress();
    }

    /** The address of the socket itself that the peer is connected to. */
    static SocketAddress own(EndPoint endPoint) {
        return innermost(endPoint) instanceof ProxiedEndPoint proxied
                ? proxied.unwrap().getLocalSocketAddress()
                : endPoint.getLocalSocketAddress();
    }

    /** The one around which TLS and HTTP/2 are wrapped. */
    private static EndPoint innermost(EndPoint endPoint) {
        EndPoint inner = endPoint;
        while (!(inner instanceof ProxiedEndPoint) && inner.getTransport() instanceof EndPoint wrapped) {
            inner = wrapped;
        }
        return inner;
    }
}
