package io.holdfast.probe;

import static io.holdfast.probe.Words.count;
import static io.holdfast.probe.result.Percentiles.text;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.client.TcpAddress;
import io.holdfast.probe.client.WebUrl;
import io.holdfast.probe.load.Echo;
import io.holdfast.probe.result.Json;
import io.holdfast.probe.result.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code load echo}: its options, and its result in words. */
@Command(
        name = "echo",
        description = "Messages to an echo and back, by one transport after the other.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  holdfast load echo --tcp localhost:8888 --ws ws://localhost:8080/echo --connections 1000 --rate 5000",
            "",
            "With --rate, times run from when a message was meant to be sent: what had to wait counts with its wait."
        })
final class EchoCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private LoadOptions options = new LoadOptions();

    @Option(names = "--tcp", paramLabel = "<host:port>", description = "An echo of raw bytes.")
    private @Nullable TcpAddress tcp;

    @Option(names = "--ws", paramLabel = "<url>", description = "An echo of WebSocket messages.")
    private @Nullable WebUrl ws;

    @Option(names = "--http", paramLabel = "<url>", description = "What answers a POST with its body.")
    private @Nullable WebUrl http;

    @Option(names = "--size", paramLabel = "<size>", description = "Of a message (${DEFAULT-VALUE}).")
    private DataSize size = DataSize.ofBytes(64);

    @Option(names = "--rate", paramLabel = "<n>", description = "Messages a second, on all connections together.")
    private @Nullable Double rate;

    @Option(
            names = "--in-flight",
            paramLabel = "<n>",
            description = "Without --rate: messages on their way on each connection (${DEFAULT-VALUE}). HTTP has one.")
    private int inFlight = 1;

    @Override
    public Integer call() throws InterruptedException {
        List<Target> targets = check();
        String pace = rate == null ? inFlight + " in flight on each" : count(rate) + " messages a second";
        List<Echo.Result> results = options.run(
                spec,
                "%,d connections to an echo, %s.".formatted(options.connections(), pace),
                0,
                service(),
                targets,
                target -> new Echo(plan(target)));
        print(results);
        return Commands.exitCode(
                results.stream().allMatch(Echo.Result::isWell),
                results.stream().allMatch(result -> result.connections().unreachable()));
    }

    private List<Target> check() {
        List<Target> targets = new ArrayList<>();
        if (tcp != null) {
            targets.add(new Target.Tcp(tcp));
        }
        if (ws != null) {
            targets.add(new Target.WebSocket(ws.url(), false));
        }
        if (http != null) {
            targets.add(new Target.HttpPost(http.url(), "text/plain"));
        }
        if (targets.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "Nothing to load. Valid: --tcp, --ws or --http, as --tcp localhost:8888");
        }
        options.check(spec);
        LoadOptions.checkSize(spec, size);
        if (rate != null) {
            LoadOptions.checkRate(spec, rate);
        }
        if (inFlight < 1) {
            throw Commands.invalid(spec, "--in-flight", inFlight, "from 1, as --in-flight 16");
        }
        return targets;
    }

    private @Nullable HttpAddress service() {
        return http != null ? http.service() : ws != null ? ws.service() : null;
    }

    private Echo.Plan plan(Target target) {
        return new Echo.Plan(
                target,
                options.connections(),
                (int) size.toBytes(),
                rate,
                inFlight,
                options.warmup(),
                options.duration(),
                options.patience());
    }

    private void print(List<Echo.Result> results) {
        PrintWriter out = spec.commandLine().getOut();
        if (options.json()) {
            Json.print(out, results);
        } else {
            table(results).print(out);
            out.println();
            out.println(
                    rate == null
                            ? "Times run from sending to the answer. Each connection waits for it: a stall of the server hits"
                                    + " few messages. With --rate it counts."
                            : "Times run from when a message was meant to be sent: what had to wait counts with its wait.");
            for (Echo.Result result : results) {
                details(out, result);
            }
        }
        out.flush();
    }

    private void details(PrintWriter out, Echo.Result result) {
        if (rate != null) {
            out.println(
                    "%s: this process came to a message %s after its moment (median; p99 %s), which is in the times."
                            .formatted(
                                    result.target(),
                                    text(result.lateMicros().p50()),
                                    text(result.lateMicros().p99())));
        }
        if (result.strange() > 0) {
            out.println(result.target() + ": " + count(result.strange()) + " messages came that were not sent there.");
        }
        Words.server(out, result.target(), result.server());
        Words.troubles(out, result.target(), result.connections());
    }

    private static Table table(List<Echo.Result> results) {
        Table table = new Table(
                "", "connections", "msg/s", "p50", "p90", "p99", "p99.9", "max", "lost", "repeated", "CPU/msg");
        for (Echo.Result result : results) {
            table.row(
                    result.target(),
                    Words.stood(result.connections()),
                    count(result.perSecond()),
                    text(result.latencyMicros().p50()),
                    text(result.latencyMicros().p90()),
                    text(result.latencyMicros().p99()),
                    text(result.latencyMicros().p999()),
                    text(result.latencyMicros().max()),
                    count(result.lost()),
                    count(result.repeated()),
                    Words.cpu(result.server()));
        }
        return table;
    }
}
