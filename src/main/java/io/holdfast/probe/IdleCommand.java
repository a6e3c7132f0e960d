// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static io.holdfast.probe.Words.count;
import static io.holdfast.probe.result.Percentiles.text;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.client.TcpAddress;
import io.holdfast.probe.load.Idle;
import io.holdfast.probe.load.Load;
import io.holdfast.probe.result.Screen;
import io.holdfast.probe.result.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code load idle}. */
@Command(
        name = "idle",
        description = "Opens connections and keeps them idle: how many stay open, and what ends the others.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  holdfast load idle --ws ws://localhost:8080/channels --tcp localhost:8888 \\",
            "    --connections 500 --duration 5s"
        })
final class IdleCommand extends LoadSubcommand<Idle.Result> {

    @Mixin
    private SubscriberOptions subscribers = new SubscriberOptions();

    @Option(names = "--tcp", paramLabel = "<host:port>", description = "Raw TCP.")
    private @Nullable TcpAddress tcp;

    @Override
    List<Target> targets() {
        List<Target> targets = new ArrayList<>(subscribers.targets(options.httpVersion()));
        if (tcp != null) {
            targets.add(new Target.Tcp(tcp));
        }
        return targets;
    }

    @Override
    String noTargets() {
        return "No target. Valid: --tcp, --ws, --sse or --lines, as --tcp localhost:8888";
    }

    @Override
    @Nullable
    HttpAddress service() {
        return subscribers.service();
    }

    @Override
    String introduction() {
        return "%,d idle connections.".formatted(options.connections());
    }

    @Override
    Load<Idle.Result> load(Target target) {
        return new Idle(new Idle.Plan(target, subscribers.hello(target), options.connections(), options.duration()));
    }

    @Override
    Table<Idle.Result> table() {
        return new Table<Idle.Result>()
                .text("", Idle.Result::target)
                .figure("asked", result -> count(result.connections().asked()))
                .figure("opened", result -> count(result.connections().stood()))
                .figure("held", result -> text(result.seconds() * 1e6))
                .figure(
                        "left open",
                        result -> count(result.stillStanding()),
                        result -> Words.none(result.connections().asked() - result.stillStanding()))
                .times(result -> result.connections().openMicros());
    }

    @Override
    String explanation() {
        return "Times are from connecting until the connection is open, handshakes included. At most " + Idle.DIALED
                + " connections are opened at the same time.";
    }

    @Override
    void printDetails(Screen screen, Idle.Result result) {
        Words.server(screen, result.target(), result.before(), result.after());
        Words.troubles(screen, result.target(), result.connections());
    }
}
