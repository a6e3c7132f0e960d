// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import io.holdfast.channel.ChannelCounts;
import io.holdfast.channel.Channels;
import io.holdfast.connection.Transport;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;

/** Publishes {@link ChannelCounts} as meters. No meter is tagged by channel. */
@Component
class ChannelMeters implements MeterBinder {

    private static final Duration[] ROUNDS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(500)
    };

    private final ChannelCounts counts;
    private final Channels channels;

    ChannelMeters(ChannelCounts counts, Channels channels) {
        this.counts = counts;
        this.channels = channels;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Transport transport : Transport.values()) {
            FunctionCounter.builder("holdfast.channels.published", counts, all -> all.publishedBy(transport.tag()))
                    .description("Messages published on this node")
                    .tag("transport", transport.tag())
                    .register(registry);
        }
        counter(registry, "repeated", "Publishes answered with an earlier one's position", ChannelCounts::repeats);
        counter(registry, "delivered", "Messages handed to subscribers", ChannelCounts::deliveries);
        counter(registry, "skipped", "Messages left out for subscribers of the newest", ChannelCounts::skips);
        counter(registry, "resumed", "Subscriptions that went on where they asked to", ChannelCounts::resumes);
        counter(registry, "gaps", "Subscriptions that were told of a gap", ChannelCounts::gaps);
        Gauge.builder("holdfast.channels.open", channels, all -> all.names().size())
                .description("Channels that this node has")
                .register(registry);
        Timer rounds = Timer.builder("holdfast.channels.fan.out")
                .description("Time to send a batch of messages to all subscribers of a channel on this node")
                .serviceLevelObjectives(ROUNDS)
                .register(registry);
        counts.observeFanOut(nanos -> rounds.record(nanos, TimeUnit.NANOSECONDS));
    }

    private void counter(
            MeterRegistry registry, String name, String description, ToDoubleFunction<ChannelCounts> value) {
        FunctionCounter.builder("holdfast.channels." + name, counts, value)
                .description(description)
                .register(registry);
    }
}
