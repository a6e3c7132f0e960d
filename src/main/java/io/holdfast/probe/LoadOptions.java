// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import io.holdfast.probe.client.BearerToken;
import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.HttpProtocol;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.load.FileLimit;
import io.holdfast.probe.load.Load;
import io.holdfast.probe.load.LoadResult;
import io.holdfast.probe.load.Server;
import io.holdfast.probe.load.Stamp;
import io.holdfast.probe.result.Screen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of all load commands. */
final class LoadOptions {

    private static final Duration LONGEST = Duration.ofDays(1);

    @Mixin
    private TlsOptions tls = new TlsOptions();

    @Mixin
    private HttpVersionOption httpVersion = new HttpVersionOption();

    @Option(
            names = "--streams-per-session",
            paramLabel = "<n>",
            description = "With HTTP/2: connections that share a session, each as a stream. Default: ${DEFAULT-VALUE}.")
    private int streams = 1;

    @Option(names = "--json", description = "Print one JSON document instead of the table.")
    private boolean json;

    @Option(
            names = "--connections",
            paramLabel = "<n>",
            description = "Number of connections. Default: ${DEFAULT-VALUE}.")
    private int connections = 100;

    @Option(
            names = "--duration",
            paramLabel = "<time>",
            defaultValue = "10s",
            description = "How long to measure. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--patience",
            paramLabel = "<time>",
            defaultValue = "5s",
            description = "How long to wait for the last messages. Default: ${DEFAULT-VALUE}.")
    private Duration patience = Duration.ZERO;

    @Option(
            names = "--warmup",
            paramLabel = "<time>",
            defaultValue = "2s",
            description = "How long to load before measuring. Default: ${DEFAULT-VALUE}.")
    private Duration warmup = Duration.ZERO;

    @Option(
            names = "--actuator",
            paramLabel = "<url>",
            description = {
                "The server whose actuator gives CPU time and heap, as http://localhost:8080.",
                "Default: the target, if it has an actuator."
            })
    private @Nullable HttpAddress actuator;

    @Mixin
    private TokenOption token = new TokenOption();

    int connections() {
        return connections;
    }

    Duration duration() {
        return duration;
    }

    Duration patience() {
        return patience;
    }

    Duration warmup() {
        return warmup;
    }

    HttpProtocol httpVersion() {
        return httpVersion.version;
    }

    boolean json() {
        return json;
    }

    /** Refuses invalid options before anything is opened. */
    void check(CommandSpec command) {
        if (connections < 1) {
            throw Commands.invalid(command, "--connections", connections, "from 1, as --connections 1000");
        }
        if (duration.isZero()) {
            throw Commands.invalid(command, "--duration", "0s", "more than 0s, up to 24h, as --duration 30s");
        }
        checkTime(command, "--duration", duration);
        checkTime(command, "--warmup", warmup);
        checkTime(command, "--patience", patience);
        boolean shares = streams > 1;
        if (streams < 1 || (shares && httpVersion.version != HttpProtocol.HTTP_2)) {
            throw Commands.invalid(
                    command,
                    "--streams-per-session",
                    streams,
                    "from 1, with --http-version 2, as --http-version 2 --streams-per-session 50");
        }
        tls.trust(command);
        token.of(command);
    }

    /**
     * Loads one target after the other. If the thread is interrupted, there are fewer results, and the last is not complete.
     *
     * @param introduction printed before anything is opened
     * @param extra connections that a load needs besides those that were asked for
     * @param service where its actuator is looked for; null if unknown
     */
    <R extends LoadResult> List<R> run(
            CommandSpec command,
            String introduction,
            int extra,
            @Nullable HttpAddress service,
            List<Target> targets,
            Function<Target, Load<R>> load) {
        BearerToken shown = token.of(command);
        Server server = server(command, service, shown);
        boolean measured = false;
        List<R> results = new ArrayList<>();
        try (Progress progress = new Progress(command.commandLine())) {
            progress.tell(introduction);
            checkFiles(command, sockets(targets) + extra, extra);
            try (Client client = new Client(threads(), tls.trust(command), shown, streams)) {
                measured = server != null && server.answers();
                boolean complete = true;
                for (int i = 0; i < targets.size() && complete; i++) {
                    R result = load.apply(targets.get(i)).run(client, measured ? server : null, progress::tell);
                    results.add(result);
                    complete = result.complete();
                }
            } catch (InterruptedException e) {
                return results;
            }
        }
        if (server != null) {
            explain(server, measured, Screen.ofErrors(command.commandLine()));
        }
        return results;
    }

    /** Sockets that the largest target needs. Over HTTP/2 a session has one. */
    private int sockets(List<Target> targets) {
        boolean shared = targets.stream()
                .allMatch(target -> target instanceof Target.Web web && web.protocol() == HttpProtocol.HTTP_2);
        return shared ? Math.ceilDiv(connections, streams) : connections;
    }

    /** Refuses more connections than this process may have files. */
    private void checkFiles(CommandSpec command, int sockets, int extra) {
        FileLimit limit = FileLimit.ofProcess();
        if (limit != null && sockets > limit.connections()) {
            throw new ParameterException(
                    command.commandLine(),
                    ("%d connections need more files than this process may open: %d (ulimit -n), %d of them in use."
                                    + " Valid: up to --connections %d, or more after ulimit -n %d")
                            .formatted(
                                    connections,
                                    limit.allowed(),
                                    limit.open(),
                                    Math.max(1, limit.connections() - extra),
                                    sockets + limit.allowed() - limit.connections()));
        }
    }

    static void checkSize(CommandSpec command, DataSize size) {
        if (size.toBytes() < Stamp.LENGTH || size.compareTo(DataSize.ofMegabytes(16)) > 0) {
            throw Commands.invalid(
                    command,
                    "--size",
                    size,
                    "from " + Stamp.LENGTH + "B (the stamp in each message) to 16MB, as --size 64B");
        }
    }

    static void checkRate(CommandSpec command, double rate) {
        if (!(rate > 0 && rate <= 1_000_000)) {
            throw Commands.invalid(command, "--rate", rate, "more than 0, up to 1000000, as --rate 200");
        }
    }

    private static void checkTime(CommandSpec command, String option, Duration time) {
        if (time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw Commands.invalid(command, option, time, "0s to 24h, as " + option + " 5s");
        }
    }

    private static int threads() {
        return Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
    }

    /** Where its figures may be; null if no address is known. */
    private @Nullable Server server(CommandSpec command, @Nullable HttpAddress target, @Nullable BearerToken shown) {
        HttpAddress asked = actuator == null ? target : actuator;
        return asked == null ? null : new Server(asked, tls.trust(command), shown);
    }

    /** Says why the figures are missing, if the user expects them or can change it. */
    private void explain(Server server, boolean measured, Screen err) {
        Ending.Denied denied = server.denied();
        if (denied != null) {
            err.print("The server's CPU and heap are not shown: that needs the role observer. " + denied.text() + ".");
        } else if (!measured && actuator != null) {
            err.print("No metrics at " + actuator + "/actuator/metrics, so the server's CPU and heap are not shown.");
        }
    }
}
