// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bridge;

import static io.holdfast.support.WebSocketClient.BINARY;
import static io.holdfast.support.WebSocketClient.CLOSE;
import static io.holdfast.support.WebSocketClient.CONTINUATION;
import static io.holdfast.support.WebSocketClient.FIN;
import static io.holdfast.support.WebSocketClient.PING;
import static io.holdfast.support.WebSocketClient.frame;
import static io.holdfast.support.WebSocketClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeftOpen;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import io.holdfast.support.Waiting;
import io.holdfast.support.WebSocketClient;
import io.holdfast.support.WebSocketClient.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;

/** {@code /tcp} and {@code /lines}: TCP connections for clients that have only WebSocket. */
@HoldfastTest
@ExtendWith(NothingLeftOpen.class)
class TcpBridgeTest {

    /** More than all socket buffers between the two ends hold together. */
    private static final int MUCH = 40 * 1024 * 1024;

    @Autowired
    Ports ports;

    @Autowired
    Traffic traffic;

    @Test
    void bytesComeBackThroughTcp() throws IOException {
        long before = traffic.of(Transport.TCP).bytesIn();
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/tcp")) {
            client.send(frame(FIN | BINARY, "hello"));

            assertThat(readBytes(client, 5)).isEqualTo(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
            assertThat(traffic.of(Transport.TCP).bytesIn() - before).isEqualTo(5);
        }
    }

    @Test
    void linesReachTheListenerOfLines() throws IOException {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/lines")) {
            client.send(frame(FIN | BINARY, "{\"type\":\"ping\",\"id\":7}\n"));

            StringBuilder text = new StringBuilder();
            while (!text.toString().contains("pong")) {
                text.append(client.readMessage().text());
            }

            assertThat(text.toString().lines())
                    .satisfiesExactly(
                            welcome -> assertThat(welcome).startsWith("{\"type\":\"welcome\""),
                            pong -> assertThat(pong).isEqualTo("{\"type\":\"pong\",\"id\":7}"));
        }
    }

    /** Also if the WebSocket ends before the bridge has connected. */
    @RepeatedTest(20)
    void rfc9293Section3_6_lastLineNeedsNoLineFeedBeforeTheWebSocketEnds() throws IOException {
        String channel = "bridged-" + System.nanoTime();
        byte[] command = frame(FIN | BINARY, "{\"type\":\"publish\",\"channel\":\"" + channel + "\",\"data\":1}");
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            byte[] handshake = WebSocketClient.handshake("/lines").getBytes(StandardCharsets.US_ASCII);
            wire.send(WebSocketClient.join(handshake, command, frame(FIN | CLOSE, "")));
            wire.readToEnd();
        }

        Waiting.await()
                .untilAsserted(() -> assertThat(
                                PlainRequest.get(ports.http(), "/channels/" + channel + "/messages?after=earliest")
                                        .json()
                                        .path("messages"))
                        .hasSize(1));
    }

    @Test
    void bytesSentBeforeTcpIsConnectedAreNotLost() throws IOException {
        for (int round = 0; round < 20; round++) {
            try (TestSocket wire = TestSocket.connect(ports.http())) {
                byte[] handshake = WebSocketClient.handshake("/tcp").getBytes(StandardCharsets.US_ASCII);
                wire.send(WebSocketClient.join(
                        handshake, frame(FIN | BINARY, "a"), frame(BINARY, "b"), frame(FIN | CONTINUATION, "c")));
                WebSocketClient client = WebSocketClient.opened(wire);
                client.send(frame(FIN | BINARY, "d"));

                assertThat(readBytes(client, 4)).isEqualTo(ByteBuffer.wrap(new byte[] {'a', 'b', 'c', 'd'}));
            }
        }
    }

    @RepeatedTest(3)
    void muchGoesThroughCompleteAndInOrderWhileTheReaderIsSlow() throws IOException {
        byte[] bytes = new byte[MUCH];
        new Random(5).nextBytes(bytes);
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/tcp")) {
            CompletableFuture<Void> sending = client.sendMeanwhile(frames(bytes));

            // Nothing is read until all buffers on the way are full and everyone has stopped reading.
            awaitStandstill();
            assertThat(sending).isNotDone();
            ByteBuffer back = readSlowly(client, bytes.length);

            assertThat(back).isEqualTo(ByteBuffer.wrap(bytes));
            sending.join();
        }
    }

    @Test
    void peerThatReadsNothingHoldsUpNoOther() throws IOException {
        try (WebSocketClient stuck = WebSocketClient.connect(ports.http(), "/tcp");
                WebSocketClient other = WebSocketClient.connect(ports.http(), "/tcp")) {
            CompletableFuture<Void> sending = stuck.sendMeanwhile(frames(new byte[MUCH]));
            awaitStandstill();

            other.send(frame(FIN | BINARY, "hello"));

            assertThat(readBytes(other, 5).remaining()).isEqualTo(5);
            stuck.wire().resetOnClose().close();
            assertThat(sending).failsWithin(Duration.ofSeconds(5));
        }
    }

    @Test
    void textClosesWith1003() throws IOException {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/tcp")) {
            client.send(text("hello"));

            assertThat(client.readFrame().closeCode()).isEqualTo(1003);
            client.send(WebSocketClient.close(1003));
            // Our own socket stays open: the answer to its close is what the server ends on.
            assertThat(client.wire().read()).isEqualTo(-1);
            NothingLeftOpen.await(traffic, Duration.ofSeconds(3));
        }
    }

    @Test
    void closingTheWebSocketClosesTcp() throws IOException {
        try (WebSocketClient client = open()) {
            client.send(WebSocketClient.close(1000));

            assertThat(client.readCloseAndEnd()).isEqualTo(1000);
            NothingLeftOpen.await(traffic, Duration.ofSeconds(3));
        }
    }

    @Test
    void finAndResetOfTheWebSocketCloseTcp() throws IOException {
        try (WebSocketClient client = open()) {
            client.wire().sendFin();

            assertThat(client.wire().read()).isEqualTo(-1);
            NothingLeftOpen.await(traffic, Duration.ofSeconds(3));
        }
        try (WebSocketClient client = open()) {
            client.wire().resetOnClose().close();

            NothingLeftOpen.await(traffic, Duration.ofSeconds(3));
        }
    }

    @Test
    void pingIsAnsweredByTheBridgeItself() throws IOException {
        long before = traffic.of(Transport.TCP).bytesIn();
        try (WebSocketClient client = open()) {
            client.send(frame(FIN | PING, "ping"));

            assertThat(client.readFrame().text()).isEqualTo("ping");
            assertThat(traffic.of(Transport.TCP).bytesIn() - before).isEqualTo(1);
        }
    }

    @Test
    void closeFrameIsSentEvenWhileBytesComeBack() throws IOException {
        for (int round = 0; round < 50; round++) {
            try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/tcp")) {
                client.send(frame(FIN | BINARY, new byte[2000]), text("the end"));

                Frame frame = client.readFrame();
                while (frame.opcode() == BINARY) {
                    frame = client.readFrame();
                }

                assertThat(frame.opcode()).isEqualTo(CLOSE);
                assertThat(frame.closeCode()).isEqualTo(1003);
            }
        }
    }

    /** A client whose TCP connection is open for sure. */
    private WebSocketClient open() throws IOException {
        WebSocketClient client = WebSocketClient.connect(ports.http(), "/tcp");
        client.send(frame(FIN | BINARY, "x"));
        readBytes(client, 1);
        assertThat(traffic.of(Transport.TCP).open()).isEqualTo(1);
        return client;
    }

    /** Waits until TCP has carried something and then nothing for a while. */
    private void awaitStandstill() {
        long[] last = {-1};
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .during(Duration.ofMillis(300))
                .until(() -> {
                    long now = traffic.of(Transport.TCP).bytesOut()
                            + traffic.of(Transport.WEBSOCKET).bytesIn();
                    boolean still = now == last[0];
                    last[0] = now;
                    return still;
                });
    }

    private static List<byte[]> frames(byte[] bytes) {
        List<byte[]> frames = new ArrayList<>();
        for (int start = 0; start < bytes.length; start += 50_000) {
            frames.add(frame(FIN | BINARY, Arrays.copyOfRange(bytes, start, Math.min(start + 50_000, bytes.length))));
        }
        return frames;
    }

    private static ByteBuffer readBytes(WebSocketClient client, int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < length) {
            bytes.writeBytes(client.readMessage().bytes());
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /** Reads with pauses, so that the server pauses and resumes many times. */
    private static ByteBuffer readSlowly(WebSocketClient client, int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int message = 0; bytes.size() < length; message++) {
            bytes.writeBytes(client.readMessage().bytes());
            if (message % 8 == 0) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }
}
