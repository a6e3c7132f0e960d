// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Limit;
import io.holdfast.connection.ProxyRefusals;
import io.holdfast.connection.RateLimit;
import io.holdfast.connection.RateLimits;
import io.holdfast.connection.Refusals;
import io.holdfast.connection.Sockets;
import io.holdfast.connection.TlsRefusals;
import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Publishes {@link Traffic} as meters tagged {@code transport}. They are read when scraped; traffic never waits for them. */
@Component
class TrafficMeters implements MeterBinder {

    private static final Duration[] AGES = {
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
        Duration.ofHours(1),
        Duration.ofHours(6),
        Duration.ofDays(1)
    };

    private static final Duration[] ROUND_TRIPS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private final Traffic traffic;
    private final Refusals refusals;
    private final Sockets sockets;
    private final RateLimits rates;
    private final TlsRefusals tls;
    private final ProxyRefusals proxies;

    TrafficMeters(
            Traffic traffic,
            Refusals refusals,
            Sockets sockets,
            RateLimits rates,
            TlsRefusals tls,
            ProxyRefusals proxies) {
        this.tls = tls;
        this.proxies = proxies;
        this.rates = rates;
        this.sockets = sockets;
        this.traffic = traffic;
        this.refusals = refusals;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("holdfast.sockets.open", sockets, Sockets::open)
                .description("Sockets of peers that are open now, admitted or not")
                .register(registry);
        Gauge.builder("holdfast.sockets.limit", sockets, Sockets::most)
                .description("Sockets of peers that may be open: some file descriptors are kept for the service itself")
                .register(registry);
        for (RateLimit limit : RateLimit.values()) {
            FunctionCounter.builder("holdfast.rate.exceeded", rates, exceeded -> exceeded.refused(limit))
                    .description("Connections, commands and messages that were refused because a peer sent too many")
                    .tags(Tags.of("limit", limit.tag()))
                    .register(registry);
        }
        for (Transport transport : List.of(Transport.HTTP, Transport.TCP)) {
            bindPort(registry, transport);
        }
        for (Transport transport : Transport.values()) {
            Traffic.Counts counts = traffic.of(transport);
            Tags tags = Tags.of("transport", transport.tag());
            Gauge.builder("holdfast.connections.open", counts, Traffic.Counts::open)
                    .description("Connections open now")
                    .tags(tags)
                    .register(registry);
            counter(registry, "connections.opened", null, "Connections opened", tags, counts, Traffic.Counts::opened);
            for (CloseReason reason : CloseReason.values()) {
                counter(
                        registry,
                        "connections.closed",
                        null,
                        "Connections closed",
                        tags.and("reason", reason.tag()),
                        counts,
                        closed -> closed.closed(reason));
            }
            for (Limit limit : Limit.values()) {
                FunctionCounter.builder(
                                "holdfast.connections.refused", refusals, refused -> refused.count(transport, limit))
                        .description("Connections refused")
                        .tags(tags.and("reason", limit.tag()))
                        .register(registry);
            }
            FunctionCounter.builder("holdfast.accept.failures", sockets, failed -> failed.acceptFailures(transport))
                    .description("Attempts to accept a connection that failed, as when no file descriptors are left")
                    .tags(tags)
                    .register(registry);
            Gauge.builder("holdfast.connections.queued", counts, Traffic.Counts::waiting)
                    .description("Bytes waiting for peers to read")
                    .baseUnit("bytes")
                    .tags(tags)
                    .register(registry);
            Timer ages = Timer.builder("holdfast.connections.age")
                    .description("Age of connections when they closed")
                    .tags(tags)
                    .serviceLevelObjectives(AGES)
                    .register(registry);
            counts.observeAgeAtClose(nanos -> ages.record(nanos, TimeUnit.NANOSECONDS));
            Timer roundTrips = Timer.builder("holdfast.heartbeat.round.trip")
                    .description("From a ping to its pong")
                    .tags(tags)
                    .serviceLevelObjectives(ROUND_TRIPS)
                    .register(registry);
            counts.observeRoundTrips(nanos -> roundTrips.record(nanos, TimeUnit.NANOSECONDS));
            Tags in = tags.and("direction", "in");
            Tags out = tags.and("direction", "out");
            counter(registry, "messages", null, "Messages", in, counts, Traffic.Counts::messagesIn);
            counter(registry, "messages", null, "Messages", out, counts, Traffic.Counts::messagesOut);
            counter(registry, "traffic", "bytes", "Payload", in, counts, Traffic.Counts::bytesIn);
            counter(registry, "traffic", "bytes", "Payload", out, counts, Traffic.Counts::bytesOut);
        }
    }

    /** What happens at a port before it is known what comes there: HTTP stands for WebSockets, too. */
    private void bindPort(MeterRegistry registry, Transport transport) {
        for (TlsRefusals.Reason reason : TlsRefusals.Reason.values()) {
            FunctionCounter.builder("holdfast.tls.refused", tls, refused -> refused.sum(transport, reason))
                    .description("Peers that were refused because of what they do with TLS")
                    .tags(Tags.of("transport", transport.tag(), "reason", reason.tag()))
                    .register(registry);
        }
        for (ProxyRefusals.Reason reason : ProxyRefusals.Reason.values()) {
            FunctionCounter.builder("holdfast.proxies.refused", proxies, refused -> refused.sum(transport, reason))
                    .description("Connections that did not begin as the PROXY protocol demands")
                    .tags(Tags.of("transport", transport.tag(), "reason", reason.tag()))
                    .register(registry);
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
