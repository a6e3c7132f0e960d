package io.holdfast.jetty;

import io.holdfast.connection.CloseReason;
import io.holdfast.delivery.Delivery;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Puts a connection of ours in the place of the HTTP one, when the current response has been sent. */
public final class ConnectionUpgrade {

    private ConnectionUpgrade() {}

    /** The peer of {@code request}; null if its name is no address. A trusted proxy may have named another one. */
    public static @Nullable InetSocketAddress remote(HttpServletRequest request) {
        return remote(
                request.getRemoteAddr(),
                request.getRemotePort(),
                ServletContextRequest.getServletContextRequest(request));
    }

    /** As {@link #remote(HttpServletRequest)}. */
    public static @Nullable InetSocketAddress remote(Request request) {
        return remote(Request.getRemoteAddr(request), Request.getRemotePort(request), request);
    }

    private static @Nullable InetSocketAddress remote(String address, int port, Request request) {
        try {
            InetSocketAddress remote = new InetSocketAddress(InetAddress.ofLiteral(address), port);
            // The socket keeps one, too: an idle connection needs no second one.
            SocketAddress ofSocket = request.getConnectionMetaData().getRemoteSocketAddress();
            return remote.equals(ofSocket) ? (InetSocketAddress) ofSocket : remote;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * Arranges the upgrade.
     *
     * @param successor may be told that it is closed before it was opened, and more than once
     * @param delivery of the successor: ended if the response fails or the socket closes first
     */
    public static void after(Request request, JettyConnection successor, Delivery delivery) {
        Connection http = request.getConnectionMetaData().getConnection();
        EndPoint endPoint = http.getEndPoint();
        request.addHttpStreamWrapper(stream -> new HttpStream.Wrapper(stream) {
            @Override
            public void succeeded() {
                successor.startCountersAt(SocketCounts.of(http));
                super.succeeded();
                // Jetty tells only the current connection that the socket closed. That may have been the old one.
                if (!endPoint.isOpen()) {
                    delivery.closed(CloseReason.CLIENT);
                }
            }

            @Override
            public void failed(Throwable cause) {
                delivery.closed(CloseReason.CLIENT);
                super.failed(cause);
            }
        });
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, successor);
    }
}
