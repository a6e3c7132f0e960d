// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.compare;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.HttpProtocol;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.client.TcpAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way to receive pushed messages: a subscription to a channel.
 *
 * @param hello the command that subscribes; null if the request itself does
 * @param publish where messages are posted
 */
public record Push(String title, Target target, @Nullable String hello, Target.HttpPost publish) {

    /** All ways that the addresses and the versions of HTTP allow. Messages are published in the same way as web clients hear. */
    public static List<Push> from(
            List<HttpAddress> http, List<TcpAddress> lines, List<HttpProtocol> protocols, String channel) {
        String hello = "{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}";
        String path = "/channels/" + channel;
        List<Push> ways = new ArrayList<>();
        for (HttpAddress address : http) {
            for (HttpProtocol protocol : protocols) {
                URI url = address.at(path);
                Target.HttpPost publish = new Target.HttpPost(url, "text/plain", protocol);
                add(ways, "SSE", new Target.HttpStream(url, "text/event-stream", null, protocol), null, publish);
                add(ways, "NDJSON", new Target.HttpStream(url, "application/x-ndjson", null, protocol), null, publish);
                add(ways, "WebSocket", new Target.WebSocket(address.at("/channels"), protocol), hello, publish);
            }
        }
        if (!http.isEmpty()) {
            Target.HttpPost publish = new Target.HttpPost(http.getFirst().at(path), "text/plain");
            lines.forEach(address -> add(ways, "TCP lines", new Target.Lines(address), hello, publish));
        }
        return List.copyOf(ways);
    }

    private static void add(
            List<Push> ways, String title, Target target, @Nullable String hello, Target.HttpPost publish) {
        ways.add(new Push(title + Way.suffix(target), target, hello, publish));
    }

    /** Whether {@code text} is the event that confirms the subscription. */
    boolean isReady(String text) {
        return hello == null || text.contains("\"subscribed\"");
    }

    @Override
    public String toString() {
        return title;
    }
}
