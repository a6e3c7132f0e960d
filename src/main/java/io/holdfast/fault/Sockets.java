package io.holdfast.fault;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;

/** What Jetty has no word for. */
public final class Sockets {

    private Sockets() {}

    /** Closes it with a TCP reset, whatever is around the socket. */
    public static void reset(EndPoint endPoint) {
        Object transport = endPoint;
        while (transport instanceof EndPoint around) {
            transport = around.getTransport();
        }
        if (transport instanceof SocketChannel socket) {
            try {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
                socket.close();
            } catch (IOException e) {
                // The peer was faster.
            }
        }
        endPoint.close();
    }
}
