package io.holdfast.jetty;

import io.holdfast.connection.CloseReason;
import io.holdfast.delivery.Delivery;
import java.net.InetSocketAddress;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Puts a connection of ours in the place of the HTTP one, when the current response has been sent. */
public final class ConnectionUpgrade {

    private ConnectionUpgrade() {}

    /** The client of {@code request}, which a trusted proxy may have named; null if it has no address. */
    public static @Nullable InetSocketAddress remote(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote
                ? remote
                : null;
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
