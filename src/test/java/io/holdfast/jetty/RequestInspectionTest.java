// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.FaultTest;
import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server's report of a request. */
@FaultTest
class RequestInspectionTest {

    private static final JsonMapper JSON = new JsonMapper();

    @Autowired
    Ports ports;

    private static JsonNode body(TestSocket wire) throws IOException {
        String head = wire.readUntil("\r\n\r\n");
        assertThat(head).startsWith("HTTP/1.1 200 ").contains("Content-Type: application/json");
        // Chunked or not: the object ends where its braces do.
        StringBuilder text = new StringBuilder();
        int depth = 0;
        do {
            char next = (char) wire.read();
            depth += next == '{' ? 1 : next == '}' ? -1 : 0;
            text.append(next);
        } while (depth > 0 || text.indexOf("{") < 0);
        byte[] bytes = text.substring(text.indexOf("{")).getBytes(StandardCharsets.ISO_8859_1);
        return JSON.readTree(bytes);
    }

    @Test
    void allHeadersAreToldInOrderButNoSecrets() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("GET /inspect HTTP/1.1\r\nHost: localhost\r\nX-Two: b\r\nX-Two: a\r\nCookie: id=7\r\n"
                    + "Authorization: Basic Zm9v\r\nProxy-Authorization: x\r\nX-Forwarded-For: 192.0.2.1\r\n"
                    + "Forwarded: for=192.0.2.1\r\nX-Real-IP: 192.0.2.1\r\nVia: 1.1 proxy\r\n\r\n");
            JsonNode seen = body(wire);

            assertThat(fields(seen.get("headers")))
                    .containsExactly(
                            "Host: localhost",
                            "X-Two: b",
                            "X-Two: a",
                            "Cookie: …",
                            "Authorization: …",
                            "Proxy-Authorization: …",
                            "X-Forwarded-For: 192.0.2.1",
                            "Forwarded: for=192.0.2.1",
                            "X-Real-IP: 192.0.2.1",
                            "Via: 1.1 proxy");
            assertThat(fields(seen.get("forwarded")))
                    .containsExactly(
                            "X-Forwarded-For: 192.0.2.1",
                            "Forwarded: for=192.0.2.1",
                            "X-Real-IP: 192.0.2.1",
                            "Via: 1.1 proxy");
            assertThat(seen.get("remote").asString()).isEqualTo("127.0.0.1:" + wire.localPort());
            assertThat(seen.get("local").asString()).isEqualTo("127.0.0.1:" + ports.http());
            assertThat(seen.get("protocol").asString()).isEqualTo("HTTP/1.1");
            assertThat(seen.get("scheme").asString()).isEqualTo("http");
            assertThat(seen.has("tls")).isFalse();
        }
    }

    private static List<String> fields(JsonNode fields) {
        return fields.valueStream()
                .map(field ->
                        field.get("name").asString() + ": " + field.get("value").asString())
                .toList();
    }

    @Test
    void bytesAreThoseOnTheWire() throws IOException {
        String request = "GET /inspect HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String echo = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello";
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(echo);
            String answer = wire.readUntil("\r\n\r\n") + wire.readUntil("hello");
            wire.send(request);
            JsonNode seen = body(wire);

            assertThat(seen.at("/bytes/in").asInt()).isEqualTo(echo.length() + request.length());
            assertThat(seen.at("/bytes/out").asInt()).isEqualTo(answer.length());
            assertThat(seen.get("requests").asInt()).isEqualTo(2);
        }
    }

    /** Jetty has a new HTTP connection after a stream, whose counters begin at zero. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /stream?count=3&interval=10ms",
                "GET /channels/inspected?after=20ms&end=close",
                "GET /channels/inspected/messages?wait=10ms",
                "GET /channels/inspected/messages?delay=10ms"
            })
    void countersContinueAfterAStream(String line) throws IOException {
        String request = "GET /inspect HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String stream = line + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            int out = 0;
            for (int round = 0; round < 2; round++) {
                wire.send(stream);
                out += wire.readUntil("\r\n0\r\n\r\n").length();
            }
            wire.send(request);
            JsonNode seen = body(wire);

            assertThat(seen.get("requests").asInt()).isEqualTo(3);
            assertThat(seen.at("/bytes/in").asInt()).isEqualTo(2 * stream.length() + request.length());
            assertThat(seen.at("/bytes/out").asInt()).isEqualTo(out);
        }
    }

    @Test
    void countersOfAWebSocketContinueAfterAStream() throws IOException {
        String stream = "GET /stream?count=1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(stream);
            String streamed = wire.readUntil("\r\n0\r\n\r\n");
            String handshake = RawWebSocket.handshake("/inspect");
            wire.send(handshake);
            String head = wire.readUntil("\r\n\r\n");
            String seen = RawWebSocket.upgraded(wire).send("?").read().text();

            assertThat(bytes(seen, "in")).isEqualTo(stream.length() + handshake.length() + 6 + 1);
            assertThat(bytes(seen, "out")).isEqualTo(streamed.length() + head.length());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/channels", "/inspect"})
    void theWelcomeOfAWebSocketTellsOnRequest(String path) throws IOException {
        String handshake = RawWebSocket.handshake(path + "?inspect=true&heartbeat=none");
        try (TestSocket wire = TestSocket.connect(ports.http());
                RawWebSocket client = RawWebSocket.open(wire, path + "?inspect=true&heartbeat=none")) {
            JsonNode welcome = JSON.readTree(client.read().text());

            assertThat(welcome.get("type").asString()).isEqualTo("welcome");
            assertThat(welcome.get("connection").asString()).startsWith("c-");
            assertThat(welcome.get("heartbeat").asString()).isEqualTo("none");
            JsonNode seen = welcome.get("inspect");
            assertThat(seen.get("remote").asString()).isEqualTo("127.0.0.1:" + wire.localPort());
            assertThat(fields(seen.get("headers"))).contains("Upgrade: websocket");
            assertThat(seen.get("extensions").isEmpty()).isTrue();
            assertThat(seen.get("subprotocol").asString()).isEmpty();
            assertThat(seen.at("/bytes/in").asInt()).isEqualTo(handshake.length());
        }
    }

    @Test
    void aWebSocketTellsWhatHasPassedEachTimeItIsAsked() throws IOException {
        String handshake = RawWebSocket.handshake("/inspect");
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(handshake);
            String head = wire.readUntil("\r\n\r\n");
            RawWebSocket client = RawWebSocket.upgraded(wire);
            int in = handshake.length();
            int out = head.length();
            for (int round = 0; round < 3; round++) {
                client.send("x".repeat(200));
                in += 8 + 200;

                String text = client.read().text();
                JsonNode seen = JSON.readTree(text);

                assertThat(seen.get("type").asString()).isEqualTo("inspect");
                assertThat(seen.at("/bytes/in").asInt()).isEqualTo(in);
                assertThat(seen.at("/bytes/out").asInt()).isEqualTo(out);
                out += (text.length() < 126 ? 2 : 4) + text.getBytes(StandardCharsets.UTF_8).length;
            }
        }
    }

    @Test
    void aWebSocketsBinaryMessagesComeBackAndCount() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            RawWebSocket client = RawWebSocket.open(wire, "/inspect");
            String before = client.send("?").read().text();
            RawWebSocket.Frame echo =
                    client.send(RawWebSocket.BINARY, new byte[200]).read();
            String after = client.send("?").read().text();

            assertThat(echo.opcode()).isEqualTo(RawWebSocket.BINARY);
            assertThat(echo.payload()).isEqualTo(ByteBuffer.allocate(200));
            assertThat(bytes(after, "in") - bytes(before, "in")).isEqualTo(8 + 200 + 6 + 1);
            assertThat(bytes(after, "out") - bytes(before, "out")).isEqualTo(2 + before.length() + 4 + 200);
        }
    }

    private static int bytes(String seen, String direction) {
        return JSON.readTree(seen).get("bytes").get(direction).asInt();
    }
}
