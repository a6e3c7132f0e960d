// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Transport;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.Peer;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.QuickTest;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.RawWebSocket.Frame;
import io.holdfast.support.TestSocket;
import io.holdfast.support.WebSocketHolder;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Pings over WebSocket: dead peers are detected, and living ones are kept. */
@QuickTest
class HeartbeatTest {

    private static final int BEATS = 4;

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    @Autowired
    MeterRegistry meters;

    private long unanswered;

    @BeforeEach
    void count() {
        unanswered = figures.closed(Transport.WEBSOCKET, CloseReason.NO_PONG);
    }

    private RawWebSocket open() throws IOException {
        return RawWebSocket.open(TestSocket.connect(ports.http()), "/echo");
    }

    private Connection connectionOf(RawWebSocket webSocket) {
        return await().until(() -> figures.ofPeer(webSocket.wire().localPort()), at -> at.isPresent())
                .orElseThrow();
    }

    @Test
    void peerThatReadsButDoesNotAnswerIsFoundWithinHeartbeatAndPongTimeout() throws IOException {
        long start = System.nanoTime();
        try (RawWebSocket vanished = open()) {
            Frame ping = vanished.read();
            boolean saidGoodbye;
            try {
                vanished.read();
                saidGoodbye = true;
            } catch (IOException e) {
                saidGoodbye = false;
            }
            Duration found = Duration.ofNanos(System.nanoTime() - start);

            assertThat(ping.opcode()).isEqualTo(RawWebSocket.PING);
            assertThat(saidGoodbye).isFalse();
            assertThat(found)
                    .isGreaterThanOrEqualTo(QuickTest.Settings.PONG)
                    .isLessThan(QuickTest.Settings.HEARTBEAT
                            .plus(QuickTest.Settings.PONG)
                            .plus(QuickTest.Settings.SLACK));
            await().untilAsserted(() -> assertThat(figures.closed(Transport.WEBSOCKET, CloseReason.NO_PONG))
                    .isEqualTo(unanswered + 1));
        }
    }

    @Test
    void answeredHeartbeatsKeepItAndTheirRoundTripIsShown() throws IOException {
        try (RawWebSocket webSocket = open()) {
            Connection connection = connectionOf(webSocket);
            assertThat(connection.roundTripNanos()).isEqualTo(-1);
            long before = roundTrips();

            for (int beat = 0; beat < BEATS; beat++) {
                webSocket.pong(webSocket.readNext(RawWebSocket.PING));
            }

            await().untilAsserted(() -> assertThat(roundTrips()).isEqualTo(before + BEATS));
            assertThat(connection.reason()).isNull();
            assertThat(connection.roundTripNanos()).isBetween(1L, QuickTest.Settings.PONG.toNanos());
            JsonNode row = PlainRequest.get(ports.http(), "/actuator/connections/" + connection.id())
                    .json();
            assertThat(row.get("roundTripMillis").asDouble())
                    .isBetween(0.001, (double) QuickTest.Settings.PONG.toMillis());
            assertThat(row.get("heartbeatsMissed").asInt()).isZero();
        }
    }

    private long roundTrips() {
        return meters.get("holdfast.heartbeat.round.trip")
                .tag("transport", "websocket")
                .timer()
                .count();
    }

    @Test
    void anyMessageInThePlaceOfThePongKeepsIt() throws IOException {
        try (RawWebSocket webSocket = open()) {
            Connection connection = connectionOf(webSocket);
            for (int beat = 0; beat < BEATS; beat++) {
                webSocket.readNext(RawWebSocket.PING);
                webSocket.send(RawWebSocket.BINARY, (byte) beat);
            }
            webSocket.send("still here");

            assertThat(webSocket.readNext(RawWebSocket.TEXT).text()).isEqualTo("still here");
            assertThat(connection.roundTripNanos()).isEqualTo(-1);
            assertThat(connection.ageNanos())
                    .isGreaterThan(
                            QuickTest.Settings.HEARTBEAT.multipliedBy(BEATS - 1).toNanos());
            assertThat(figures.closed(Transport.WEBSOCKET, CloseReason.NO_PONG)).isEqualTo(unanswered);
        }
    }

    @Test
    void peerThatFreezesWithoutAGoodbyeIsFoundAndNotWhileItLived() throws Exception {
        try (WebSocketHolder peer = WebSocketHolder.start(ports.http())) {
            Connection connection = await().until(() -> figures.ofPeer(peer.localPort()), at -> at.isPresent())
                    .orElseThrow();
            long before = roundTrips();
            await().until(() -> roundTrips() >= before + BEATS);
            CloseReason whileAlive = connection.reason();

            long start = System.nanoTime();
            peer.freeze();
            await().until(() -> figures.closed(Transport.WEBSOCKET, CloseReason.NO_PONG) == unanswered + 1);
            Duration found = Duration.ofNanos(System.nanoTime() - start);

            assertThat(whileAlive).isNull();
            assertThat(peer.isThere()).isTrue();
            assertThat(connection.reason()).isEqualTo(CloseReason.NO_PONG);
            assertThat(connection.heartbeatsMissed()).isEqualTo(1);
            assertThat(found)
                    .isLessThan(QuickTest.Settings.HEARTBEAT
                            .plus(QuickTest.Settings.PONG)
                            .plus(QuickTest.Settings.SLACK));
        }
    }

    @Test
    void peerThatSendsAndTakesNothingIsFound() throws Exception {
        long start = System.nanoTime();
        try (Peer stalled = Peer.openStalled(Transport.WEBSOCKET, ports)) {
            Connection connection = await().until(() -> figures.ofPeer(stalled.localPort()), at -> at.isPresent())
                    .orElseThrow();
            await().until(() -> connection.reason() == CloseReason.NO_PONG);

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(QuickTest.Settings.HEARTBEAT
                            .plus(QuickTest.Settings.PONG.multipliedBy(2))
                            .plus(QuickTest.Settings.SLACK));
        }
    }

    @Test
    void foreignPongIsLifeButNoRoundTrip() throws IOException {
        try (RawWebSocket webSocket = open()) {
            Connection connection = connectionOf(webSocket);

            webSocket.send(RawWebSocket.PONG, "from them".getBytes(StandardCharsets.UTF_8));
            webSocket.send(RawWebSocket.PONG, new byte[8]);
            webSocket.send("after");

            assertThat(webSocket.readNext(RawWebSocket.TEXT).text()).isEqualTo("after");
            assertThat(connection.roundTripNanos()).isEqualTo(-1);
        }
    }
}
