// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static io.holdfast.probe.Words.count;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.client.WebUrl;
import io.holdfast.probe.load.Fan;
import io.holdfast.probe.load.Load;
import io.holdfast.probe.result.Screen;
import io.holdfast.probe.result.Table;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code load fan}. */
@Command(
        name = "fan",
        description = "Publishes messages that every subscriber receives. Measures one transport after the other.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  holdfast load fan --sse http://localhost:8080/channels/fan \\",
            "    --ws ws://localhost:8080/channels \\",
            "    --hello '{\"type\":\"subscribe\",\"channel\":\"fan\"}' \\",
            "    --publish http://localhost:8080/channels/fan --connections 200 --duration 5s",
            "",
            "A message's time starts at its scheduled moment. It carries a stamp, so any envelope around it will do."
        })
final class FanCommand extends LoadSubcommand<Fan.Result> {

    @Mixin
    private SubscriberOptions subscribers = new SubscriberOptions();

    @Option(
            names = "--publish",
            paramLabel = "<url>",
            required = true,
            description = "The URL to which messages are posted.")
    private @Nullable WebUrl publish;

    @Option(names = "--size", paramLabel = "<size>", description = "Size of a message. Default: ${DEFAULT-VALUE}.")
    private DataSize size = DataSize.ofBytes(128);

    @Option(
            names = "--rate",
            paramLabel = "<n>",
            description = "Messages published per second. Default: ${DEFAULT-VALUE}.")
    private double rate = 20;

    @Override
    List<Target> targets() {
        return subscribers.targets(options.httpVersion());
    }

    @Override
    String noTargets() {
        return "No subscribers. Valid: --sse, --ws or --lines, as --sse http://localhost:8080/channels/fan";
    }

    @Override
    void check() {
        LoadOptions.checkSize(spec, size);
        LoadOptions.checkRate(spec, rate);
    }

    @Override
    @Nullable
    HttpAddress service() {
        return subscribers.service();
    }

    @Override
    int extraConnections() {
        return Fan.PUBLISHERS;
    }

    @Override
    String introduction() {
        return "%,d subscribers, %s messages per second.".formatted(options.connections(), count(rate));
    }

    @Override
    Load<Fan.Result> load(Target target) {
        return new Fan(new Fan.Plan(
                target,
                subscribers.hello(target),
                new Target.HttpPost(Objects.requireNonNull(publish).url(), "text/plain", options.httpVersion()),
                options.connections(),
                (int) size.toBytes(),
                rate,
                options.warmup(),
                options.duration(),
                options.patience()));
    }

    @Override
    Table<Fan.Result> table() {
        return new Table<Fan.Result>()
                .text("", Fan.Result::target)
                .figure(
                        "subscribers",
                        result -> Words.stood(result.subscribers()),
                        result -> Words.all(result.subscribers()))
                .figure("published", result -> count(result.published()))
                .figure("delivered/s", result -> count(result.perSecond()))
                .timesWithP999(Fan.Result::latencyMicros)
                .figure("lost", result -> count(result.lost()), result -> Words.none(result.lost()))
                .figure("repeated", result -> count(result.repeated()), result -> Words.none(result.repeated()))
                .figure("CPU/delivery", result -> Words.cpu(result.server()));
    }

    @Override
    String explanation() {
        return "Times are from a message's scheduled moment until a subscriber received it.";
    }

    @Override
    void printDetails(Screen screen, Fan.Result result) {
        Words.late(screen, result.target() + ": messages were published", result.lateMicros());
        if (result.published() < result.due()) {
            screen.print("%s: of %s messages %s were not published."
                    .formatted(result.target(), count(result.due()), count(result.due() - result.published())));
        }
        Words.server(screen, result.target(), result.server());
        Words.troubles(screen, result.target(), result.subscribers());
        Words.troubles(screen, "publishers", result.publishers());
    }
}
