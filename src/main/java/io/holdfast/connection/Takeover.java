package io.holdfast.connection;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.server.HttpStream;
import org.jspecify.annotations.Nullable;

/** Has a Jetty connection of ours take the place of the HTTP one when the response under way has been sent. */
public final class Takeover {

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
     * @param connection given back if the response fails first, as nobody else would then
     */
    public static void after(
            ServletContextRequest request, org.eclipse.jetty.io.Connection successor, Connection connection) {
        request.addHttpStreamWrapper(stream -> new HttpStream.Wrapper(stream) {
            @Override
            public void failed(Throwable cause) {
                connection.closed(CloseReason.CLIENT);
                super.failed(cause);
            }
        });
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, successor);
    }
}
