// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tracing;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.channel.TraceContext;
import io.holdfast.redis.RedisServer;
import io.holdfast.support.ChannelPeer;
import io.holdfast.support.ChannelPeer.Place;
import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.ServiceProcess;
import io.holdfast.tracing.Collector.Received;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spans arrive at a collector, and messages carry them on: of two nodes on one Redis, each a process. */
class TracingTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e47";
    private static final String PARENT = "00f067aa0ba902b7";

    @AutoClose
    private static Collector collector;

    @AutoClose
    private static RedisServer redis;

    @AutoClose
    private static ServiceProcess first;

    @AutoClose
    private static ServiceProcess second;

    @BeforeAll
    static void start() throws Exception {
        collector = new Collector();
        redis = RedisServer.start();
        first = node("one", "--otel.resource.attributes=deployment.environment.name=test");
        second = node("two");
    }

    private static ServiceProcess node(String name, String... more) throws Exception {
        List<String> settings = new ArrayList<>(List.of(
                "--holdfast.node=" + name,
                "--holdfast.broker=redis",
                "--" + redis.setting(),
                "--holdfast.drain.window=100ms",
                "--otel.exporter.otlp.endpoint=" + collector.url(),
                "--otel.bsp.schedule.delay=50"));
        settings.addAll(List.of(more));
        return ServiceProcess.start(settings.toArray(String[]::new));
    }

    /** Of a trace that no other test has. */
    private static TraceContext publisher(int number, String flags) {
        return new TraceContext("00-%s%02x-%s-%s".formatted(TRACE, number, PARENT, flags), "vendor=its own");
    }

    private static String trace(TraceContext context) {
        return context.traceparent().substring(3, 35);
    }

    private static String span(TraceContext context) {
        return context.traceparent().substring(36, 52);
    }

    @ParameterizedTest
    @CsvSource({"HTTP, 1", "WEBSOCKET, 2", "TCP, 3"})
    void publishIsAChildOfItsPublisherAndTheFanOutOfEachNodeAChildOfThePublish(ChannelPublisher.Way way, int number)
            throws IOException {
        String channel = "traced-" + way;
        TraceContext sent = publisher(number, "01");
        String position;
        TraceContext arrived;
        try (ChannelPeer here = ChannelPeer.open(ChannelPeer.Way.WEBSOCKET, first.ports(), Place.now(channel));
                ChannelPeer there = ChannelPeer.open(ChannelPeer.Way.SSE, second.ports(), Place.now(channel));
                ChannelPeer alsoThere = ChannelPeer.open(ChannelPeer.Way.TCP, second.ports(), Place.now(channel));
                ChannelPublisher publisher = ChannelPublisher.open(way, first.ports())) {
            position = publisher.publish(channel, null, null, "\"12345\"", sent);
            arrived = Objects.requireNonNull(here.next().trace());
            assertThat(there.next().trace()).isEqualTo(arrived);
            assertThat(alsoThere.next().trace()).isEqualTo(arrived);
        }

        List<Received> publishes = collector.awaitSpans(trace(sent), "publish", 1);
        List<Received> fanOuts = collector.awaitSpans(trace(sent), "fan-out", 2);

        assertThat(publishes).singleElement().satisfies(publish -> {
            assertThat(publish.parent()).isEqualTo(PARENT);
            assertThat(publish.id()).isEqualTo(span(arrived));
            assertThat(publish.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_PRODUCER);
            assertThat(publish.span().getTraceState()).isEqualTo(sent.tracestate());
            assertThat(publish.resource())
                    .containsEntry("service.name", "holdfast")
                    .containsEntry("deployment.environment.name", "test");
            assertThat(publish.attributes())
                    .isEqualTo(Map.of(
                            "messaging.system", "holdfast",
                            "messaging.operation.name", "publish",
                            "messaging.operation.type", "send",
                            "messaging.destination.name", channel,
                            "messaging.message.id", position,
                            "messaging.message.body.size", "7",
                            "holdfast.transport", way.name().toLowerCase(Locale.ROOT)));
        });
        assertThat(fanOuts).hasSize(2).allSatisfy(fanOut -> {
            assertThat(fanOut.parent()).isEqualTo(span(arrived));
            assertThat(fanOut.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_CONSUMER);
            assertThat(fanOut.span().getEndTimeUnixNano())
                    .isGreaterThan(fanOut.span().getStartTimeUnixNano());
            assertThat(fanOut.attributes())
                    .containsEntry("messaging.system", "holdfast")
                    .containsEntry("messaging.operation.name", "fan-out")
                    .containsEntry("messaging.operation.type", "process")
                    .containsEntry("messaging.destination.name", channel)
                    .containsEntry("messaging.message.id", position)
                    .containsEntry("messaging.message.body.size", "7");
        });
        assertThat(fanOuts)
                .extracting(fanOut -> fanOut.attributes().get("holdfast.subscribers"))
                .containsExactlyInAnyOrder("1", "2");
        assertThat(trace(arrived)).isEqualTo(trace(sent));
        assertThat(arrived.traceparent()).endsWith("-01");
        assertThat(arrived.tracestate()).isEqualTo(sent.tracestate());
    }

    @Test
    void resourceNamesTheServiceItsVersionAndTheNode() throws IOException {
        try (ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, second.ports())) {
            publisher.publish("resource", null, null, "1", publisher(10, "01"));
        }

        assertThat(collector.awaitSpans(trace(publisher(10, "01")), "publish", 1))
                .singleElement()
                .satisfies(publish -> assertThat(publish.resource())
                        .containsEntry("service.name", "holdfast")
                        .containsEntry("service.instance.id", "two")
                        .containsKey("service.version"));
    }

    @Test
    void publishWithoutATraceContextBeginsATrace() throws IOException {
        TraceContext arrived;
        try (ChannelPeer peer = ChannelPeer.open(ChannelPeer.Way.POLL, first.ports(), Place.now("begins"));
                ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, first.ports())) {
            publisher.publish("begins", "1");
            arrived = Objects.requireNonNull(peer.next().trace());
        }

        assertThat(collector.awaitSpans(trace(arrived), "publish", 1))
                .singleElement()
                .satisfies(publish -> assertThat(publish.parent()).isEmpty());
    }

    /** Its publisher decided that nothing is recorded, which holds for whoever gets the message, too. */
    @Test
    void traceThatIsNotSampledHasNoSpansAndGoesOnAsThat() throws IOException {
        TraceContext sent = publisher(11, "00");
        try (ChannelPeer peer = ChannelPeer.open(ChannelPeer.Way.TCP, first.ports(), Place.now("unsampled"));
                ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.TCP, first.ports())) {
            publisher.publish("unsampled", null, null, "1", sent);
            TraceContext arrived = Objects.requireNonNull(peer.next().trace());
            assertThat(trace(arrived)).isEqualTo(trace(sent));
            assertThat(arrived.traceparent()).endsWith("-00");
            publisher.publish("unsampled", null, null, "2", publisher(12, "01"));
        }

        collector.awaitSpans(trace(publisher(12, "01")), "fan-out", 1);
        assertThat(collector.all()).extracting(Received::trace).doesNotContain(trace(sent));
    }

    @Test
    void repeatedPublishSaysSo() throws IOException {
        try (ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, first.ports())) {
            publisher.publish("repeated", null, "key", "1", publisher(13, "01"));
            publisher.publish("repeated", null, "key", "1", publisher(14, "01"));
        }

        assertThat(collector.awaitSpans(trace(publisher(13, "01")), "publish", 1))
                .allSatisfy(publish -> assertThat(publish.attributes()).doesNotContainKey("holdfast.repeated"));
        assertThat(collector.awaitSpans(trace(publisher(14, "01")), "publish", 1))
                .allSatisfy(publish -> assertThat(publish.attributes()).containsEntry("holdfast.repeated", "true"));
    }

    /** Spans of the last moments are sent, and a failed publish is told with its reason. */
    @Test
    void failedPublishIsAnErrorAndTheEndOfANodeSendsWhatIsQueued() throws Exception {
        try (ServiceProcess ending = ServiceProcess.start(
                        "--holdfast.history.channels=1",
                        "--holdfast.drain.window=100ms",
                        "--otel.exporter.otlp.endpoint=" + collector.url(),
                        "--otel.bsp.schedule.delay=600000");
                ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.TCP, ending.ports())) {
            publisher.publish("only", "1");
            assertThatThrownBy(() -> publisher.publish("another", null, null, "1", publisher(15, "01")))
                    .hasMessageContaining("holdfast.history.channels");
            ending.terminate();
            assertThat(ending.awaitEnd(Duration.ofSeconds(20))).isTrue();
            assertThat(ending.complaints()).isEmpty();
        }

        assertThat(collector.awaitSpans(trace(publisher(15, "01")), "publish", 1))
                .singleElement()
                .satisfies(publish -> {
                    assertThat(publish.attributes()).containsEntry("error.type", "limit");
                    assertThat(publish.span().getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
                });
    }

    @Test
    void collectorThatIsAwayDisturbsNobody() throws Exception {
        try (Collector gone = new Collector();
                ServiceProcess service = ServiceProcess.start(
                        "--otel.exporter.otlp.traces.endpoint=" + gone.url() + "/v1/traces",
                        "--otel.bsp.schedule.delay=10",
                        "--holdfast.drain.window=100ms");
                ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, service.ports())) {
            publisher.publish("away", "1");
            await("a span").until(() -> !gone.all().isEmpty());
            gone.goAway();
            for (int i = 0; i < 100; i++) {
                publisher.publish("away", "1");
            }
            assertThat(PlainRequest.get(service.http(), "/actuator/health/readiness")
                            .status())
                    .isEqualTo(200);
            service.terminate();
            assertThat(service.awaitEnd(Duration.ofSeconds(20))).isTrue();
        }
    }

    /** Nobody who does not trace pays for it. */
    @Test
    void withoutACollectorNoClassOfTheLibraryIsLoaded() throws Exception {
        try (ServiceProcess service = ServiceProcess.start(List.of("-Xlog:class+load"));
                ChannelPeer peer = ChannelPeer.open(ChannelPeer.Way.SSE, service.ports(), Place.now("untraced"));
                ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, service.ports())) {
            publisher.publish("untraced", null, null, "1", publisher(16, "01"));

            assertThat(peer.next().trace()).isEqualTo(publisher(16, "01"));
            assertThat(PlainRequest.get(service.http(), "/actuator/prometheus").status())
                    .isEqualTo(200);
            assertThat(service.log().lines())
                    .anyMatch(line -> line.contains(" io.holdfast.channel.MessageTracing "))
                    .noneMatch(line -> line.contains(" io.opentelemetry."));
        }
    }
}
