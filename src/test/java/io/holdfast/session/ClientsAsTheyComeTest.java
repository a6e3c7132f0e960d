package io.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Ports;
import io.holdfast.support.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;

/** Channels with clients of other projects. The browser's EventSource is in the page's tests. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
class ClientsAsTheyComeTest {

    private final HttpClient http = HttpClient.newHttpClient();

    @Autowired
    Ports ports;

    private String channel = "";

    @BeforeEach
    void nameChannel(TestInfo test) {
        channel = test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void close() {
        http.close();
    }

    private void publish(String text) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + ports.http() + "/channels/" + channel))
                .POST(BodyPublishers.ofString(text))
                .build();
        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    }

    private static void awaitLine(BufferedReader lines, String part) throws IOException {
        String line;
        do {
            line = lines.readLine();
            assertThat(line).as("a line with " + part).isNotNull();
        } while (line != null && !line.contains(part));
    }

    @Test
    void curlListens() throws Exception {
        try (Program curl = Program.start(
                "curl", "-sN", "--max-time", "30", "http://127.0.0.1:" + ports.http() + "/channels/" + channel)) {
            awaitLine(curl.output(), "event: welcome");
            publish("hello");
            awaitLine(curl.output(), "data: hello");
        }
    }

    @Test
    void curlPublishes() throws Exception {
        try (Program listener = Program.start("nc", "127.0.0.1", String.valueOf(ports.tcpLines()))) {
            listener.say("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}\n");
            awaitLine(listener.output(), "subscribed");
            try (Program curl = Program.start(
                    "curl",
                    "-s",
                    "--max-time",
                    "30",
                    "-d",
                    "by curl",
                    "http://127.0.0.1:" + ports.http() + "/channels/" + channel)) {
                awaitLine(curl.output(), "position");
            }
            awaitLine(listener.output(), "\"data\":\"by curl\"");
        }
    }

    @Test
    void netcatListensAndPublishes() throws Exception {
        try (Program nc = Program.start("nc", "127.0.0.1", String.valueOf(ports.tcpLines()))) {
            awaitLine(nc.output(), "welcome");
            nc.say("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}\n");
            awaitLine(nc.output(), "subscribed");
            nc.say("{\"type\":\"publish\",\"channel\":\"" + channel + "\",\"data\":{\"price\":7}}\n");
            awaitLine(nc.output(), "\"data\":{\"price\":7}");
        }
    }

    @Test
    void theJdksWebSocketListensAndPublishes() throws Exception {
        Heard heard = new Heard();
        WebSocket webSocket = http.newWebSocketBuilder()
                .subprotocols("holdfast.v1")
                .buildAsync(URI.create("ws://127.0.0.1:" + ports.http() + "/channels"), heard)
                .join();

        assertThat(webSocket.getSubprotocol()).isEqualTo("holdfast.v1");
        webSocket
                .sendText("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}", true)
                .join();
        heard.await("subscribed");
        webSocket
                .sendText("{\"type\":\"publish\",\"channel\":\"" + channel + "\",\"data\":[1,2]}", true)
                .join();
        heard.await("\"data\":[1,2]");

        webSocket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        heard.await("closed 1000");
    }

    /** What a WebSocket was told, whole messages. */
    private static final class Heard implements WebSocket.Listener {

        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder parts = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                messages.add(parts.toString());
                parts.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            messages.add("closed " + code);
            return null;
        }

        void await(String part) throws InterruptedException {
            String message;
            do {
                message = messages.poll(10, TimeUnit.SECONDS);
                assertThat(message).as("a message with " + part).isNotNull();
            } while (message != null && !message.contains(part));
        }
    }
}
