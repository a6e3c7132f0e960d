package io.holdfast.probe;

import static io.holdfast.probe.Words.count;
import static io.holdfast.probe.result.Percentiles.text;

import io.holdfast.probe.client.Target;
import io.holdfast.probe.client.WebUrl;
import io.holdfast.probe.load.Fan;
import io.holdfast.probe.result.Json;
import io.holdfast.probe.result.Table;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code load fan}: its options, and its result in words. */
@Command(
        name = "fan",
        description = "Messages published once and received by all subscribers, by one transport after the other.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  holdfast load fan --sse http://localhost:8080/channels/fan --ws ws://localhost:8080/channels \\",
            "      --hello '{\"type\":\"subscribe\",\"channel\":\"fan\"}' --publish http://localhost:8080/channels/fan \\",
            "      --connections 1000 --rate 40",
            "",
            "Times run from when a message was meant to be published. It is found again whatever envelope it comes in."
        })
final class FanCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private SubscriberOptions listening = new SubscriberOptions();

    @Mixin
    private LoadOptions options = new LoadOptions();

    @Option(names = "--publish", paramLabel = "<url>", required = true, description = "Where messages are posted.")
    private @Nullable WebUrl publish;

    @Option(names = "--size", paramLabel = "<size>", description = "Of a message (${DEFAULT-VALUE}).")
    private DataSize size = DataSize.ofBytes(128);

    @Option(names = "--rate", paramLabel = "<n>", description = "Messages published a second (${DEFAULT-VALUE}).")
    private double rate = 20;

    @Override
    public Integer call() throws InterruptedException {
        List<Target> targets = check();
        List<Fan.Result> results = options.run(
                spec,
                "%,d subscribers, %s messages a second.".formatted(options.connections(), count(rate)),
                Fan.PUBLISHERS,
                listening.service(),
                targets,
                target -> new Fan(plan(target)));
        print(results);
        return Commands.exitCode(
                results.stream().allMatch(Fan.Result::isWell), results.stream().allMatch(Fan.Result::isUnreachable));
    }

    private List<Target> check() {
        List<Target> targets = listening.targets();
        if (targets.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Nobody to listen. Valid: --sse, --ws or --lines, as --sse http://localhost:8080/channels/fan");
        }
        options.check(spec);
        LoadOptions.checkSize(spec, size);
        LoadOptions.checkRate(spec, rate);
        return targets;
    }

    private Fan.Plan plan(Target target) {
        return new Fan.Plan(
                target,
                listening.hello(target),
                new Target.HttpPost(Objects.requireNonNull(publish).url(), "text/plain"),
                options.connections(),
                (int) size.toBytes(),
                rate,
                options.warmup(),
                options.duration(),
                options.patience());
    }

    private void print(List<Fan.Result> results) {
        PrintWriter out = spec.commandLine().getOut();
        if (options.json()) {
            Json.print(out, results);
        } else {
            table(results).print(out);
            out.println();
            out.println("Times run from when a message was meant to be published until a subscriber had it.");
            for (Fan.Result result : results) {
                details(out, result);
            }
        }
        out.flush();
    }

    private static void details(PrintWriter out, Fan.Result result) {
        out.println("%s: publishing began %s after its moment (median; p99 %s), which is in the times."
                .formatted(
                        result.target(),
                        text(result.lateMicros().p50()),
                        text(result.lateMicros().p99())));
        if (result.published() < result.due()) {
            out.println("%s: of %s messages %s were not published."
                    .formatted(result.target(), count(result.due()), count(result.due() - result.published())));
        }
        Words.server(out, result.target(), result.server());
        Words.troubles(out, result.target(), result.subscribers());
        Words.troubles(out, "publishers", result.publishers());
    }

    private static Table table(List<Fan.Result> results) {
        Table table = new Table(
                "",
                "subscribers",
                "published",
                "delivered/s",
                "p50",
                "p90",
                "p99",
                "p99.9",
                "max",
                "lost",
                "repeated",
                "CPU/delivery");
        for (Fan.Result result : results) {
            table.row(
                    result.target(),
                    Words.stood(result.subscribers()),
                    count(result.published()),
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
