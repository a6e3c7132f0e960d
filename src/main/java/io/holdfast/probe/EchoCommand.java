// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static io.holdfast.probe.Words.count;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.client.TcpAddress;
import io.holdfast.probe.client.WebUrl;
import io.holdfast.probe.load.Echo;
import io.holdfast.probe.load.Load;
import io.holdfast.probe.result.Screen;
import io.holdfast.probe.result.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code load echo}. */
@Command(
        name = "echo",
        description = "Sends messages to an echo service and waits for their return. Measures one transport after the"
                + " other.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  holdfast load echo --tcp localhost:8888 --ws ws://localhost:8080/echo \\",
            "    --connections 200 --rate 1000 --duration 5s",
            "",
            "With --rate, a message's time starts at its scheduled moment, so waiting to be sent is included."
        })
final class EchoCommand extends LoadSubcommand<Echo.Result> {

    @Option(names = "--tcp", paramLabel = "<host:port>", description = "A TCP echo of raw bytes.")
    private @Nullable TcpAddress tcp;

    @Option(names = "--ws", paramLabel = "<url>", description = "A WebSocket echo.")
    private @Nullable WebUrl ws;

    @Option(names = "--http", paramLabel = "<url>", description = "A URL that answers a POST with its body.")
    private @Nullable WebUrl http;

    @Option(names = "--size", paramLabel = "<size>", description = "Size of a message. Default: ${DEFAULT-VALUE}.")
    private DataSize size = DataSize.ofBytes(64);

    @Option(names = "--rate", paramLabel = "<n>", description = "Messages per second, on all connections together.")
    private @Nullable Double rate;

    @Option(
            names = "--in-flight",
            paramLabel = "<n>",
            description = "Without --rate: unanswered messages per connection. HTTP always has one. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int inFlight = 1;

    @Override
    List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        if (tcp != null) {
            targets.add(new Target.Tcp(tcp));
        }
        if (ws != null) {
            targets.add(new Target.WebSocket(ws.url(), options.httpVersion()));
        }
        if (http != null) {
            targets.add(new Target.HttpPost(http.url(), "text/plain", options.httpVersion()));
        }
        return targets;
    }

    @Override
    String noTargets() {
        return "No target. Valid: --tcp, --ws or --http, as --tcp localhost:8888";
    }

    @Override
    void check() {
        LoadOptions.checkSize(spec, size);
        if (rate != null) {
            LoadOptions.checkRate(spec, rate);
        }
        if (inFlight < 1) {
            throw Commands.invalid(spec, "--in-flight", inFlight, "from 1, as --in-flight 16");
        }
    }

    @Override
    @Nullable
    HttpAddress service() {
        return http != null ? http.service() : ws != null ? ws.service() : null;
    }

    @Override
    String introduction() {
        String pace = rate == null ? inFlight + " messages in flight on each" : count(rate) + " messages per second";
        return "%,d connections to an echo, %s.".formatted(options.connections(), pace);
    }

    @Override
    Load<Echo.Result> load(Target target) {
        return new Echo(new Echo.Plan(
                target,
                options.connections(),
                (int) size.toBytes(),
                rate,
                inFlight,
                options.warmup(),
                options.duration(),
                options.patience()));
    }

    @Override
    Table<Echo.Result> table() {
        return new Table<Echo.Result>()
                .text("", Echo.Result::target)
                .figure(
                        "connections",
                        result -> Words.stood(result.connections()),
                        result -> Words.all(result.connections()))
                .figure("msg/s", result -> count(result.perSecond()))
                .timesWithP999(Echo.Result::latencyMicros)
                .figure("lost", result -> count(result.lost()), result -> Words.none(result.lost()))
                .figure("repeated", result -> count(result.repeated()), result -> Words.none(result.repeated()))
                .figure("CPU/msg", result -> Words.cpu(result.server()));
    }

    @Override
    String explanation() {
        return rate == null
                ? "Times are from sending to the answer. A connection sends again only after the answer, so a stall of the"
                        + " server delays few messages. Use --rate to include the messages that would have been sent."
                : "Times are from a message's scheduled moment to its answer, so waiting to be sent is included.";
    }

    @Override
    void printDetails(Screen screen, Echo.Result result) {
        if (rate != null) {
            Words.late(screen, result.target() + ": messages were sent", result.lateMicros());
        }
        if (result.strange() > 0) {
            screen.print(result.target() + ": " + count(result.strange()) + " messages came that were not sent there.");
        }
        Words.server(screen, result.target(), result.server());
        Words.troubles(screen, result.target(), result.connections());
    }
}
