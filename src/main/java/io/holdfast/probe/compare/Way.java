package io.holdfast.probe.compare;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.client.TcpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way to send a message to an echo and back.
 *
 * @param kept whether one connection carries all messages; else each message has a new one
 */
public record Way(Transport transport, boolean kept, Target target) {

    /** The protocol. */
    public enum Transport {
        TCP("TCP"),
        WEBSOCKET("WebSocket"),
        HTTP("HTTP");

        private final String title;

        Transport(String title) {
            this.title = title;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /** All ways that the addresses allow. */
    public static List<Way> to(@Nullable HttpAddress http, @Nullable TcpAddress tcp) {
        List<Way> ways = new ArrayList<>();
        if (tcp != null) {
            addBoth(ways, Transport.TCP, new Target.Tcp(tcp));
        }
        if (http != null) {
            addBoth(ways, Transport.WEBSOCKET, new Target.WebSocket(http.at("/echo"), false));
            addBoth(ways, Transport.HTTP, new Target.HttpPost(http.at("/echo"), "text/plain"));
        }
        return List.copyOf(ways);
    }

    private static void addBoth(List<Way> ways, Transport transport, Target target) {
        ways.add(new Way(transport, true, target));
        ways.add(new Way(transport, false, target));
    }

    @Override
    public String toString() {
        return transport + (kept ? "" : ", short");
    }
}
