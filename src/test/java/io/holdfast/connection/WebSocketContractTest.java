// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.Peer.Farewell;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.RawWebSocket.Frame;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class WebSocketContractTest extends TransportContract {

    private static final int KICKS = 200;

    @Override
    Transport transport() {
        return Transport.WEBSOCKET;
    }

    @Override
    String kind() {
        return "echo";
    }

    @Override
    Farewell farewell(CloseReason reason) {
        // No close frame is sent to a dead peer.
        return reason == CloseReason.NO_PONG
                ? new Farewell("", false, false)
                : new Farewell(String.valueOf(reason.webSocketCode()), true, false);
    }

    @Override
    void assertRefused(String address, Limit limit, int value) throws IOException {
        try (TestSocket wire = TestSocket.connectFrom(address, ports.http())) {
            wire.send(RawWebSocket.handshake("/echo"));

            RefusalAssertions.assertTold(wire, "/echo", limit, value);
        }
    }

    int kicks() {
        return KICKS;
    }

    private RawWebSocket open(String path) throws IOException {
        return RawWebSocket.open(TestSocket.connect(ports.http()), path);
    }

    /** Closes as a client: answers the close frame, and ends its side after the server. */
    private static void answer(RawWebSocket webSocket, Frame close) throws IOException {
        webSocket.sendClose(close.closeCode());
        assertThat(webSocket.wire().read()).isEqualTo(-1);
        webSocket.close();
    }

    private void awaitClosed(CloseReason reason, long count) {
        await().untilAsserted(() ->
                assertThat(figures.closed(Transport.WEBSOCKET, reason)).isEqualTo(count));
    }

    @Test
    void fullOutboxClosesTheSlowReaderOnly() throws IOException {
        long before = figures.closed(Transport.WEBSOCKET, CloseReason.SLOW_CONSUMER);
        try (RawWebSocket bystander = open("/echo");
                RawWebSocket slow = open("/endless")) {
            Connection connection = await().until(
                            () -> figures.ofPeer(slow.wire().localPort()), at -> at.isPresent())
                    .orElseThrow();
            await().until(() -> connection.reason() == CloseReason.SLOW_CONSUMER);

            bystander.send("still here");
            Frame echo = bystander.readNext(RawWebSocket.TEXT);
            long waiting = connection.queuedBytes();
            Frame close = slow.readNext(RawWebSocket.CLOSE);
            slow.sendClose(close.closeCode());
            int end = slow.wire().read();

            assertThat(echo.text()).isEqualTo("still here");
            assertThat(waiting).isLessThanOrEqualTo(TightTest.OUTBOX + 16 * 1024);
            assertThat(close.closeCode()).isEqualTo(4008);
            assertThat(close.closeText()).isEqualTo(CloseReason.SLOW_CONSUMER.text());
            assertThat(end).isEqualTo(-1);
            awaitClosed(CloseReason.SLOW_CONSUMER, before + 1);
        }
    }

    @Test
    void readerThatKeepsUpIsNotSlowHoweverMuchItIsSent() throws IOException {
        String message = "m".repeat(TightTest.OUTBOX / 8);
        try (RawWebSocket fast = open("/echo")) {
            for (int round = 0; round < 10; round++) {
                fast.send(message);
                fast.send(message);

                assertThat(fast.readNext(RawWebSocket.TEXT).text()).isEqualTo(message);
                assertThat(fast.readNext(RawWebSocket.TEXT).text()).isEqualTo(message);
            }
        }
    }

    @Test
    void closeFrameIsTheLastThingSaidHoweverMuchIsOnItsWay() throws IOException {
        for (int round = 0; round < kicks(); round++) {
            try (RawWebSocket busy = open("/endless")) {
                Connection connection = connectionOf(busy);
                busy.read();
                Thread.ofVirtual().start(() -> connection.close(CloseReason.KICKED));

                Frame close = busy.readNext(RawWebSocket.CLOSE);

                assertThat(close.closeCode()).isIn(4001, 4008);
                answer(busy, close);
            }
        }
    }

    private Connection connectionOf(RawWebSocket webSocket) {
        return await().until(() -> figures.ofPeer(webSocket.wire().localPort()), at -> at.isPresent())
                .orElseThrow();
    }

    @Test
    void handlerThatFailsClosesWithAnInternalErrorAndTellsNothingOfIt() throws IOException {
        long before = figures.closed(Transport.WEBSOCKET, CloseReason.ERROR);
        try (RawWebSocket webSocket = open("/broken")) {
            webSocket.send("go");

            Frame close = webSocket.read();
            answer(webSocket, close);

            assertThat(close.closeCode()).isEqualTo(1011);
            assertThat(close.closeText()).doesNotContain(BadHandlers.SECRET);
            awaitClosed(CloseReason.ERROR, before + 1);
        }
    }

    @Test
    void messageOverTheLimitIsTooBigOnItsHeaderAlone() throws IOException {
        long before = figures.closed(Transport.WEBSOCKET, CloseReason.TOO_BIG);
        try (RawWebSocket webSocket = open("/echo")) {
            webSocket.sendHeader(0x82, TightTest.ECHO_SIZE + 1);

            Frame close = webSocket.read();
            answer(webSocket, close);

            assertThat(close.opcode()).isEqualTo(RawWebSocket.CLOSE);
            assertThat(close.closeCode()).isEqualTo(1009);
            awaitClosed(CloseReason.TOO_BIG, before + 1);
        }
    }

    @Test
    void messageOfExactlyTheLimitIsEchoed() throws IOException {
        try (RawWebSocket webSocket = open("/echo")) {
            webSocket.send(RawWebSocket.BINARY, new byte[TightTest.ECHO_SIZE]);

            int received = 0;
            while (received < TightTest.ECHO_SIZE) {
                Frame frame = webSocket.read();
                assertThat(frame.opcode()).isNotEqualTo(RawWebSocket.CLOSE);
                received += frame.payload().remaining();
            }
            assertThat(received).isEqualTo(TightTest.ECHO_SIZE);
        }
    }

    @Test
    void reservedBitIsAProtocolError() throws IOException {
        assertBadProtocol(1002, webSocket -> webSocket.sendHeader(0xF1, 0));
    }

    @Test
    void unmaskedFrameIsAProtocolError() throws IOException {
        assertBadProtocol(1002, webSocket -> webSocket.wire().send((byte) 0x81, (byte) 1, (byte) 'x'));
    }

    @Test
    void textThatIsNotUtf8IsBadData() throws IOException {
        assertBadProtocol(1007, webSocket -> webSocket.send(RawWebSocket.TEXT, (byte) 0xC3, (byte) 0x28));
    }

    private interface Violation {
        void send(RawWebSocket webSocket) throws IOException;
    }

    private void assertBadProtocol(int code, Violation violation) throws IOException {
        long before = figures.closed(Transport.WEBSOCKET, CloseReason.BAD_PROTOCOL);
        try (RawWebSocket webSocket = open("/echo")) {
            violation.send(webSocket);

            Frame close = webSocket.read();
            answer(webSocket, close);

            assertThat(close.closeCode()).isEqualTo(code);
            awaitClosed(CloseReason.BAD_PROTOCOL, before + 1);
        }
    }
}
