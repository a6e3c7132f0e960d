// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.JsonTalk;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.PlainRequest.Answer;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.ServiceProcess;
import io.holdfast.support.TestSocket;
import io.holdfast.support.WebSocketClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whatever a stranger sends, the log has no warning, no error and no stack trace, and the stranger is told what is valid. */
class QuietLogTest {

    private static final String HOST = "Host: 127.0.0.1\r\n";
    private static final String END = "Connection: close\r\n\r\n";

    /** From each kind of handler: the page, the actuator, controllers, message endpoints, none. */
    private static final List<String> PATHS = List.of(
            "/",
            "/index.html",
            "/actuator",
            "/actuator/health",
            "/actuator/metrics/jvm.info",
            "/stream",
            "/inspect",
            "/echo",
            "/channels/a",
            "/channels/a/messages",
            "/channels",
            "/nothing",
            "/webjars/nothing");

    private static ServiceProcess service;

    @BeforeAll
    static void start() throws Exception {
        service = ServiceProcess.start("--holdfast.drain.window=100ms");
    }

    @AfterEach
    void nothingWasLogged() {
        assertThat(service.complaints()).isEmpty();
    }

    @AfterAll
    static void nothingWasLoggedToTheEnd() throws Exception {
        try (ServiceProcess stopping = service) {
            stopping.terminate();
            assertThat(stopping.awaitEnd(Duration.ofSeconds(20))).isTrue();
            assertThat(stopping.complaints()).isEmpty();
        }
    }

    /** What is sent, byte for byte, and how it is answered. */
    record Bad(String request, int status) {

        static Bad get(String path, int status) {
            return new Bad("GET " + path + " HTTP/1.1\r\n" + HOST + END, status);
        }

        static Bad get(String path, String header, int status) {
            return new Bad("GET " + path + " HTTP/1.1\r\n" + HOST + header + "\r\n" + END, status);
        }

        static Bad method(String method, String path, int status) {
            return new Bad(method + " " + path + " HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n" + END, status);
        }

        static Bad post(String path, String headers, String body, int status) {
            return new Bad("POST " + path + " HTTP/1.1\r\n" + HOST + headers + "\r\n" + END + body, status);
        }

        /** With everything a handshake needs, but for what {@code found} replaces. */
        static Bad handshake(String path, String found, String replacement, int status) {
            return new Bad(RawWebSocket.handshake(path).replace(found, replacement), status);
        }

        @Override
        public String toString() {
            String shown = request.length() > 80 ? request.substring(0, 80) : request;
            return status + " " + shown.replaceAll("\\p{Cntrl}+", " ");
        }
    }

    static Stream<Bad> lines() {
        return Stream.of(
                new Bad("\0\1\2\r\n\r\n", 400),
                new Bad("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\r\n\r\n", 400),
                new Bad("GET /\r\n", 505),
                new Bad("GET / HTTP/3.0\r\n\r\n", 505),
                new Bad("GET / HTTP/1.2\r\nHost: localhost\r\n\r\n", 505),
                new Bad("G\0T / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                new Bad("GET / HTTP/1.1\r\n\r\n", 400),
                new Bad("GET / HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n\r\n", 400),
                new Bad("GET / HTTP/1.1\r\nHost: localhost\r\n: b\r\n\r\n", 400),
                new Bad("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
                Bad.get("/" + "a".repeat(20_000), 414),
                Bad.get("/", "X: " + "a".repeat(20_000), 431),
                Bad.get("/", "Cookie: a=\1", 400),
                Bad.get("/", "Expect: x", 417),
                Bad.get("/index.html", "Range: bytes=zz", 416));
    }

    static Stream<Bad> paths() {
        return Stream.of(
                Bad.get("/%zz", 400),
                Bad.get("/channels/%ff", 400),
                Bad.get("/a;%zz", 400),
                Bad.get("/channels/a;b=%zz/messages", 400),
                Bad.get("/actuator/health/../..", 400),
                Bad.get("/channels/x/../a/messages", 400),
                Bad.get("/channels/./a", 400),
                Bad.get("/%2e%2e/", 400),
                Bad.get("//", 400),
                Bad.get("/a\\..\\..\\b", 400),
                Bad.get("/a|b", 400),
                Bad.get("/x/WEB-INF/web.xml", 404),
                Bad.get("/url:x/y:/z", 404),
                Bad.get("/actuator/heapdump", 404),
                Bad.get("/channels/%20", 400));
    }

    static Stream<Bad> queries() {
        return PATHS.stream().flatMap(path -> Stream.of(Bad.get(path + "?tag=%zz", 400), Bad.get(path + "?%ff", 400)));
    }

    static Stream<Bad> hosts() {
        return PATHS.stream()
                .flatMap(path -> Stream.of("a b", "[", "%zz:1", "a:99999", "a:b")
                        .map(host -> new Bad("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 400)));
    }

    static Stream<Bad> methods() {
        return PATHS.stream().flatMap(path -> {
            boolean found = !List.of("/nothing", "/webjars/nothing").contains(path);
            return Stream.of(
                    Bad.method("FOO", path, 501),
                    Bad.method("get", path, 501),
                    Bad.method("PUT", path, found ? 405 : 404),
                    Bad.method("A".repeat(500), path, 501),
                    Bad.method("TRACE", path, found ? 405 : 404));
        });
    }

    static Stream<Bad> headers() {
        Stream<Bad> accepts = Stream.of("Accept: ///", "Accept: text/html;q=x")
                .flatMap(accept -> Stream.of(
                        Bad.get("/actuator/health", accept, 406),
                        Bad.get("/stream", accept, 406),
                        Bad.get("/channels/a", accept, 406),
                        Bad.get("/nothing", accept, 404)));
        Stream<Bad> origins = Stream.of(
                        ":::",
                        "http://[",
                        "http://evil.example",
                        "http:///",
                        "http://a b",
                        "http://%zz",
                        "http://[::ffff:127.0.0.1]:1",
                        "http://a\r\nOrigin: http://b")
                .map(origin -> "Origin: " + origin)
                .flatMap(origin -> Stream.of(
                        Bad.get("/channels/a", origin, 403),
                        Bad.get("/channels/a/messages", origin, 403),
                        Bad.get("/client/lines.js", origin, 403),
                        Bad.post("/channels/a", origin + "\r\nContent-Length: 1", "1", 403)));
        Stream<Bad> lists = Stream.of("\"", "a, \"b", "a;\"", "\\\"")
                .flatMap(list -> Stream.of(
                        new Bad(
                                "OPTIONS /channels/a HTTP/1.1\r\n" + HOST + "Origin: http://evil.example\r\n"
                                        + "Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: "
                                        + list
                                        + "\r\n" + END,
                                403),
                        Bad.post("/channels/a", "Content-Length: 1\r\nContent-Encoding: " + list, "1", 415)));
        Stream<Bad> types = Stream.of("/////", "text/plain; charset=none", "image/png")
                .map(type -> Bad.post("/channels/a", "Content-Length: 1\r\nContent-Type: " + type, "1", 415));
        return Stream.of(accepts, origins, lists, types).flatMap(bad -> bad);
    }

    static Stream<Bad> bodies() {
        Stream<Bad> chunks = Stream.of("zz\r\na\r\n", "-1\r\na\r\n", "FFFFFFFFFFFFFFFF\r\na\r\n", "1\r\nabc\r\n")
                .flatMap(body -> Stream.of("/echo", "/channels/a")
                        .map(path -> Bad.post(path, "Transfer-Encoding: chunked", body, 400)));
        Stream<Bad> framing = Stream.of(
                        "Content-Length: -1",
                        "Content-Length: 1x",
                        "Content-Length: 1\r\nContent-Length: 2",
                        "Content-Length: 1\r\nTransfer-Encoding: chunked",
                        "Transfer-Encoding: zz")
                .map(header -> Bad.post("/echo", header, "", 400));
        Stream<Bad> json = Stream.of("{\"data\":", "[".repeat(5000), "1e", "\"\\ud8\"")
                .map(body -> Bad.post(
                        "/channels/a",
                        "Content-Type: application/json\r\nContent-Length: " + body.length(),
                        body,
                        400));
        return Stream.of(chunks, framing, json).flatMap(bad -> bad);
    }

    static Stream<Bad> handshakes() {
        String key = "dGhlIHNhbXBsZSBub25jZQ==";
        String last = "Version: 13";
        return Stream.of("/echo", "/channels", "/tcp", "/lines", "/inspect")
                .flatMap(path -> Stream.of(
                        Bad.handshake(path, key, "zz", 400),
                        Bad.handshake(path, last, "Version: zz", 426),
                        Bad.handshake(path, last, last + "\r\nOrigin: http://[", 403),
                        Bad.handshake(path, last, last + "\r\nOrigin: http://a:99999999", 403),
                        Bad.handshake(path, last, last + "\r\nOrigin: http://a b", 403),
                        Bad.handshake(path, last, last + "\r\nOrigin: http://%zz", 403),
                        Bad.handshake(path, last, last + "\r\nOrigin: http://a\r\nOrigin: http://b", 403),
                        Bad.handshake(path, last, last + "\r\nOrigin: http://[::ffff:127.0.0.1]:1", 403),
                        Bad.handshake(path, last, last + "\r\nOrigin: null", 403),
                        Bad.handshake(path, last, last + "\r\nSec-WebSocket-Protocol: a b", 400),
                        Bad.handshake(path, last, last + "\r\nSec-WebSocket-Extensions: \"", 400),
                        Bad.handshake(path, "Connection: Upgrade\r\n", "", 400),
                        Bad.handshake(path, "Connection: Upgrade", "Connection: Upgrade, \"", 400),
                        Bad.handshake(path, "127.0.0.1", "[", 400),
                        Bad.handshake(path, path + " ", path + "?label=%zz ", 400),
                        Bad.handshake(path, path + " ", path + "?end=zz ", 400)));
    }

    @ParameterizedTest
    @MethodSource({"lines", "paths", "queries", "hosts", "methods", "headers", "bodies", "handshakes"})
    void badRequestIsAnsweredWithWhatIsValid(Bad bad) throws IOException {
        Answer answer = send(bad.request());

        assertThat(answer.status()).isEqualTo(bad.status());
        assertProblem(answer);
    }

    private static Answer send(String request) throws IOException {
        try (TestSocket wire = TestSocket.connect(service.http())) {
            return PlainRequest.read(wire.send(request));
        }
    }

    private static void assertProblem(Answer answer) {
        assertThat(answer.head()).contains("content-type: application/problem+json");
        assertSecurityHeaders(answer);
        JsonNode problem = answer.json();
        assertThat(problem.path("status").asInt()).isEqualTo(answer.status());
        assertThat(problem.path("detail").asString())
                .containsIgnoringCase("valid: ")
                .contains(" as ")
                .doesNotContain("Exception");
        assertThat(problem.path("parameter").asString()).isNotEmpty();
        assertThat(problem.path("valid").asString()).isNotEmpty();
        assertThat(problem.path("value").asString("")).hasSizeLessThanOrEqualTo(101);
    }

    private static void assertSecurityHeaders(Answer answer) {
        assertThat(answer.head())
                .contains(
                        "x-content-type-options: nosniff",
                        "content-security-policy: default-src 'self'; frame-ancestors 'none'",
                        "referrer-policy: no-referrer");
    }

    @Test
    void pageAsksForNoDevices() throws IOException {
        assertThat(PlainRequest.get(service.http(), "/").head()).contains("permissions-policy: camera=()");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/actuator", "/actuator/health", "/actuator/prometheus", "/actuator/connections"})
    void answersOfThePageAndTheActuatorHaveTheSameSecurityHeaders(String path) throws IOException {
        Answer answer = PlainRequest.get(service.http(), path);

        assertThat(answer.status()).isEqualTo(200);
        assertSecurityHeaders(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void errorPathIsNoPage(String method) throws IOException {
        for (String accept : List.of("text/html", "application/json", "image/png", "///")) {
            Answer answer = send(method + " /error HTTP/1.1\r\n" + HOST + "Accept: " + accept + "\r\n" + END);

            assertThat(answer.status()).isEqualTo(404);
            assertProblem(answer);
        }
    }

    @Test
    void badQueryOfTheActuatorIsNoServerError() throws IOException {
        assertThat(PlainRequest.get(service.http(), "/actuator/metrics/jvm.info?tag=%zz")
                        .status())
                .isEqualTo(400);

        Answer errors =
                PlainRequest.get(service.http(), "/actuator/metrics/http.server.requests?tag=outcome:SERVER_ERROR");
        assertThat(errors.status()).as("none was counted").isEqualTo(404);
    }

    /** Jetty answers what it cannot parse on another thread than the one that reads. */
    @Test
    void badRequestsTogetherAreAllAnswered() {
        List<CompletableFuture<Void>> senders = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    for (int round = 0; round < 250; round++) {
                        expect("Expect: x", 417);
                        expect("Content-Length: 1x", 400);
                    }
                }))
                .toList();

        senders.forEach(CompletableFuture::join);
    }

    private static void expect(String header, int status) {
        try {
            assertThat(send("GET /nothing HTTP/1.1\r\n" + HOST + header + "\r\n\r\n")
                            .status())
                    .isEqualTo(status);
        } catch (IOException e) {
            throw new UncheckedIOException(header, e);
        }
    }

    /** Among others while the WebSocket connects to a TCP listener. */
    @ParameterizedTest
    @ValueSource(strings = {"/tcp", "/lines", "/echo", "/channels", "/inspect"})
    void webSocketsThatLeaveAsTheyOpenAreNoFault(String path) throws IOException {
        byte[] frame = WebSocketClient.frame(WebSocketClient.FIN | WebSocketClient.BINARY, "x");
        for (int i = 0; i < 60; i++) {
            try (TestSocket wire = TestSocket.connect(service.http())) {
                wire.send(WebSocketClient.join(
                        WebSocketClient.handshake(path).getBytes(StandardCharsets.US_ASCII), frame));
                if (i % 3 == 0) {
                    wire.readUntil("\r\n\r\n");
                }
                if (i % 2 == 0) {
                    wire.resetOnClose();
                }
            }
        }
        awaitNothingOpen();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HT",
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc",
                "POST /channels/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc",
                "POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n",
                "GET /stream?interval=1ms&size=60000 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /channels/a HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /channels/a/messages?wait=10s HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /actuator/prometheus HTTP/1.1\r\nHost: localhost\r\n\r\nGET /actuator/prometheus HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /webjars/uplot/dist/uPlot.iife.min.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
            })
    void peersThatLeaveAmidARequestOrItsAnswerAreNoFault(String request) throws IOException {
        for (int i = 0; i < 40; i++) {
            try (TestSocket wire = TestSocket.connect(service.http())) {
                wire.send(request);
                if (i % 2 == 0) {
                    wire.resetOnClose();
                }
            }
        }
        awaitNothingOpen();
    }

    private static void awaitNothingOpen() {
        await().untilAsserted(() -> assertThat(PlainRequest.get(service.http(), "/actuator/connections")
                        .json()
                        .path("total")
                        .asInt())
                .isZero());
    }

    static Stream<byte[]> frames() {
        int text = WebSocketClient.FIN | WebSocketClient.TEXT;
        return Stream.of(
                WebSocketClient.frame(text | WebSocketClient.RSV3, "x"),
                WebSocketClient.frame(WebSocketClient.FIN | 3, "x"),
                WebSocketClient.frame(WebSocketClient.FIN, "continues nothing"),
                WebSocketClient.frame(text, (byte) 0xFF, (byte) 0xFE),
                WebSocketClient.header(WebSocketClient.FIN | WebSocketClient.BINARY, -1),
                WebSocketClient.close(1),
                new byte[] {(byte) text, 1, 'x'});
    }

    @ParameterizedTest
    @MethodSource("frames")
    void brokenFramesEndTheirConnection(byte[] frame) throws IOException {
        for (String path : List.of("/echo", "/channels", "/tcp", "/lines", "/inspect")) {
            try (WebSocketClient client = WebSocketClient.connect(service.http(), path)) {
                client.send(frame);
                WebSocketClient.Frame read = client.readFrame();
                while (read.opcode() != WebSocketClient.CLOSE) {
                    read = client.readFrame();
                }
                assertThat(read.closeCode()).isIn(1002, 1003, 1007, 1009);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(JsonTalk.Way.class)
    void badCommandsAreAnsweredWithAnError(JsonTalk.Way way) throws IOException {
        try (JsonTalk talk = JsonTalk.open(way, service.ports())) {
            for (String command : List.of(
                    "zz",
                    "{\"type\":",
                    "[]",
                    "null",
                    "{\"type\":\"zz\"}",
                    "[".repeat(20_000),
                    "{\"type\":\"subscribe\",\"channel\":\"\\u0000/\"}",
                    "{\"type\":\"publish\",\"channel\":\"a\",\"data\":" + "[".repeat(100) + "]".repeat(100) + "}")) {
                talk.say(command).hear("error");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(JsonTalk.Way.class)
    void eventsAreNotCalledPing(JsonTalk.Way way) throws IOException {
        try (JsonTalk talk = JsonTalk.open(way, service.ports())) {
            JsonNode error = talk.say("{\"type\":\"publish\",\"channel\":\"a\",\"event\":\"ping\",\"data\":1}")
                    .hear("error");

            assertThat(error.path("code").asString()).isEqualTo("bad-event");
            assertThat(error.toString()).contains("'ping'", "as price");
        }
        Answer answer = send(Bad.post("/channels/a?event=ping", "Content-Length: 1", "1", 400)
                .request());
        assertThat(answer.status()).isEqualTo(400);
        assertProblem(answer);
        assertThat(answer.json().path("code").asString()).isEqualTo("bad-event");
    }

    /** TLS, HTTP, and bytes that are nothing. */
    @Test
    void garbageOnTheLinesIsNoFault() throws IOException {
        for (String garbage : List.of("\u0016\u0003\u0001\n", "GET / HTTP/1.1\r\n\r\n", "\0\n", "a".repeat(200_000))) {
            try (TestSocket wire = TestSocket.connect(service.ports().tcpLines())) {
                wire.readUntil("\n");
                wire.send(garbage).resetOnClose();
            }
        }
        awaitNothingOpen();
    }
}
