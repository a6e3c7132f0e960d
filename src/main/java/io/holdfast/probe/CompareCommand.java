package io.holdfast.probe;

import static io.holdfast.probe.compare.ComparisonVerdict.figure;
import static io.holdfast.probe.result.Percentiles.text;

import io.holdfast.probe.client.BearerToken;
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
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code compare}. */
@Command(
        name = "compare",
        description =
                "Sends the same message over TCP, WebSocket and HTTP, on kept and on new connections: time and bytes.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  holdfast compare --http http://localhost:8080 --tcp localhost:8888 --size 1KB",
            "",
            "Exit codes: 0 compared, 1 a message did not come back, 2 bad arguments, 3 unreachable."
        })
final class CompareCommand implements Callable<Integer> {

    private static final DataSize MAX_SIZE = DataSize.ofMegabytes(16);

    private static final List<String> EXPLANATION = List.of(
            "",
            "short       a new connection for each message; otherwise one connection carries all messages of a round.",
            "connect     time to connect with TCP, and TLS if used; median.",
            "first byte  time from connecting to the first byte: of the answer, or of the WebSocket handshake; median.",
            "p50 to max  round trip: from sending to the complete answer; if short, from connecting.",
            "msg/s       one message at a time. With several in flight, every transport carries more.",
            "out, in     bytes per message, written and read: with headers, framing and TLS, without TCP and IP headers.",
            "once        bytes to open and close a kept connection; if short, they are part of each message.",
            "");

    private static final List<String> PUSHED = List.of(
            "",
            "p50 to max  from the start of publishing a message over HTTP until a subscriber received it.",
            "in          bytes per event: the message, and its envelope with channel, position and time.",
            "");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Targets targets = new Targets();

    @Option(names = "--json", description = "Print one JSON document instead of table and verdict.")
    private boolean json;

    @Option(names = "--size", paramLabel = "<size>", description = "Size of the message. Default: ${DEFAULT-VALUE}.")
    private DataSize size = DataSize.ofBytes(64);

    @Option(names = "--count", paramLabel = "<n>", description = "Messages per way. Default: ${DEFAULT-VALUE}.")
    private int count = 1000;

    @Override
    public Integer call() throws InterruptedException {
        check();
        BearerToken token = targets.token.of(spec);
        List<Way> ways = Way.to(targets.http, targets.tcp);
        Comparison.Outcome outcome;
        try (Progress progress = new Progress(spec.commandLine().getErr())) {
            progress.tell("Comparing %d ways to send %d messages of %s.".formatted(ways.size(), count, size));
            outcome = measure(ways, token, progress);
        }
        return switch (outcome) {
            case Comparison.Compared compared -> print(compared);
            case Comparison.Failed failed -> fail(failed);
        };
    }

    private Comparison.Outcome measure(List<Way> ways, @Nullable BearerToken token, Progress progress)
            throws InterruptedException {
        try (Client client = new Client(1, targets.insecure, token)) {
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

    /** The channel is new, so that no other messages arrive. A permission for {@code compare.*} is enough. */
    private List<Push> pushes() {
        String channel = "compare." + Long.toString(System.nanoTime(), Character.MAX_RADIX);
        return targets.http == null ? List.of() : Push.from(targets.http, targets.lines, channel);
    }

    private int print(Comparison.Compared compared) {
        PrintWriter out = spec.commandLine().getOut();
        ComparisonReport report = ComparisonReport.of((int) size.toBytes(), count, compared.costs(), compared.pushed());
        if (json) {
            Json.print(out, report);
            printLeftOut(spec.commandLine().getErr(), compared);
        } else {
            table().print(out, compared.costs());
            EXPLANATION.forEach(out::println);
            printPushed(out, compared);
            report.verdict().forEach(sentence -> out.println("- " + sentence));
        }
        out.flush();
        return Commands.WELL;
    }

    private static void printPushed(PrintWriter out, Comparison.Compared compared) {
        if (!compared.pushed().isEmpty()) {
            new Table<Pushed>()
                    .text("pushed", pushed -> pushed.way().title())
                    .times(Pushed::arrival)
                    .figure("in", pushed -> figure(pushed.perEvent()))
                    .print(out, compared.pushed());
            PUSHED.forEach(out::println);
        }
        printLeftOut(out, compared);
    }

    private static void printLeftOut(PrintWriter to, Comparison.Compared compared) {
        compared.leftOut().forEach(why -> to.println("not pushed by " + why));
        to.flush();
    }

    private static Table<Cost> table() {
        return new Table<Cost>()
                .text("", cost -> cost.way().toString())
                .figure("connect", cost -> text(cost.connect().p50()))
                .figure("first byte", cost -> text(cost.firstByte().p50()))
                .times(Cost::roundTrip)
                .figure("msg/s", cost -> figure(Math.rint(cost.messagesPerSecond())))
                .figure("out", cost -> figure(cost.perMessage().out()))
                .figure("in", cost -> figure(cost.perMessage().in()))
                .figure("once", cost -> cost.way().kept() ? figure(cost.once()) : "-");
    }
}
