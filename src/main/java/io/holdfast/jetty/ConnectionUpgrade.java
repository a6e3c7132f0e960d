package io.holdfast.jetty;

import io.holdfast.connection.CloseReason;
import io.holdfast.delivery.Delivery;
import java.net.InetSocketAddress;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.TunnelSupport;
import org.jspecify.annotations.Nullable;

/**
 * Puts a connection of ours in the place of the HTTP one, when the current response has been sent: on the socket over
 * HTTP/1.1, on the request's stream over HTTP/2.
 */
public final class ConnectionUpgrade {

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

    /** The protocol that {@code request} asks for in the place of HTTP (RFC 8441); null if none. */
    public static @Nullable String tunnelled(Request request) {
        TunnelSupport tunnel = request.getTunnelSupport();
        return tunnel == null ? null : tunnel.getProtocol();
    }

    /** What a connection in the place of HTTP reads from and writes to. */
    public static EndPoint endPoint(Request request) {
        Connection http = request.getConnectionMetaData().getConnection();
        return http instanceof HTTP2Connection session
                ? new Http2EndPoint(stream(session, request))
                : http.getEndPoint();
    }

    private static HTTP2Stream stream(HTTP2Connection session, Request request) {
        return session.getSession().getStream(Integer.parseInt(request.getId()));
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
            request.addHttpStreamWrapper(stream -> {
                StreamHandover.of(stream).to(() -> own.take(successor));
                return new Upgrade(stream, delivery);
            });
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
