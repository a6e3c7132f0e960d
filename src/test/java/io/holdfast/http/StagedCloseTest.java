// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.QuickTest;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Clients that send all before they read get the answer to what is not read to its end (RFC 9112, section 9.6). */
@QuickTest
class StagedCloseTest {

    /** More than the buffers of both sockets. */
    private static final int LARGE = 32 * 1024 * 1024;

    @Autowired
    Ports ports;

    @Autowired
    Connections connections;

    @AutoClose
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static Stream<Arguments> refused() {
        String tooLong = "X: " + "a".repeat(20_000);
        return Stream.of(
                Arguments.of("POST /echo HTTP/1.1", "", 413),
                Arguments.of("POST /echo HTTP/1.1", "Connection: close", 413),
                Arguments.of("POST /echo HTTP/1.0", "Connection: keep-alive", 413),
                Arguments.of("POST /echo?delay=fast HTTP/1.1", "", 400),
                Arguments.of("PUT /echo HTTP/1.1", "", 405),
                Arguments.of("POST /channels/a HTTP/1.1", "", 413),
                Arguments.of("POST /channels/a HTTP/1.1", "Content-Type: image/png", 415),
                Arguments.of("POST /channels/a?status=503 HTTP/1.1", "", 503),
                Arguments.of("POST /channels/a HTTP/1.1", "Origin: http://other.example", 403),
                Arguments.of("PUT /channels/a/messages HTTP/1.1", "", 405),
                Arguments.of("POST /stream HTTP/1.1", "", 405),
                Arguments.of("POST /nothing HTTP/1.1", "", 404),
                Arguments.of("POST / HTTP/1.1", "", 405),
                Arguments.of("POST /actuator/health HTTP/1.1", "", 405),
                Arguments.of("GET /stream HTTP/1.1", "", 400),
                Arguments.of("GET /actuator/health HTTP/1.1", "", 400),
                Arguments.of("BREW /echo HTTP/1.1", "", 501),
                Arguments.of("POST /a%2Fb HTTP/1.1", "", 400),
                Arguments.of("POST /%zz HTTP/1.1", "", 400),
                Arguments.of("POST /echo HTTP/9.9", "", 505),
                Arguments.of("POST /echo HTTP/1.1", "Expect: 100-please", 417),
                Arguments.of("POST /echo HTTP/1.1", "No colon", 400),
                Arguments.of("POST /echo HTTP/1.1", tooLong, 431));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void rfc9112Section9_6AnswerIsNotLostByUnreadInput(String line, String header, int status) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(line + "\r\nHost: localhost\r\n" + header + (header.isEmpty() ? "" : "\r\n") + "Content-Length: "
                    + LARGE + "\r\n\r\n");
            wire.send(new byte[LARGE]);

            assertLastAnswer(wire, status);
        }
    }

    private static void assertLastAnswer(TestSocket wire, int status) throws IOException {
        PlainRequest.Answer answer = PlainRequest.read(wire);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.head()).contains("content-type: application/problem+json", "connection: close");
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(wire.readToEnd()).as("the end, and no reset").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/echo,2000000,413", "/channels/a,2000000,413", "/echo,zz,400", "/nothing,2000000,404"})
    void rfc9112Section9_6AnswerIsNotLostByUnreadChunks(String path, String size, int status) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + size
                    + "\r\n");
            wire.send(new byte[LARGE]);
            wire.send("\r\n0\r\n\r\n");

            assertLastAnswer(wire, status);
        }
    }

    @ParameterizedTest
    @CsvSource({"POST,/echo,413", "POST,/channels/a,413", "POST,/actuator/health,405", "GET,/stream,400"})
    void rfc9112Section9_6JdkClientGetsTheAnswer(String method, String path, int status) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.http() + path))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(new byte[LARGE]))
                .build();

        for (int i = 0; i < 5; i++) {
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(status);
        }
    }

    /** The service answers on its own accord, while it waits for the rest of the body. */
    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/channels/a"})
    void rfc9112Section9_6AnswerToASlowBodyIsNotLost(String path) throws IOException {
        try (TestSocket wire = upload(path)) {
            awaitAnswer(wire);
            wire.send(new byte[LARGE]);

            assertLastAnswer(wire, 408);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"KICKED", "DRAINING"})
    void rfc9112Section9_6AnswerToAClosedUploadIsNotLost(CloseReason reason) throws IOException {
        try (TestSocket wire = upload("/echo")) {
            await().until(() -> !connections.open().isEmpty());
            for (Connection connection : List.copyOf(connections.open())) {
                connection.close(reason);
            }
            awaitAnswer(wire);
            wire.send(new byte[LARGE]);

            assertLastAnswer(wire, 503);
        }
    }

    private TestSocket upload(String path) throws IOException {
        return TestSocket.connect(ports.http())
                .send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65536\r\n\r\n");
    }

    private static void awaitAnswer(TestSocket wire) {
        await().until(() -> wire.input().available() > 0);
    }

    /** Two answers: to the first request and, as the connection then ends, none to the second. */
    @ParameterizedTest
    @ValueSource(strings = {"GET /inspect HTTP/1.1\r\nHost: localhost\r\n\r\n", "garbage\r\n\r\n"})
    void rfc9112Section9_6LastAnswerIsNotLostByPipelinedInput(String next) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("POST /echo?connection=close HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello");
            wire.send(next).send(new byte[LARGE]);

            assertThat(PlainRequest.read(wire).body()).isEqualTo("hello");
            assertThat(wire.readToEnd()).isEmpty();
        }
    }

    @Test
    void rfc9112Section9_6BadRequestInAPipelineIsAnsweredAfterTheOthers() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            byte[] requests = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhelloBAD\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
            wire.send(requests).send(new byte[LARGE]);

            assertThat(PlainRequest.read(wire).body()).isEqualTo("hello");
            assertLastAnswer(wire, 400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"G\u0001T / HTTP/1.1", "GET /%zz HTTP/1.1", "GET /%00 HTTP/1.1", "GET /\r\n", "GARBAGE"})
    void rfc9112Section9_6CloseAfterAnUnreadableHeadIsAnnounced(String line) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(line + "\r\nHost: localhost\r\n\r\n");

            PlainRequest.Answer answer = PlainRequest.read(wire);
            assertThat(answer.head()).contains("content-type: application/problem+json", "connection: close");
            assertThat(wire.readToEnd()).isEmpty();
        }
    }

    /** It is read at once, so nothing has to be closed. */
    @ParameterizedTest
    @ValueSource(strings = {"POST /nothing", "PUT /echo", "POST /channels/a?x=1", "POST /actuator/health"})
    void rfc9112Section9_3ConnectionIsKeptAfterASmallRefusedBody(String target) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            for (int i = 0; i < 3; i++) {
                wire.send(target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello");

                PlainRequest.Answer answer = PlainRequest.read(wire);
                assertThat(answer.status()).isBetween(400, 405);
                assertThat(answer.head()).doesNotContain("connection: close");
            }
        }
    }

    @Test
    void clientThatSendsWithoutEndIsCutOff() throws IOException {
        byte[] megabyte = new byte[1024 * 1024];
        long most = 2 * StagedClose.MAX_DISCARDED;
        long sent = 0;
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + most + "\r\n\r\n");
            while (sent < most) {
                wire.send(megabyte);
                sent += megabyte.length;
            }
        } catch (IOException e) {
            // The service has closed it.
        }

        assertThat(sent).isLessThan(most);
    }

    /** By the deadline of the close, which is longer here than that of a head. */
    @Test
    void clientThatKeepsItsSideOpenIsClosedInTime() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            long start = System.nanoTime();
            wire.send("BAD\r\n\r\n");
            assertThat(PlainRequest.read(wire).status()).isEqualTo(400);
            assertThat(wire.readToEnd()).isEmpty();

            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(100))
                    .untilAsserted(() -> {
                        assertThat(isReset(wire)).isTrue();
                    });
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(4));
        }
    }

    private static boolean isReset(TestSocket wire) {
        try {
            wire.send((byte) 0);
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
