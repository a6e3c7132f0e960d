// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Transport;
import io.holdfast.fault.ObservedEnd.How;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.ConnectionFigures.Open;
import io.holdfast.support.FaultTest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.info.InfoEndpoint;

/** How a plain socket sees the faults of TCP listeners. */
@FaultTest
class TcpFaultTest {

    private static final String PING = "{\"type\":\"ping\"}\n";
    private static final String PONG = "{\"type\":\"pong\"}\n";

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    @Autowired
    InfoEndpoint info;

    TestSocket open(String listener) throws IOException {
        return TestSocket.connect(ports.tcp(listener));
    }

    @ParameterizedTest
    @CsvSource({"reset,RESET", "half-close,FIN", "stall,SILENCE", "close,FIN"})
    void afterItsMessagesAnEchoIsCut(String end, How how) throws IOException {
        try (TestSocket wire = open("echo-1-" + end)) {
            wire.send("hello");

            assertThat(ObservedEnd.of(wire)).isEqualTo(new ObservedEnd("hello", how));
        }
    }

    @Test
    void theMessageAfterTheLastWholeOneIsCutInHalf() throws IOException {
        try (TestSocket wire = open("echo-1-truncate")) {
            wire.send("hello");
            assertThat(new String(wire.read(5), StandardCharsets.UTF_8)).isEqualTo("hello");
            wire.send("123456");

            assertThat(ObservedEnd.of(wire)).isEqualTo(new ObservedEnd("123", How.FIN));
        }
    }

    @ParameterizedTest
    @CsvSource({"reset,RESET", "half-close,FIN", "stall,SILENCE", "close,FIN"})
    void afterItsEventsLinesAreCut(String end, How how) throws IOException {
        try (TestSocket wire = open("lines-2-" + end)) {
            wire.readUntil("\n");
            wire.send(PING + PING);

            String goodbye = end.equals("close") ? "{\"type\":\"goodbye\",\"code\":\"fault\"}\n" : "";
            assertThat(ObservedEnd.of(wire)).isEqualTo(new ObservedEnd(PONG + goodbye, how));
        }
    }

    @Test
    void aLineIsCutInHalf() throws IOException {
        try (TestSocket wire = open("lines-2-truncate")) {
            wire.readUntil("\n");
            wire.send(PING + PING + PING);

            assertThat(ObservedEnd.of(wire))
                    .isEqualTo(new ObservedEnd(PONG + PONG.substring(0, PONG.length() / 2), How.FIN));
        }
    }

    @Test
    void aCutByTimeFiresWhileBytesFlow() throws IOException {
        long before = figures.closed(Transport.TCP, CloseReason.FAULT);
        try (TestSocket wire = open("echo-time-reset")) {
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> {
                        do {
                            wire.send("hello");
                        } while (wire.read() >= 0);
                    })
                    .withMessageContaining("reset");
        }
        await().untilAsserted(() ->
                assertThat(figures.closed(Transport.TCP, CloseReason.FAULT)).isEqualTo(before + 1));
    }

    @Test
    void aCutByTimeFiresInSilence() throws IOException {
        try (TestSocket wire = open("echo-time-reset")) {
            assertThat(ObservedEnd.of(wire)).isEqualTo(new ObservedEnd("", How.RESET));
        }
    }

    @Test
    void whatAnEchoOwesComesLateAndBeforeTheFin() throws IOException {
        assertThat(saidInTime("echo-delay")).isEqualTo(PING);
    }

    @Test
    void whatLinesOweComesLateAndBeforeTheFin() throws IOException {
        assertThat(saidInTime("lines-delay"))
                .startsWith("{\"type\":\"welcome\"")
                .endsWith("\n" + PONG);
    }

    /** All that comes for a ping and a FIN. */
    private String saidInTime(String listener) throws IOException {
        long start = System.nanoTime();
        try (TestSocket wire = open(listener)) {
            wire.send(PING).sendFin();
            String all = new String(wire.readToEnd(), StandardCharsets.UTF_8);

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(500), Duration.ofMillis(3000));
            return all;
        }
    }

    /** Nothing is left to be sent but the end itself, which comes late, too. */
    @Test
    void finAfterAllWasSaidIsAnsweredLateWithAFin() throws IOException {
        try (TestSocket wire = open("lines-delay")) {
            wire.send(PING).readUntil(PONG);
            long start = System.nanoTime();

            wire.sendFin().readToEnd();

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(450), Duration.ofMillis(3000));
        }
    }

    @Test
    void whatIsHeldBackHoldsThePeerBack() throws IOException {
        try (TestSocket wire = open("echo-late")) {
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        wire.send(new byte[1 << 20]);
                    }
                } catch (IOException e) {
                    // It ends with the test.
                }
            });
            await().during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> figures.ofPeer(wire.localPort())
                            .filter(connection -> connection.bytesIn() > 0 && connection.idleNanos() > 200_000_000L)
                            .isPresent());

            assertThat(figures.ofPeer(wire.localPort()).orElseThrow().bytesIn()).isLessThan(8 << 20);
            wire.resetOnClose();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo-1-stall", "echo-1-half-close", "lines-2-stall", "lines-2-half-close"})
    void whatIsLeftIsGivenUpAfterTheIdleTime(String listener) throws IOException {
        try (TestSocket wire = open(listener)) {
            wire.send(PING);
            await().atMost(Duration.ofSeconds(6))
                    .untilAsserted(() -> assertThat(figures.open()).isEqualTo(Open.all(0)));
        }
    }

    @Test
    void pongNoneAnswersNoPing() throws IOException {
        try (TestSocket wire = open("lines-mute")) {
            wire.readUntil("\n");
            wire.send(PING + "{\"type\":\"unsubscribe\",\"channel\":\"none\"}\n");

            assertThat(wire.readUntil("\n")).contains("\"type\":\"error\"");
        }
    }

    @Test
    void heartbeatsAreOfTheKindAskedFor() throws IOException {
        try (TestSocket wire = open("lines-mute")) {
            assertThat(wire.readUntil("\n")).contains("\"heartbeat\":\"100ms\"");
            assertThat(wire.readUntil("\n")).isEqualTo("{\"type\":\"heartbeat\"}\n");
        }
    }

    @Test
    void infoTellsWhatGoesWrongWhere() {
        Map<?, ?> tcp = (Map<?, ?>) Objects.requireNonNull(info.info().get("tcp"));

        assertThat(tcp.get("faults"))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, String.class))
                .containsEntry("echo-1-reset", "after=1&end=reset");
    }
}
