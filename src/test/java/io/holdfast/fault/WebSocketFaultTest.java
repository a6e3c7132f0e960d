// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Transport;
import io.holdfast.fault.ObservedEnd.How;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.FaultTest;
import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** What a plain socket sees of the faults of a WebSocket. */
@FaultTest
class WebSocketFaultTest {

    private static final String ECHO = "\u0081\u0005hello";

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    private RawWebSocket open(String target) throws IOException {
        return RawWebSocket.open(TestSocket.connect(ports.http()), target);
    }

    private RawWebSocket echo(String query) throws IOException {
        return open("/echo?" + query);
    }

    @ParameterizedTest
    @CsvSource({"reset,RESET", "half-close,FIN", "stall,SILENCE"})
    void afterItsMessagesTheConnectionIsCut(String end, How how) throws IOException {
        try (RawWebSocket client = echo("after=2&end=" + end)) {
            client.send("hello").send("hello");

            assertThat(ObservedEnd.of(client.wire())).isEqualTo(new ObservedEnd(ECHO.repeat(2), how));
        }
    }

    @Test
    void theMessageAfterTheLastWholeOneIsCutInHalf() throws IOException {
        try (RawWebSocket client = echo("after=1&end=truncate")) {
            client.send("hello").send("hello");

            assertThat(ObservedEnd.of(client.wire())).isEqualTo(new ObservedEnd(ECHO + ECHO.substring(0, 3), How.FIN));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "end=close,1000,''",
        "end=close&code=4321&reason=so%20long,4321,so long",
        "after=50ms&end=close&code=1012,1012,''",
    })
    void aCloseSaysWhatItWasAskedTo(String query, int code, String reason) throws IOException {
        try (RawWebSocket client = echo(query)) {
            RawWebSocket.Frame close = client.read();

            assertThat(close.opcode()).isEqualTo(RawWebSocket.CLOSE);
            assertThat(close.closeCode()).isEqualTo(code);
            assertThat(close.closeText()).isEqualTo(reason);
            client.sendClose(code);
            assertThat(client.wire().read()).isEqualTo(-1);
        }
    }

    @Test
    void aCloseFollowsTheLastMessageWithoutAnotherOneComing() throws IOException {
        try (RawWebSocket client = echo("after=1&end=close&code=4000")) {
            client.send("hello");

            assertThat(client.read().text()).isEqualTo("hello");
            assertThat(client.read().closeCode()).isEqualTo(4000);
            client.sendClose(4000);
        }
    }

    @ParameterizedTest
    @CsvSource({"reset,RESET", "half-close,FIN", "stall,SILENCE"})
    void withoutAMomentTheCutFollowsTheHandshake(String end, How how) throws IOException {
        try (RawWebSocket client = echo("end=" + end)) {
            assertThat(ObservedEnd.of(client.wire())).isEqualTo(new ObservedEnd("", how));
        }
    }

    @Test
    void aCutByTimeFiresWhileMessagesFlow() throws IOException {
        long before = figures.closed(Transport.WEBSOCKET, CloseReason.FAULT);
        try (RawWebSocket client = echo("after=300ms&end=reset")) {
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> {
                        while (true) {
                            client.send("hello").read();
                        }
                    })
                    .withMessageContaining("reset");
        }
        await().untilAsserted(() -> assertThat(figures.closed(Transport.WEBSOCKET, CloseReason.FAULT))
                .isEqualTo(before + 1));
    }

    @Test
    void aStalledConnectionReadsNothing() throws IOException {
        try (RawWebSocket client = echo("end=stall")) {
            client.wire().timeout(1000);
            byte[] message = new byte[1 << 20];
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 64; i++) {
                        client.send(RawWebSocket.BINARY, message);
                    }
                } catch (IOException e) {
                    // It is given up in the end.
                }
            });
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            assertThat(writer.isAlive()).isTrue();
        }
    }

    @Test
    void aHalfClosedConnectionReadsOn() throws IOException {
        try (RawWebSocket client = echo("end=half-close")) {
            assertThat(client.wire().read()).isEqualTo(-1);

            byte[] message = new byte[1 << 20];
            for (int i = 0; i < 16; i++) {
                client.send(RawWebSocket.BINARY, message);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stall", "half-close"})
    void whatIsLeftIsGivenUpAfterTheIdleTime(String end) throws IOException {
        try (RawWebSocket client = echo("end=" + end)) {
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(figures.open()).isEqualTo(ConnectionFigures.Open.all(0)));
            assertThat(client.wire().read()).isEqualTo(-1);
        }
    }

    @Test
    void echoesComeLaterAndAllAtTheirTime() throws IOException {
        try (RawWebSocket client = echo("delay=500ms")) {
            long start = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                client.send("hello");
            }
            for (int i = 0; i < 20; i++) {
                assertThat(client.read().text()).isEqualTo("hello");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(500), Duration.ofMillis(2000));
        }
    }

    @Test
    void closeIsAnsweredInItsTurn() throws IOException {
        try (RawWebSocket client = echo("delay=300ms")) {
            client.send("hello").sendClose(1000);

            assertThat(client.read().text()).isEqualTo("hello");
            assertThat(client.read().closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void pongNoneAnswersNoPing() throws IOException {
        try (RawWebSocket client = echo("pong=none")) {
            client.send(RawWebSocket.PING, (byte) 1).send("hello");

            assertThat(client.read().text()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "heartbeat=100ms,9",
        "heartbeat=ping&heartbeat-interval=100ms,9",
        "heartbeat=data&heartbeat-interval=100ms,1"
    })
    void heartbeatsComeAsAskedFor(String query, int opcode) throws IOException {
        try (RawWebSocket client = echo(query)) {
            RawWebSocket.Frame beat = client.read();

            assertThat(beat.opcode()).isEqualTo(opcode);
            if (opcode == RawWebSocket.TEXT) {
                assertThat(beat.text()).isEqualTo("{\"type\":\"heartbeat\"}");
            }
        }
    }
}
