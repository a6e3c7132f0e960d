// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.QuickTest;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** The deadlines of requests and bodies over HTTP, and the idle one over TCP. */
@QuickTest
class DeadlineTest {

    private static final int DRIP_MILLIS = 50;

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    /** Whether the service ended it, in whichever way. */
    private static boolean isOver(TestSocket wire) throws IOException {
        try {
            return wire.read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    private static void assertIsOverAfter(Duration deadline, TestSocket wire, long start) throws IOException {
        assertThat(isOver(wire)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThanOrEqualTo(deadline.minusMillis(DRIP_MILLIS))
                .isLessThan(deadline.plus(QuickTest.Settings.SLACK));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "G",
                "GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n",
                "GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upg"
            })
    void unfinishedRequestIsClosedAtTheDeadline(String beginning) throws IOException {
        long start = System.nanoTime();
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(beginning);

            assertIsOverAfter(QuickTest.Settings.HANDSHAKE, wire, start);
        }
    }

    @Test
    void drippingRequestIsClosedAtTheDeadlineHoweverManyBytesCome() throws IOException {
        long start = System.nanoTime();
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Drip: ");

            int drips = drip(wire, "x", QuickTest.Settings.HANDSHAKE.plus(QuickTest.Settings.SLACK));

            assertThat(drips).isGreaterThan(3);
            assertIsOverAfter(QuickTest.Settings.HANDSHAKE, wire, start);
        }
    }

    /** Sends {@code drop} repeatedly until the service ends the connection. Returns how often. */
    private static int drip(TestSocket wire, String drop, Duration longest) throws IOException {
        long end = System.nanoTime() + longest.toNanos();
        int drips = 0;
        try {
            while (wire.isSilentFor(DRIP_MILLIS) && System.nanoTime() - end < 0) {
                wire.send(drop);
                drips++;
            }
        } catch (SocketException e) {
            // Over: what was sent after the end was answered with a reset.
        }
        return drips;
    }

    @Test
    void connectionWithAFinishedRequestOutlivesTheDeadline() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("GET /actuator/info HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            PlainRequest.Answer first = PlainRequest.read(wire);

            boolean silent = wire.isSilentFor(
                    (int) QuickTest.Settings.HANDSHAKE.multipliedBy(2).toMillis());
            wire.send("GET /actuator/info HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

            assertThat(silent).isTrue();
            assertThat(first.status()).isEqualTo(200);
            assertThat(PlainRequest.read(wire).status()).isEqualTo(200);
        }
    }

    @Test
    void openStreamAndWebSocketOutliveTheDeadline() throws IOException {
        try (TestSocket stream = TestSocket.connect(ports.http());
                RawWebSocket webSocket = RawWebSocket.open(TestSocket.connect(ports.http()), "/echo")) {
            stream.send("GET /stream?interval=100ms HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            stream.readUntil("\r\n\r\n");
            long end = System.nanoTime()
                    + QuickTest.Settings.HANDSHAKE.multipliedBy(2).toNanos();

            while (System.nanoTime() - end < 0) {
                assertThat(stream.readUntil("hello world\n\r\n")).isEqualTo("c\r\nhello world\n\r\n");
                webSocket.send("x");
                assertThat(webSocket.readNext(RawWebSocket.TEXT).text()).isEqualTo("x");
            }
        }
    }

    /** 100 bytes each 50 ms are twice the least rate, 1 KB per second. */
    @Test
    void uploadOverTheLeastRateOutlivesTheDeadline() throws IOException {
        int drops = (int) QuickTest.Settings.HANDSHAKE.multipliedBy(3).toMillis() / DRIP_MILLIS;
        String drop = "x".repeat(100);
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + 100 * drops + "\r\n\r\n");

            for (int sent = 0; sent < drops; sent++) {
                assertThat(wire.isSilentFor(DRIP_MILLIS)).isTrue();
                wire.send(drop);
            }

            PlainRequest.Answer answer = PlainRequest.read(wire);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(drop.repeat(drops));
        }
    }

    /** A body in progress has a permit, and is listed. */
    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/channels/slow"})
    void uploadBelowTheLeastRateIsToldSo(String path) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx");
            await().until(() -> figures.ofPeer(wire.localPort())
                    .map(Connection::kind)
                    .filter("upload"::equals)
                    .isPresent());

            PlainRequest.Answer answer = PlainRequest.read(wire);
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.json().path("limit").asString()).isEqualTo("holdfast.limits.body-rate");
            assertThat(isOver(wire)).isTrue();
        }
    }

    @Test
    void drippingHeadOfAFurtherRequestIsClosed() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("GET /actuator/info HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            PlainRequest.read(wire);

            wire.send("GET /actuator/info HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Drip: ");
            drip(wire, "x", QuickTest.Settings.HANDSHAKE.multipliedBy(3).plus(QuickTest.Settings.SLACK));

            assertThat(isOver(wire)).isTrue();
        }
    }

    /** Byte by byte, which keeps no connection open for longer than sending nothing does. */
    @ParameterizedTest
    @MethodSource
    void drippingInputIsTooSlow(Transport transport, String beginning, String drop, String told) throws IOException {
        ScheduledExecutorService dripping = Executors.newSingleThreadScheduledExecutor();
        try (TestSocket wire = TestSocket.connect(transport == Transport.TCP ? ports.tcpLines() : ports.http())) {
            if (transport == Transport.WEBSOCKET) {
                RawWebSocket.open(wire, "/echo?heartbeat=none");
            } else if (transport == Transport.TCP) {
                wire.readUntil("\n");
            }
            wire.send(beginning.getBytes(StandardCharsets.ISO_8859_1));
            byte[] next = drop.getBytes(StandardCharsets.ISO_8859_1);
            dripping.scheduleAtFixedRate(() -> sendIfOpen(wire, next), 0, DRIP_MILLIS, TimeUnit.MILLISECONDS);

            if (transport == Transport.WEBSOCKET) {
                assertThat(RawWebSocket.upgraded(wire)
                                .readNext(RawWebSocket.CLOSE)
                                .closeCode())
                        .isEqualTo(4002);
            } else {
                assertThat(wire.readUntil(told)).isNotEmpty();
            }
        } finally {
            dripping.shutdownNow();
        }
    }

    private static void sendIfOpen(TestSocket wire, byte[] bytes) {
        try {
            wire.send(bytes);
        } catch (IOException e) {
            // It is over.
        }
    }

    static Stream<Arguments> drippingInputIsTooSlow() {
        String host = " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
        String chunked = "POST /channels/a" + host + "Transfer-Encoding: chunked\r\n\r\n";
        String masked = "\u0080\0\0\0\0";
        return Stream.of(
                Arguments.of(Transport.HTTP, "POST /echo" + host + "Content-Length: 10000\r\n\r\n", "x", " 408 "),
                Arguments.of(Transport.HTTP, chunked, "1\r\nx\r\n", " 408 "),
                Arguments.of(Transport.HTTP, chunked, "0", " 408 "),
                Arguments.of(Transport.WEBSOCKET, "\u0082", "", ""),
                Arguments.of(Transport.WEBSOCKET, "\u0082\u00FEAA\0\0\0\0", "x", ""),
                Arguments.of(Transport.WEBSOCKET, "\2" + masked, "\0" + masked, ""),
                Arguments.of(Transport.TCP, "{", " ", "timeout"));
    }

    /** A frame, a message of fragments, and a line. Without heartbeats, which their peers could not answer. */
    @Test
    void messagesThatNeverEndAreClosedAsTooSlow() throws IOException {
        long before = figures.closed(Transport.WEBSOCKET, CloseReason.TIMEOUT);
        try (RawWebSocket frame = RawWebSocket.open(TestSocket.connect(ports.http()), "/echo?heartbeat=none");
                RawWebSocket fragments =
                        RawWebSocket.open(TestSocket.connect(ports.http()), "/channels?heartbeat=none")) {
            fragments.sendHeader(RawWebSocket.TEXT, 0);
            frame.sendHeader(0x80 | RawWebSocket.BINARY, 10_000);

            assertThat(frame.readNext(RawWebSocket.CLOSE).closeCode()).isEqualTo(4002);
            assertThat(fragments.readNext(RawWebSocket.CLOSE).closeCode()).isEqualTo(4002);
        }
        await().untilAsserted(() -> assertThat(figures.closed(Transport.WEBSOCKET, CloseReason.TIMEOUT))
                .isEqualTo(before + 2));
        try (TestSocket line = TestSocket.connect(ports.tcpLines())) {
            line.send("{\"type\":");

            assertThat(line.readUntil("\"code\":\"timeout\"")).contains("goodbye");
        }
    }

    @Test
    void silentTcpConnectionIsIdle() throws IOException {
        long before = figures.closed(Transport.TCP, CloseReason.IDLE);
        long start = System.nanoTime();
        try (TestSocket wire = TestSocket.connect(ports.tcpEcho())) {
            int end = wire.read();
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertThat(end).isEqualTo(-1);
            assertThat(took).isBetween(QuickTest.Settings.IDLE, QuickTest.Settings.IDLE.plus(QuickTest.Settings.SLACK));
            await().untilAsserted(() ->
                    assertThat(figures.closed(Transport.TCP, CloseReason.IDLE)).isEqualTo(before + 1));
        }
    }

    @Test
    void everyByteStartsTheIdleTimeAnew() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.tcpEcho())) {
            long start = System.nanoTime();
            long last = start;
            while (System.nanoTime() - start
                    < QuickTest.Settings.IDLE.multipliedBy(3).toNanos()) {
                assertThat(wire.isSilentFor(3 * DRIP_MILLIS)).isTrue();
                wire.send("x");
                last = System.nanoTime();
                assertThat(wire.read()).isEqualTo('x');
            }

            assertThat(wire.read()).isEqualTo(-1);
            assertThat(Duration.ofNanos(System.nanoTime() - last)).isGreaterThanOrEqualTo(QuickTest.Settings.IDLE);
        }
    }
}
