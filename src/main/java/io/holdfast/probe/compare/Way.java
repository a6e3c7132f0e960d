// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.compare;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.HttpProtocol;
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

    /** All ways that the addresses and the versions of HTTP allow. */
    public static List<Way> to(List<HttpAddress> http, List<TcpAddress> tcp, List<HttpProtocol> protocols) {
        List<Way> ways = new ArrayList<>();
        tcp.forEach(address -> addBoth(ways, Transport.TCP, new Target.Tcp(address)));
        for (HttpAddress address : http) {
            for (HttpProtocol protocol : protocols) {
                addBoth(ways, Transport.WEBSOCKET, new Target.WebSocket(address.at("/echo"), protocol));
            }
        }
        for (HttpAddress address : http) {
            for (HttpProtocol protocol : protocols) {
                addBoth(ways, Transport.HTTP, new Target.HttpPost(address.at("/echo"), "text/plain", protocol));
            }
        }
        return List.copyOf(ways);
    }

    /** The version of HTTP below it; null for raw TCP. */
    public @Nullable HttpProtocol protocol() {
        return target instanceof Target.Web web ? web.protocol() : null;
    }

    /** Whether the other one differs in nothing but the version of HTTP and TLS. */
    boolean isLike(Way other) {
        return transport == other.transport && kept == other.kept;
    }

    /** What a target is besides its transport: empty for HTTP/1.1 or TCP in clear text. */
    static String suffix(Target target) {
        boolean http2 = target instanceof Target.Web web && web.protocol() == HttpProtocol.HTTP_2;
        return (http2 ? " h2" : "") + (target.tls() ? " TLS" : "");
    }

    /** Its name without the kind of connection. */
    String title() {
        return transport + suffix(target);
    }

    private static void addBoth(List<Way> ways, Transport transport, Target target) {
        ways.add(new Way(transport, true, target));
        ways.add(new Way(transport, false, target));
    }

    @Override
    public String toString() {
        return title() + (kept ? "" : ", short");
    }
}
