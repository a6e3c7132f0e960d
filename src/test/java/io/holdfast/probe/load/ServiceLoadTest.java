// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.client.TcpAddress;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Ports;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;

/** Against the service. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
class ServiceLoadTest {

    private static final String HELLO = "{\"type\":\"subscribe\",\"channel\":\"load-test\"}";

    @Autowired
    Ports ports;

    @Test
    void theRateIsKeptOnEachTransport() throws Exception {
        for (Target target : List.of(
                new Target.Tcp(tcp(ports.tcpEcho())),
                new Target.WebSocket(http("/echo")),
                new Target.HttpPost(http("/echo"), "text/plain"))) {
            Echo.Plan plan = new Echo.Plan(
                    target, 20, 64, 200.0, 1, Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofSeconds(5));
            Server server = new Server(HttpAddress.of("http://127.0.0.1:" + ports.http()));
            try (Client client = new Client(2)) {
                Echo.Result result = new Echo(plan).run(client, server, text -> {});

                assertThat(result.isWell()).as(result.toString()).isTrue();
                assertThat(result.answered()).isCloseTo(400, within(4L));
                assertThat(result.latencyMicros().count()).isEqualTo(result.answered());
                assertThat(Objects.requireNonNull(result.server()).cpuMicrosPerMessage())
                        .isPositive();
            }
        }
    }

    @Test
    void withoutARateEachConnectionKeepsItsMessagesInFlight() throws Exception {
        Target target = new Target.WebSocket(http("/echo"));
        Echo.Plan plan = new Echo.Plan(
                target, 4, 100_000, null, 8, Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofSeconds(5));
        try (Client client = new Client(2)) {
            Echo.Result result = new Echo(plan).run(client, null, text -> {});

            assertThat(result.isWell()).as(result.toString()).isTrue();
            assertThat(result.answered()).isGreaterThan(32);
        }
    }

    @Test
    void whatIsPublishedReachesEachSubscriberOnceWhateverTheEnvelope() throws Exception {
        for (Target target : List.of(
                new Target.HttpStream(http("/channels/load-test"), "text/event-stream", null),
                new Target.WebSocket(http("/channels")),
                new Target.Lines(tcp(ports.tcpLines())))) {
            Fan.Result result = fan(target, target instanceof Target.HttpStream ? null : HELLO, Duration.ofSeconds(5));

            assertThat(result.isWell()).as(result.toString()).isTrue();
            assertThat(result.published()).isCloseTo(50, within(3L));
            assertThat(result.delivered()).isEqualTo(result.published() * 20);
            assertThat(result.latencyMicros().count()).isEqualTo(result.delivered());
        }
    }

    @Test
    void whatDoesNotReachASubscriberIsLost() throws Exception {
        Target another = new Target.HttpStream(http("/channels/another"), "text/event-stream", null);

        Fan.Result result = fan(another, null, Duration.ofMillis(500));

        assertThat(result.published()).isPositive();
        assertThat(result.lost()).isEqualTo(result.published() * 20);
        assertThat(result.isWell()).isFalse();
    }

    @Test
    void idleConnectionsStandAndAreTold() throws Exception {
        Server server = new Server(HttpAddress.of("http://127.0.0.1:" + ports.http()));
        Target target = new Target.HttpStream(http("/channels/load-test"), "text/event-stream", null);
        try (Client client = new Client(2)) {
            Idle.Result result =
                    new Idle(new Idle.Plan(target, null, 50, Duration.ofMillis(200))).run(client, server, text -> {});

            assertThat(result.isWell()).isTrue();
            assertThat(result.stillStanding()).isEqualTo(50);
            assertThat(result.connections().openMicros().count()).isEqualTo(50);
            assertThat(Objects.requireNonNull(result.after()).connections()).isEqualTo(50.0);
        }
    }

    @Test
    void whatRefusesOrEndsIdleConnectionsIsTold() throws Exception {
        try (Client client = new Client(2);
                PlainEcho server = new PlainEcho(1, PlainEcho.Habit.ENDS_AT_ONCE)) {
            Idle.Result refused = new Idle(
                            new Idle.Plan(new Target.WebSocket(http("/nothing")), null, 5, Duration.ofSeconds(10)))
                    .run(client, null, text -> {});
            Idle.Result ended = new Idle(
                            new Idle.Plan(new Target.Tcp(tcp(server.port())), null, 5, Duration.ofSeconds(10)))
                    .run(client, null, text -> {});

            assertThat(refused.connections().failed()).containsOnlyKeys("HTTP 404");
            assertThat(refused.isRefused()).isTrue();
            assertThat(ended.isRefused()).isFalse();
            assertThat(ended.connections().stood()).isEqualTo(5);
            assertThat(ended.connections().ended()).containsEntry("FIN", 5L);
            assertThat(ended.stillStanding()).isZero();
            assertThat(Stream.of(refused, ended)).noneMatch(Idle.Result::isWell);
        }
    }

    private Fan.Result fan(Target target, @Nullable String hello, Duration patience) throws InterruptedException {
        Fan.Plan plan = new Fan.Plan(
                target,
                hello,
                new Target.HttpPost(http("/channels/load-test"), "text/plain"),
                20,
                100,
                50,
                Duration.ofMillis(200),
                Duration.ofSeconds(1),
                patience);
        try (Client client = new Client(2)) {
            return new Fan(plan).run(client, null, text -> {});
        }
    }

    private URI http(String path) {
        return URI.create("http://127.0.0.1:" + ports.http() + path);
    }

    private static TcpAddress tcp(int port) {
        return new TcpAddress("127.0.0.1", port, false);
    }
}
