// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import io.holdfast.connection.Carrier;
import io.holdfast.connection.CloseReason;
import io.holdfast.delivery.Delivery;
import java.net.InetSocketAddress;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.TunnelSupport;
import org.jspecify.annotations.Nullable;

/**
 * Puts a connection of ours in the place of the HTTP one, when the current response has been sent: on the socket over
 * HTTP/1.1, on the request's stream over HTTP/2.
 */
public final class ConnectionUpgrade {

    /** The attribute of a session of HTTP/2, so that its connections share one. */
    private static final String CARRIER = Carrier.class.getName();

    /** Characters of a session's random name that are shown. */
    private static final int SESSION_ID = 8;

    private static final Carrier HTTP = new Carrier("http/1.1", false, null);
    private static final Carrier HTTP_TLS = new Carrier("http/1.1", true, null);
    private static final Carrier OLD = new Carrier("http/1.0", false, null);
    private static final Carrier OLD_TLS = new Carrier("http/1.0", true, null);

    private ConnectionUpgrade() {}

    /** The client of {@code request}, which a trusted proxy may have named; null if it has no address. */
    public static @Nullable InetSocketAddress remote(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote
                ? remote
                : null;
    }

    /** Whether other requests share the socket of {@code request}, as over HTTP/2. */
    public static boolean isMultiplexed(Request request) {
        return request.getConnectionMetaData().getConnection() instanceof HTTP2Connection;
    }

    /** What {@code request} came on. */
    public static Carrier carrier(Request request) {
        ConnectionMetaData http = request.getConnectionMetaData();
        boolean tls = http.getConnection().getEndPoint().isSecure();
        if (isMultiplexed(request)) {
            if (http.getAttribute(CARRIER) instanceof Carrier known) {
                return known;
            }
            Carrier session = new Carrier("h2", tls, http.getId().substring(0, SESSION_ID));
            http.setAttribute(CARRIER, session);
            return session;
        }
        return http.getHttpVersion() == HttpVersion.HTTP_1_0 ? (tls ? OLD_TLS : OLD) : tls ? HTTP_TLS : HTTP;
    }

    /** The protocol that {@code request} asks for in the place of HTTP (RFC 8441); null if none. */
    public static @Nullable String tunnelled(Request request) {
        TunnelSupport tunnel = request.getTunnelSupport();
        return tunnel == null ? null : tunnel.getProtocol();
    }

    /** What a connection in the place of HTTP reads from and writes to. */
    public static EndPoint endPoint(Request request) {
        Connection http = request.getConnectionMetaData().getConnection();
        return http instanceof HTTP2Connection
                ? new Http2EndPoint(StreamHandover.of(request).stream())
                : http.getEndPoint();
    }

    /** Ends {@code request} without an answer: its stream over HTTP/2, otherwise its socket. */
    public static void abort(Request request) {
        endPoint(request).close(new EofException("aborted"));
    }

    /**
     * Arranges the upgrade.
     *
     * @param successor has the end point of {@link #endPoint}; it may be told that it is closed before it was opened, and more
     *     than once
     * @param delivery of the successor: ended if the response fails or the socket closes first
     */
    public static void after(Request request, JettyConnection successor, Delivery delivery) {
        EndPoint endPoint = successor.getEndPoint();
        Connection http = request.getConnectionMetaData().getConnection();
        if (endPoint instanceof Http2EndPoint own) {
            StreamHandover.of(request).to(() -> own.take(successor));
            request.addHttpStreamWrapper(stream -> new Upgrade(stream, delivery));
            return;
        }
        request.addHttpStreamWrapper(stream -> new Upgrade(stream, delivery) {
            @Override
            public void succeeded() {
                successor.startCountersAt(SocketCounts.of(http));
                super.succeeded();
                // Jetty tells only the current connection that the socket closed. That may have been the old one.
                if (!endPoint.isOpen()) {
                    delivery.closed(CloseReason.CLIENT);
                }
            }
        });
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, successor);
    }

    private static class Upgrade extends HttpStream.Wrapper {

        private final Delivery delivery;

        Upgrade(HttpStream stream, Delivery delivery) {
            super(stream);
            this.delivery = delivery;
        }

        @Override
        public void failed(Throwable cause) {
            delivery.closed(CloseReason.CLIENT);
            super.failed(cause);
        }
    }
}
