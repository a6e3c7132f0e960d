package io.holdfast.probe;

import static io.holdfast.probe.Words.count;
import static io.holdfast.probe.result.Percentiles.text;

import io.holdfast.probe.client.Target;
import io.holdfast.probe.client.TcpAddress;
import io.holdfast.probe.load.ConnectionStats;
import io.holdfast.probe.load.Idle;
import io.holdfast.probe.result.Json;
import io.holdfast.probe.result.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code load idle}: its options, and its result in words. */
@Command(
        name = "idle",
        description = "Connections that say nothing: how many stand, and what ends them.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  holdfast load idle --ws ws://localhost:8080/channels --tcp localhost:8888 --connections 5000 --duration 1m"
        })
final class IdleCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SubscriberOptions listening = new SubscriberOptions();

    @Option(names = "--tcp", paramLabel = "<host:port>", description = "Raw TCP.")
    private @Nullable TcpAddress tcp;

    @Mixin
    private LoadOptions options = new LoadOptions();

    @Override
    public Integer call() throws InterruptedException {
        List<Target> targets = check();
        List<Idle.Result> results = options.run(
                spec,
                "%,d idle connections.".formatted(options.connections()),
                0,
                listening.service(),
                targets,
                target -> new Idle(plan(target)));
        print(results);
        return Commands.exitCode(
                results.stream().allMatch(Idle.Result::isWell),
                results.stream().allMatch(result -> result.connections().unreachable()));
    }

    private List<Target> check() {
        List<Target> targets = new ArrayList<>(listening.targets());
        if (tcp != null) {
            targets.add(new Target.Tcp(tcp));
        }
        if (targets.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Nothing to hold. Valid: --tcp, --ws, --sse or --lines, as --tcp localhost:8888");
        }
        options.check(spec);
        return targets;
    }

    private Idle.Plan plan(Target target) {
        return new Idle.Plan(target, listening.hello(target), options.connections(), options.duration());
    }

    private void print(List<Idle.Result> results) {
        PrintWriter out = spec.commandLine().getOut();
        if (options.json()) {
            Json.print(out, results);
        } else {
            table(results).print(out);
            out.println();
            out.println("Times run from dialing until a connection stood, handshakes included, with up to "
                    + Idle.DIALED + " dialed at a time.");
            for (Idle.Result result : results) {
                Words.server(out, result.target(), result.before(), result.after());
                Words.troubles(out, result.target(), result.connections());
            }
        }
        out.flush();
    }

    private static Table table(List<Idle.Result> results) {
        Table table = new Table("", "asked", "stood", "held", "left", "p50", "p90", "p99", "max");
        for (Idle.Result result : results) {
            ConnectionStats standing = result.connections();
            table.row(
                    result.target(),
                    count(standing.asked()),
                    count(standing.stood()),
                    text(result.seconds() * 1e6),
                    count(result.stillStanding()),
                    text(standing.openMicros().p50()),
                    text(standing.openMicros().p90()),
                    text(standing.openMicros().p99()),
                    text(standing.openMicros().max()));
        }
        return table;
    }
}
