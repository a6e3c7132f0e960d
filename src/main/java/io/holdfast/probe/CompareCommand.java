// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static io.holdfast.probe.compare.ComparisonVerdict.figure;
import static io.holdfast.probe.result.Percentiles.text;

import io.holdfast.probe.client.BearerToken;
import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Head;
import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.HttpProtocol;
import io.holdfast.probe.client.TcpAddress;
import io.holdfast.probe.client.Trust;
import io.holdfast.probe.compare.Comparison;
import io.holdfast.probe.compare.ComparisonReport;
import io.holdfast.probe.compare.Cost;
import io.holdfast.probe.compare.Push;
import io.holdfast.probe.compare.Pushed;
import io.holdfast.probe.compare.Way;
import io.holdfast.probe.result.Json;
import io.holdfast.probe.result.Screen;
import io.holdfast.probe.result.Table;
import io.holdfast.probe.result.Tone;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
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
                "Sends the same message over TCP, WebSocket and HTTP, over HTTP/1.1 and HTTP/2, with TLS and without, on kept"
                        + " and on new connections: time, bytes and round trips.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  holdfast compare --http http://localhost:8080 --tcp localhost:8888 --size 1KB",
            "",
            "To compare TLS, give --http once more with https://, and --tcp with tls://."
        })
final class CompareCommand implements Callable<Integer> {

    private static final DataSize MAX_SIZE = DataSize.ofMegabytes(16);

    private static final List<Screen.Term> EXPLANATION = List.of(
            new Screen.Term(
                    "short",
                    "a new connection for each message; otherwise one connection carries all messages of a round. Over"
                            + " HTTP/2 that is a session."),
            new Screen.Term("h2, TLS", "over HTTP/2, with TLS; otherwise over HTTP/1.1, in clear text."),
            new Screen.Term(
                    "p50 to max", "round trip: from sending to the complete answer; if short, from connecting."),
            new Screen.Term("msg/s", "one message at a time. With several in flight, every transport carries more."),
            new Screen.Term(
                    "tcp, tls",
                    "time of the handshakes of TCP and TLS; median. TLS resumes the session of an earlier connection, as"
                            + " browsers do."),
            new Screen.Term("trips", "round trips over the network from connecting to the first answer."),
            new Screen.Term(
                    "first byte",
                    "time from connecting to the first byte of the answer, or of the handshake of TLS or WebSocket;"
                            + " median."),
            new Screen.Term(
                    "out, in",
                    "bytes per message, written and read: with headers, framing and TLS, without TCP and IP headers."),
            new Screen.Term(
                    "once", "bytes to open and close a kept connection; if short, they are part of each message."));

    private static final List<Screen.Term> PUSHED = List.of(
            new Screen.Term(
                    "p50 to max", "from the start of publishing a message over HTTP until a subscriber received it."),
            new Screen.Term("in", "bytes per event: the message, and its envelope with channel, position and time."));

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--http",
            paramLabel = "<url>",
            description =
                    "The service's address for HTTP and WebSocket, as http://localhost:8080. Once more with https://"
                            + " to compare TLS.")
    private List<HttpAddress> http = new ArrayList<>();

    @Option(
            names = "--tcp",
            paramLabel = "<host:port>",
            description = "The service's TCP echo, as localhost:8888. Once more with tls:// to compare TLS.")
    private List<TcpAddress> tcp = new ArrayList<>();

    @Option(
            names = "--lines",
            paramLabel = "<host:port>",
            description = "The service's channel protocol on TCP lines, as localhost:8889; also with tls://.")
    private List<TcpAddress> lines = new ArrayList<>();

    @Option(
            names = "--http-version",
            split = ",",
            paramLabel = "<1.1|2>",
            description = "Versions of HTTP to compare. Default: 1.1 and 2.")
    private List<HttpProtocol> versions = new ArrayList<>();

    @Mixin
    private TlsOptions tls = new TlsOptions();

    @Mixin
    private TokenOption token = new TokenOption();

    @Option(names = "--json", description = "Print one JSON document instead of table and verdict.")
    private boolean json;

    @Option(names = "--size", paramLabel = "<size>", description = "Size of the message. Default: ${DEFAULT-VALUE}.")
    private DataSize size = DataSize.ofBytes(64);

    @Option(names = "--count", paramLabel = "<n>", description = "Messages per way. Default: ${DEFAULT-VALUE}.")
    private int count = 1000;

    @Override
    public Integer call() {
        check();
        BearerToken shown = token.of(spec);
        Trust trust = tls.trust(spec);
        // Clear text first: the others are compared with it.
        http.sort(Comparator.comparing(address -> address.root().getScheme()));
        tcp.sort(Comparator.comparing(TcpAddress::tls));
        lines.sort(Comparator.comparing(TcpAddress::tls));
        List<Way> ways = Way.to(http, tcp, versions());
        Comparison.Outcome outcome;
        try (Progress progress = new Progress(spec.commandLine())) {
            progress.tell("Comparing %d ways to send %d messages of %s.".formatted(ways.size(), count, size));
            outcome = measure(ways, new Client(1, trust, shown), progress);
        }
        return switch (outcome) {
            case Comparison.Compared compared -> print(compared);
            case Comparison.Failed failed -> fail(failed);
        };
    }

    private Comparison.Outcome measure(List<Way> ways, Client opened, Progress progress) {
        try (Client client = opened) {
            return new Comparison(client, (int) size.toBytes(), count, progress::tell).of(ways, pushes());
        }
    }

    private void check() {
        if (http.isEmpty() && tcp.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Nothing to compare. Valid: --http, --tcp or both, as --http http://localhost:8080 --tcp localhost:8888");
        }
        once("--http", http, address -> address.root().getScheme());
        once("--tcp", tcp, address -> address.tls() ? "tls" : "no TLS");
        once("--lines", lines, address -> address.tls() ? "tls" : "no TLS");
        if (size.toBytes() < 1 || size.compareTo(MAX_SIZE) > 0) {
            throw Commands.invalid(spec, "--size", size, "1B to 16MB, as --size 64B");
        }
        if (count < 2 * Comparison.ROUNDS) {
            throw Commands.invalid(spec, "--count", count, "from " + 2 * Comparison.ROUNDS + ", as --count 1000");
        }
    }

    /** Two rows would have the same name. */
    private <A> void once(String option, List<A> addresses, Function<A, String> kind) {
        Set<String> kinds = new HashSet<>();
        for (A address : addresses) {
            if (!kinds.add(kind.apply(address))) {
                throw Commands.invalid(
                        spec,
                        option,
                        address,
                        "one address without TLS and one with TLS; this is the second of its kind");
            }
        }
    }

    private List<HttpProtocol> versions() {
        return versions.isEmpty()
                ? List.of(HttpProtocol.values())
                : versions.stream().distinct().toList();
    }

    private int fail(Comparison.Failed failed) {
        Screen.ofErrors(spec.commandLine())
                .print("%s to %s: %s."
                        .formatted(
                                failed.way(),
                                failed.way().target().where(),
                                failed.ending().text()));
        if (failed.ending() instanceof Ending.Refused(Head head) && head.status() == 404) {
            Screen.ofErrors(spec.commandLine()).print("There is no Holdfast at this address.");
        }
        return failed.ending().isRefusal() ? Commands.UNREACHABLE : Commands.WRONG;
    }

    /** The channel is new, so that no other messages arrive. A permission for {@code compare.*} is enough. */
    private List<Push> pushes() {
        String channel = "compare." + Long.toString(System.nanoTime(), Character.MAX_RADIX);
        return Push.from(http, lines, versions(), channel);
    }

    private int print(Comparison.Compared compared) {
        Screen screen = Screen.of(spec.commandLine());
        ComparisonReport report = ComparisonReport.of((int) size.toBytes(), count, compared);
        if (json) {
            Json.print(screen.out(), Commands.name(spec), compared.complete(), report);
            printLeftOut(Screen.ofErrors(spec.commandLine()), compared);
        } else {
            if (!compared.costs().isEmpty()) {
                times().print(screen, compared.costs());
                screen.blank();
                connections().print(screen, compared.costs());
                screen.blank();
                screen.print(EXPLANATION);
                screen.blank();
            }
            printPushed(screen, compared);
            report.verdict().forEach(sentence -> screen.print("- " + sentence));
        }
        screen.out().flush();
        if (!compared.complete()) {
            Commands.interrupted(spec);
        }
        return Commands.exitCode(compared.complete(), true, true);
    }

    private static void printPushed(Screen screen, Comparison.Compared compared) {
        if (!compared.pushed().isEmpty()) {
            new Table<Pushed>()
                    .text("pushed", pushed -> pushed.way().title())
                    .times(Pushed::arrival)
                    .figure("in", pushed -> figure(pushed.perEvent()))
                    .print(screen, compared.pushed());
            screen.blank();
            screen.print(PUSHED);
            screen.blank();
        }
        printLeftOut(screen, compared);
    }

    private static void printLeftOut(Screen to, Comparison.Compared compared) {
        compared.unreached().forEach(why -> to.print(Tone.UNSURE, "left out", why));
        compared.leftOut().forEach(why -> to.print(Tone.UNSURE, "not pushed by", why));
        to.out().flush();
    }

    private static Table<Cost> times() {
        return new Table<Cost>()
                .text("", cost -> cost.way().toString())
                .times(Cost::roundTrip)
                .figure("msg/s", cost -> figure(Math.rint(cost.messagesPerSecond())));
    }

    private static Table<Cost> connections() {
        return new Table<Cost>()
                .text("", cost -> cost.way().toString())
                .figure("tcp", cost -> text(cost.tcp().p50()))
                .figure(
                        "tls",
                        cost -> cost.tlsVersion() == null
                                ? "-"
                                : text(cost.tls().p50()))
                .figure("trips", cost -> figure(cost.roundTrips()))
                .figure("first byte", cost -> text(cost.firstByte().p50()))
                .figure("out", cost -> figure(cost.perMessage().out()))
                .figure("in", cost -> figure(cost.perMessage().in()))
                .figure("once", cost -> cost.way().kept() ? figure(cost.once()) : "-");
    }
}
