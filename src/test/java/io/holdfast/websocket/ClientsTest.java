// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeftOpen;
import io.holdfast.support.Ports;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/** Clients of other projects. */
@HoldfastTest
@ExtendWith(NothingLeftOpen.class)
class ClientsTest {

    private static final String LONG = "All work and no play makes Jack a dull boy. ".repeat(3000);

    @Autowired
    Ports ports;

    @Test
    void jdkClientTalksAndCloses() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            Heard heard = new Heard();
            WebSocket socket =
                    http.newWebSocketBuilder().buildAsync(uri(), heard).join();

            socket.sendText("hello ", false).join();
            socket.sendText("world", true).join();
            socket.sendBinary(ByteBuffer.wrap(new byte[] {1, 2, 3}), true).join();
            socket.sendPing(ByteBuffer.wrap(new byte[] {4})).join();
            socket.sendText(LONG, true).join();

            assertThat(heard.next()).isEqualTo("text hello world");
            assertThat(heard.next()).isEqualTo("binary 3");
            assertThat(heard.next()).isEqualTo("pong 1");
            assertThat(heard.next()).isEqualTo("text " + LONG);
            socket.sendClose(4321, "bye").join();
            assertThat(heard.next()).isEqualTo("close 4321 bye");
        }
    }

    @Test
    void jettyClientTalksCompressedAndCloses() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocketHttpHeaders headers = new WebSocketHttpHeaders();
        // Both parameters: Jetty's client uses only those that it requested, and confuses the two.
        headers.setSecWebSocketExtensions(List.of(new WebSocketExtension(
                "permessage-deflate", Map.of("client_no_context_takeover", "", "server_no_context_takeover", ""))));
        try (WebSocketSession session = new StandardWebSocketClient()
                .execute(new Queueing(heard), headers, uri())
                .get(10, TimeUnit.SECONDS)) {
            session.setTextMessageSizeLimit(1 << 20);

            assertThat(session.getExtensions())
                    .extracting(WebSocketExtension::getName)
                    .contains("permessage-deflate");
            for (int round = 0; round < 3; round++) {
                session.sendMessage(new TextMessage(LONG));
                session.sendMessage(new BinaryMessage(new byte[] {1, 2, 3}));

                assertThat(next(heard)).as("round %s", round).isEqualTo("text " + LONG);
                assertThat(next(heard)).as("round %s", round).isEqualTo("binary 3");
            }
            session.close(new CloseStatus(4321, "bye"));
            assertThat(next(heard)).isEqualTo("close 4321 bye");
        }
    }

    private URI uri() {
        return URI.create("ws://127.0.0.1:" + ports.http() + "/echo");
    }

    private static String next(BlockingQueue<String> lines) throws InterruptedException {
        return Objects.requireNonNullElse(lines.poll(10, TimeUnit.SECONDS), "nothing within 10 seconds");
    }

    /** Adds what Spring's client hears, a line each. */
    private static final class Queueing extends AbstractWebSocketHandler {

        private final BlockingQueue<String> lines;

        Queueing(BlockingQueue<String> lines) {
            this.lines = lines;
        }

        @Override
        protected void handleTextMessage(WebSocketSession session, TextMessage message) {
            lines.add("text " + message.getPayload());
        }

        @Override
        protected void handleBinaryMessage(WebSocketSession session, BinaryMessage message) {
            lines.add("binary " + message.getPayloadLength());
        }

        @Override
        public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
            lines.add("close " + status.getCode() + " " + status.getReason());
        }
    }

    /** What the JDK's client hears, a line each, whole. */
    private static final class Heard implements WebSocket.Listener {

        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private int bytes;

        String next() throws InterruptedException {
            return ClientsTest.next(lines);
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                lines.add("text " + text);
                text.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            bytes += data.remaining();
            if (last) {
                lines.add("binary " + bytes);
                bytes = 0;
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            lines.add("pong " + message.remaining());
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            lines.add("close " + code + " " + reason);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            lines.add("error " + error);
        }
    }
}
