package io.holdfast.ops;

import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Publishes {@link Traffic} as meters tagged {@code transport}. They are read when scraped; traffic never waits for them. */
@Component
class TrafficMeters implements MeterBinder {

    private final Traffic traffic;

    TrafficMeters(Traffic traffic) {
        this.traffic = traffic;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Transport transport : Transport.values()) {
            Traffic.Counts counts = traffic.of(transport);
            Tags tags = Tags.of("transport", transport.tag());
            Gauge.builder("holdfast.connections.open", counts, Traffic.Counts::open)
                    .description("Connections open now")
                    .tags(tags)
                    .register(registry);
            counter(registry, "connections.opened", null, "Connections opened", tags, counts, Traffic.Counts::opened);
            Tags in = tags.and("direction", "in");
            Tags out = tags.and("direction", "out");
            counter(registry, "messages", null, "Messages", in, counts, Traffic.Counts::messagesIn);
            counter(registry, "messages", null, "Messages", out, counts, Traffic.Counts::messagesOut);
            counter(registry, "traffic", "bytes", "Payload", in, counts, Traffic.Counts::bytesIn);
            counter(registry, "traffic", "bytes", "Payload", out, counts, Traffic.Counts::bytesOut);
        }
    }

    private static void counter(
            MeterRegistry registry,
            String name,
            @Nullable String unit,
            String description,
            Tags tags,
            Traffic.Counts counts,
            ToDoubleFunction<Traffic.Counts> value) {
        FunctionCounter.builder("holdfast." + name, counts, value)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
    }
}
