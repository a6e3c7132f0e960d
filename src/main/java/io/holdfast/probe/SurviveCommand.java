// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import io.holdfast.probe.result.Json;
import io.holdfast.probe.result.Screen;
import io.holdfast.probe.survive.Plan;
import io.holdfast.probe.survive.ProbedTransport;
import io.holdfast.probe.survive.Survival;
import io.holdfast.probe.survive.SurvivalReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code survive}. */
@Command(
        name = "survive",
        description =
                "Measures how long a connection to a service may be silent, who ends it, and which heartbeat helps.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Example:",
            "  holdfast survive --http http://localhost:8080 --tcp localhost:8888 --up-to 10s",
            "",
            "Duration: about --up-to if nothing ends a connection. Otherwise three times the limit that is found, and a"
                    + " little more if connections are dropped without notice."
        })
final class SurviveCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    Targets targets = new Targets();

    @Option(
            names = "--transport",
            split = ",",
            paramLabel = "<transport>",
            description = "Transports to measure: ${COMPLETION-CANDIDATES}. Default: all whose address is given;"
                    + " KEEPALIVE, how long an HTTP connection may wait for its next request, not with other paths.")
    List<ProbedTransport> transports = new ArrayList<>();

    @Option(
            names = "--up-to",
            paramLabel = "<duration>",
            description = "The longest silence. Silences start at 1s and double. Default: 1m; at most 24h.")
    @Nullable
    Duration upTo;

    @Option(
            names = "--silences",
            split = ",",
            paramLabel = "<duration>",
            description =
                    "Silences to try instead of doubling ones, as 10s,30s,55s; at most " + Plan.MOST_SILENCES + ".")
    List<Duration> silences = new ArrayList<>();

    @Option(
            names = "--heartbeat",
            split = ",",
            paramLabel = "<duration>",
            converter = Heartbeats.class,
            description = "Heartbeats to try in addition to the recommended one, as none,15s,30s.")
    List<Duration> heartbeats = new ArrayList<>();

    @Option(
            names = "--stream-path",
            paramLabel = "<path>",
            defaultValue = Plan.STREAM_PATH,
            description = "Path of the event stream. Default: ${DEFAULT-VALUE}.")
    String streamPath = Plan.STREAM_PATH;

    @Option(
            names = "--websocket-path",
            paramLabel = "<path>",
            defaultValue = Plan.WEBSOCKET_PATH,
            description =
                    "Path of the WebSocket. Default: ${DEFAULT-VALUE}, which must be an echo. Any other path is tested"
                            + " with pings.")
    String webSocketPath = Plan.WEBSOCKET_PATH;

    @Option(
            names = "--patience",
            paramLabel = "<duration>",
            defaultValue = "5s",
            description = "How long to wait for an answer. Default: ${DEFAULT-VALUE}.")
    Duration patience = Duration.ofSeconds(5);

    @Option(names = "--json", description = "Print one JSON document instead of table and text.")
    boolean json;

    @Override
    public Integer call() {
        Plan plan = plan();
        SurvivalReport report;
        try (Progress progress = new Progress(spec.commandLine())) {
            progress.tell(plan.introduction());
            report = Survival.measure(plan, progress::tell);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Json.print(out, Commands.name(spec), report.complete(), report.document());
        } else {
            report.print(Screen.of(spec.commandLine()));
        }
        out.flush();
        if (!report.complete()) {
            Commands.interrupted(spec);
        }
        return Commands.exitCode(report.complete(), report.isMeasured(), report.isWell());
    }

    private Plan plan() {
        return new Plan(
                targets.http,
                targets.tcp,
                targets.lines,
                chosen(),
                silences(),
                heartbeats(),
                path("--stream-path", streamPath),
                path("--websocket-path", webSocketPath),
                inBounds("--patience", patience, Duration.ofMillis(100), Duration.ofMinutes(1)),
                targets.httpVersion.version,
                targets.tls.trust(spec),
                targets.token.of(spec));
    }

    private List<ProbedTransport> chosen() {
        List<ProbedTransport> reachable = new ArrayList<>();
        if (targets.http != null) {
            reachable.addAll(ProbedTransport.WEB);
        }
        if (targets.tcp != null) {
            reachable.add(ProbedTransport.TCP);
        }
        if (targets.lines != null) {
            reachable.add(ProbedTransport.LINES);
        }
        if (reachable.isEmpty()) {
            throw bad("No target. Valid: at least one of --http, --tcp and --lines, as --http http://localhost:8080");
        }
        for (ProbedTransport transport : transports) {
            if (!reachable.contains(transport)) {
                String option = transport.isWeb() ? "--http" : transport == ProbedTransport.TCP ? "--tcp" : "--lines";
                throw bad("'--transport " + transport.tag() + "' needs " + option + ".");
            }
        }
        return transports.isEmpty()
                ? usual(reachable)
                : transports.stream().distinct().toList();
    }

    /** What takes requests below other paths is not known. */
    private List<ProbedTransport> usual(List<ProbedTransport> reachable) {
        boolean isUsual = streamPath.equals(Plan.STREAM_PATH) && webSocketPath.equals(Plan.WEBSOCKET_PATH);
        return reachable.stream()
                .filter(transport -> isUsual || transport != ProbedTransport.KEEPALIVE)
                .toList();
    }

    private List<Duration> silences() {
        if (upTo != null && !silences.isEmpty()) {
            throw bad("'--up-to' and '--silences' exclude each other. Valid: one of them, as --up-to 10m");
        }
        if (silences.isEmpty()) {
            Duration most = upTo == null ? Plan.UP_TO : upTo;
            return Plan.silencesUpTo(inBounds("--up-to", most, Plan.SHORTEST, Plan.LONGEST));
        }
        if (silences.size() > Plan.MOST_SILENCES) {
            throw bad("'--silences' has " + silences.size() + ". Valid: at most " + Plan.MOST_SILENCES
                    + ", as 10s,30s,55s");
        }
        silences.forEach(silence -> inBounds("--silences", silence, Plan.SHORTEST, Plan.LONGEST));
        return silences.stream().distinct().sorted().toList();
    }

    private List<Duration> heartbeats() {
        if (heartbeats.size() > Plan.MOST_HEARTBEATS) {
            throw bad("'--heartbeat' has " + heartbeats.size() + ". Valid: at most " + Plan.MOST_HEARTBEATS
                    + ", as none,15s,30s");
        }
        heartbeats.stream()
                .filter(heartbeat -> !heartbeat.equals(Plan.NO_HEARTBEAT))
                .forEach(heartbeat -> inBounds("--heartbeat", heartbeat, Duration.ofMillis(10), Plan.LONGEST));
        return heartbeats.stream().distinct().toList();
    }

    private String path(String option, String path) {
        if (!path.matches("/[\\x21-\\x7e&&[^#\"<>\\\\^`{|}]]*")) {
            throw bad("'" + option + " " + path + "' can't be used. Valid: a path, as " + option + " /events?topic=a");
        }
        return path;
    }

    private Duration inBounds(String option, Duration given, Duration least, Duration most) {
        if (given.compareTo(least) < 0 || given.compareTo(most) > 0) {
            throw bad("'" + option + " " + text(given) + "' can't be used. Valid: from " + text(least) + " to "
                    + text(most) + ", as " + option + " " + text(least.multipliedBy(100)));
        }
        return given;
    }

    private static String text(Duration duration) {
        return DurationStyle.SIMPLE.print(duration, unit(duration));
    }

    /** The largest unit that divides it. */
    private static ChronoUnit unit(Duration duration) {
        return Stream.of(ChronoUnit.HOURS, ChronoUnit.MINUTES, ChronoUnit.SECONDS)
                .filter(unit -> !duration.isZero()
                        && duration.toNanos() % unit.getDuration().toNanos() == 0)
                .findFirst()
                .orElse(ChronoUnit.MILLIS);
    }

    private ParameterException bad(String text) {
        return new ParameterException(spec.commandLine(), text);
    }
}
