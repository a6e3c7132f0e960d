package io.holdfast.connection;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.jspecify.annotations.Nullable;

/** Has a Jetty connection of ours take the place of the HTTP one when the response under way has been sent. */
public final class Takeover {

    /** A connection that counts on from where the HTTP one ended. */
    public interface Heir {

        /**
         * Told before it is opened.
         *
         * @param in bytes that were read, those among them that came early and are the heir's
         * @param out bytes that were written
         */
        void inherit(long in, long out);
    }

    private Takeover() {}

    /** Who sent {@code request}, as far as it is an address; a trusted proxy may have said so. */
    public static @Nullable InetSocketAddress remote(HttpServletRequest request) {
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(request.getRemoteAddr()), request.getRemotePort());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * Arranges it.
     *
     * @param successor may be told twice, at once and even before it was opened, that it is closed
     * @param connection given back if the response fails or the socket closes first, as nobody else would then
     */
    public static void after(
            ServletContextRequest request, org.eclipse.jetty.io.Connection successor, Connection connection) {
        org.eclipse.jetty.io.Connection http = request.getConnectionMetaData().getConnection();
        EndPoint endPoint = http.getEndPoint();
        request.addHttpStreamWrapper(stream -> new HttpStream.Wrapper(stream) {
            @Override
            public void succeeded() {
                if (successor instanceof Heir heir) {
                    heir.inherit(http.getBytesIn(), http.getBytesOut());
                }
                super.succeeded();
                // Jetty tells an end only to the connection that it finds at that moment, which may have been the old
                // one.
                if (!endPoint.isOpen()) {
                    successor.onClose(null);
                    connection.closed(CloseReason.CLIENT);
                }
            }

            @Override
            public void failed(Throwable cause) {
                connection.closed(CloseReason.CLIENT);
                super.failed(cause);
            }
        });
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, successor);
    }
}
