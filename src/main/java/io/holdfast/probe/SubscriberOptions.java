// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.HttpProtocol;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.client.TcpAddress;
import io.holdfast.probe.client.WebUrl;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name what subscribers connect to. */
final class SubscriberOptions {

    @Option(names = "--sse", paramLabel = "<url>", description = "An event stream.")
    private @Nullable WebUrl sse;

    @Option(names = "--ws", paramLabel = "<url>", description = "A WebSocket.")
    private @Nullable WebUrl ws;

    @Option(names = "--lines", paramLabel = "<host:port>", description = "TCP with one message per line.")
    private @Nullable TcpAddress lines;

    @Option(
            names = "--hello",
            paramLabel = "<text>",
            description = {
                "Sent first by each WebSocket and lines connection,",
                "as '{\"type\":\"subscribe\",\"channel\":\"fan\"}'."
            })
    private @Nullable String hello;

    List<Target> targets(HttpProtocol protocol) {
        List<Target> targets = new ArrayList<>();
        if (sse != null) {
            targets.add(new Target.HttpStream(sse.url(), "text/event-stream", null, protocol));
        }
        if (ws != null) {
            targets.add(new Target.WebSocket(ws.url(), protocol));
        }
        if (lines != null) {
            targets.add(new Target.Lines(lines));
        }
        return targets;
    }

    /** What a subscriber sends first; null for nothing. */
    @Nullable
    String hello(Target target) {
        return target instanceof Target.HttpStream ? null : hello;
    }

    @Nullable
    HttpAddress service() {
        return sse != null ? sse.service() : ws != null ? ws.service() : null;
    }
}
