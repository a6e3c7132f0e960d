package io.holdfast.probe;

import static io.holdfast.probe.compare.ComparisonVerdict.figure;
import static io.holdfast.probe.result.Percentiles.text;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.compare.Comparison;
import io.holdfast.probe.compare.ComparisonReport;
import io.holdfast.probe.compare.Cost;
import io.holdfast.probe.compare.Push;
import io.holdfast.probe.compare.Pushed;
import io.holdfast.probe.compare.Way;
import io.holdfast.probe.result.Json;
import io.holdfast.probe.result.Table;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.springframework.util.unit.DataSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code compare}: its options, and its result in words. */
@Command(
        name = "compare",
        description = "The same message over TCP, WebSocket and HTTP, on kept and on new connections: time and bytes.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  holdfast compare --http http://localhost:8080 --tcp localhost:8888 --size 1KB",
            "",
            "Exit code: 0 compared, 1 a message did not come back, 2 bad arguments, 3 unreachable."
        })
final class CompareCommand implements Callable<Integer> {

    private static final DataSize MAX_SIZE = DataSize.ofMegabytes(16);

    private static final List<String> EXPLANATION = List.of(
            "",
            "short       a new connection for each message; else one is kept for all of a round.",
            "connect     from dialing until TCP stands, and TLS if there is any; median.",
            "first byte  from dialing until the first byte comes: of the answer, or of WebSocket's handshake; median.",
            "p50 to max  round trips: from sending until the whole answer is here; if short, from dialing on.",
            "msg/s       one after the other, never two in flight: with more in flight all carry more.",
            "out, in     bytes a message, written and read: heads, framing and TLS included, TCP's and IP's own headers not.",
            "once        bytes of opening and closing a kept connection; if short, they are in each message.",
            "");

    private static final List<String> PUSHED = List.of(
            "",
            "p50 to max  from beginning to publish a message to a channel, by HTTP, until a subscriber has it.",
            "in          bytes an event: the message and its envelope, which tells channel, position and time.",
            "");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Targets targets = new Targets();

    @Option(names = "--json", description = "Print one JSON document in the place of table and verdict.")
    private boolean json;

    @Option(names = "--size", paramLabel = "<size>", description = "Of the message (${DEFAULT-VALUE}).")
    private DataSize size = DataSize.ofBytes(64);

    @Option(names = "--count", paramLabel = "<n>", description = "Messages each way (${DEFAULT-VALUE}).")
    private int count = 1000;

    @Override
    public Integer call() throws InterruptedException {
        check();
        List<Way> ways = Way.to(targets.http, targets.tcp);
        Comparison.Outcome outcome;
        try (Progress progress = new Progress(spec.commandLine().getErr())) {
            progress.tell("Comparing %d ways to carry %d messages of %s.".formatted(ways.size(), count, size));
            outcome = measure(ways, progress);
        }
        return switch (outcome) {
            case Comparison.Compared compared -> print(compared);
            case Comparison.Failed failed -> fail(failed);
        };
    }

    private Comparison.Outcome measure(List<Way> ways, Progress progress) throws InterruptedException {
        try (Client client = new Client(1, targets.insecure)) {
            return new Comparison(client, (int) size.toBytes(), count, progress::tell).of(ways, pushes());
        }
    }

    private void check() {
        if (targets.http == null && targets.tcp == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Nothing to compare. Valid: --http, --tcp or both, as --http http://localhost:8080 --tcp localhost:8888");
        }
        if (size.toBytes() < 1 || size.compareTo(MAX_SIZE) > 0) {
            throw Commands.invalid(spec, "--size", size, "1B to 16MB, as --size 64B");
        }
        if (count < 2 * Comparison.ROUNDS) {
            throw Commands.invalid(spec, "--count", count, "from " + 2 * Comparison.ROUNDS + ", as --count 1000");
        }
    }

    private int fail(Comparison.Failed failed) {
        spec.commandLine()
                .getErr()
                .println("%s to %s: %s."
                        .formatted(
                                failed.way(),
                                failed.way().target().where(),
                                failed.ending().text()));
        return failed.ending() instanceof Ending.Unreachable ? Commands.UNREACHABLE : Commands.WRONG;
    }

    /** A channel of its own, so that nobody else's messages come. */
    private List<Push> pushes() {
        String channel = "compare-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
        return targets.http == null ? List.of() : Push.from(targets.http, targets.lines, channel);
    }

    private int print(Comparison.Compared compared) {
        PrintWriter out = spec.commandLine().getOut();
        ComparisonReport report = ComparisonReport.of((int) size.toBytes(), count, compared.costs(), compared.pushed());
        if (json) {
            Json.print(out, report);
        } else {
            table(compared.costs()).print(out);
            EXPLANATION.forEach(out::println);
            pushed(out, compared);
            report.verdict().forEach(sentence -> out.println("- " + sentence));
        }
        out.flush();
        return Commands.WELL;
    }

    private static void pushed(PrintWriter out, Comparison.Compared compared) {
        if (!compared.pushed().isEmpty()) {
            Table table = new Table("pushed", "p50", "p90", "p99", "max", "in");
            for (Pushed pushed : compared.pushed()) {
                table.row(
                        pushed.way().title(),
                        text(pushed.arrival().p50()),
                        text(pushed.arrival().p90()),
                        text(pushed.arrival().p99()),
                        text(pushed.arrival().max()),
                        figure(pushed.perEvent()));
            }
            table.print(out);
            PUSHED.forEach(out::println);
        }
        compared.leftOut().forEach(why -> out.println("not pushed by " + why));
    }

    private static Table table(List<Cost> costs) {
        Table table = new Table("", "connect", "first byte", "p50", "p90", "p99", "max", "msg/s", "out", "in", "once");
        for (Cost cost : costs) {
            table.row(
                    cost.way().toString(),
                    text(cost.connect().p50()),
                    text(cost.firstByte().p50()),
                    text(cost.roundTrip().p50()),
                    text(cost.roundTrip().p90()),
                    text(cost.roundTrip().p99()),
                    text(cost.roundTrip().max()),
                    figure(Math.rint(cost.messagesPerSecond())),
                    figure(cost.perMessage().out()),
                    figure(cost.perMessage().in()),
                    cost.way().kept() ? figure(cost.once()) : "-");
        }
        return table;
    }
}
