package io.holdfast.probe.compare;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.client.TcpAddress;
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

    /** All ways that the addresses allow. */
    public static List<Push> from(HttpAddress http, @Nullable TcpAddress lines, String channel) {
        String hello = "{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}";
        String path = "/channels/" + channel;
        Target.HttpPost publish = new Target.HttpPost(http.at(path), "text/plain");
        List<Push> ways = new ArrayList<>();
        ways.add(new Push("SSE", new Target.HttpStream(http.at(path), "text/event-stream", null), null, publish));
        ways.add(new Push("NDJSON", new Target.HttpStream(http.at(path), "application/x-ndjson", null), null, publish));
        ways.add(new Push("WebSocket", new Target.WebSocket(http.at("/channels"), false), hello, publish));
        if (lines != null) {
            ways.add(new Push("TCP lines", new Target.Lines(lines), hello, publish));
        }
        return List.copyOf(ways);
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
