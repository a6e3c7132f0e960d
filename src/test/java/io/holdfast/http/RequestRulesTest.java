// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.http.HttpWire.Answer;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** What every request has to keep to, whatever it is for, and that every answer to one that does not is problem JSON. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
class RequestRulesTest {

    @Autowired
    Ports ports;

    private HttpWire wire;

    @BeforeEach
    void connect() throws IOException {
        wire = HttpWire.connect(ports);
    }

    @AfterEach
    void close() throws IOException {
        wire.close();
    }

    private static void assertProblem(Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.head().type()).isEqualTo("application/problem+json");
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    }

    private void assertClosed() throws IOException {
        assertThat(wire.wire().readToEnd()).isEmpty();
    }

    static Stream<Arguments> bodies() {
        List<String> targets = List.of(
                "GET /stream",
                "GET /stream?end=stall",
                "HEAD /stream",
                "GET /channels/a",
                "GET /channels/a/messages?wait=1m",
                "GET /channels/a/messages?delay=1h",
                "GET /inspect",
                "GET /",
                "GET /actuator/health");
        List<String> framings =
                List.of("Content-Length: 5", "Content-Length: 5\r\nExpect: 100-continue", "Transfer-Encoding: chunked");
        return targets.stream().flatMap(target -> framings.stream().map(framing -> Arguments.of(target, framing)));
    }

    /** The body arrives late or never: after a 200 it would be taken for input of the stream. */
    @ParameterizedTest
    @MethodSource("bodies")
    void rfc9110Section9_3_1BodyOfAGetIsRefused(String target, String framing) throws IOException {
        wire.wire().send(target + " HTTP/1.1\r\nHost: localhost\r\n" + framing + "\r\n\r\n");

        assertBodyIsRefused(target, framing);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/channels", "/inspect", "/tcp", "/lines"})
    void rfc9110Section9_3_1BodyOfAHandshakeIsRefused(String path) throws IOException {
        wire.wire().send(RawWebSocket.handshake(path).replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\n"));

        assertBodyIsRefused("GET", "Content-Length: 5");
    }

    private void assertBodyIsRefused(String target, String framing) throws IOException {
        HttpWire.Head head = wire.readHead();
        assertThat(head.status()).isEqualTo(400);
        assertThat(head.type()).isEqualTo("application/problem+json");
        assertThat(head.is("Connection", "close")).isTrue();
        String body = new String(wire.wire().readToEnd(), StandardCharsets.UTF_8);
        if (!target.startsWith("HEAD")) {
            assertThat(HttpWire.json(body).path("parameter").asString())
                    .isEqualTo(framing.substring(0, framing.indexOf(':')));
        }
    }

    @Test
    void rfc9110Section9_3_1EmptyBodyOfAGetIsNone() throws IOException {
        assertThat(wire.get("/inspect", "Content-Length: 0").readAnswer().status())
                .isEqualTo(200);
        assertThat(wire.get("/inspect").readAnswer().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/echo", "/stream", "/channels/a", "/channels/a/messages", "/", "/actuator/health", "/nothing"})
    void rfc9110Section9_1UnknownMethodIs501(String path) throws IOException {
        for (String method : List.of("BREW", "get", "PROPFIND", "CONNECTED")) {
            try (HttpWire one = HttpWire.connect(ports)) {
                assertProblem(one.request(method, path).readAnswer(), 501);
            }
        }
    }

    @Test
    void rfc9110Section9_3_6ConnectIs501() throws IOException {
        assertProblem(wire.request("CONNECT", "a:80").readAnswer(), 501);
    }

    @Test
    void rfc9110Section9_3_7OptionsOfTheServerAre204() throws IOException {
        Answer answer = wire.request("OPTIONS", "*").readAnswer();

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.head().values("Allow")).containsExactly("GET, HEAD, POST, OPTIONS");
        assertProblem(wire.get("*").readAnswer(), 400);
    }

    @Test
    void rfc9110Section10_1_1ExpectationInHttp10IsIgnored() throws IOException {
        wire.wire().send("POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        assertThat(wire.wire().isSilentFor(300)).isTrue();
        wire.wire().send("hello");

        assertThat(wire.readAnswer().text()).isEqualTo("hello");
    }

    @Test
    void rfc9110Section10_1_1UnknownExpectationIs417() throws IOException {
        assertProblem(
                wire.request("POST", "/echo", "Expect: 100-please", "Content-Length: 5")
                        .readAnswer(),
                417);
        assertClosed();
    }

    @Test
    void rfc9112Section3_2_2HostIsIgnoredBesideAnAbsoluteTarget() throws IOException {
        Answer own = wire.get("http://app.localhost:1/channels/a/messages", "Origin: http://app.localhost:1")
                .readAnswer();
        Answer foreign = wire.get("http://app.localhost:1/channels/a/messages", "Origin: http://127.0.0.1")
                .readAnswer();

        assertThat(own.status()).as("the page is of the same origin").isEqualTo(200);
        assertThat(foreign.status()).as("the page is of another origin").isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: identity, chunked",
                "Transfer-Encoding: x-unknown, chunked"
            })
    void rfc9112Section6_1UnknownTransferCodingIs501(String header) throws IOException {
        for (String path : List.of("/echo", "/channels/a", "/nothing")) {
            try (HttpWire one = HttpWire.connect(ports)) {
                Answer answer = one.request("POST", path, header).readAnswer();

                assertProblem(answer, 501);
                assertThat(answer.json().path("parameter").asString()).isEqualTo("Transfer-Encoding");
                assertThat(one.wire().readToEnd()).isEmpty();
            }
        }
    }

    @Test
    void rfc9112Section6_1TransferCodingInHttp10Is400AndTheEnd() throws IOException {
        wire.wire()
                .send("POST /echo HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n")
                .send("1\r\na\r\n0\r\n\r\n");

        assertProblem(wire.readAnswer(), 400);
        assertClosed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/3.0\r\n\r\n"
            })
    void rfc9110Section15_6_6OtherVersionIs505(String request) throws IOException {
        wire.wire().send(request);

        assertProblem(wire.readAnswer(), 505);
        assertClosed();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/|Accept: image/png|406",
                "/actuator/health|Accept: image/png|406",
                "/actuator/health|Accept: ///|406",
                "/actuator/metrics/nothing|Accept: */*|404",
                "/actuator/health/nothing|Accept: */*|404",
                "/nothing|Accept: ///|404",
                "/index.html|Range: bytes=999999999-|416",
                "/a%2Fb|Accept: */*|400",
                "/channels/a|Origin: http://other.example|403"
            })
    void rfc9457EveryErrorHasItsProblem(String path, String header, int status) throws IOException {
        Answer answer = wire.get(path, header).readAnswer();

        assertProblem(answer, status);
        assertThat(answer.json().path("instance").asString("")).isIn("", path);
    }

    /** Nothing is published under a name that was made of another one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/channels/a;b",
                "/channels/a;b=c",
                "/channels;x/a",
                "/channels/a%3Bb",
                "/channels/a%253Bb",
                "//channels/a",
                "/channels//a",
                "/./channels/a",
                "/channels/./a",
                "/channels/x/../a",
                "/channels/.",
                "/channels/..",
                "/channels/%2e",
                "/channels/%2E%2e",
                "/channels/.%2e",
                "/channels/%252e",
                "/channels/a%2Fb",
                "/channels/a%5Cb",
                "/channels/a%00",
                "/channels/a%C0%AE",
                "/channels/%C0%AE",
                "/channels/a+b",
                "/channels/a%20b",
                "/channels/a%u0062"
            })
    void rfc3986Section3_3PathIsTakenAsItIs(String path) throws IOException {
        for (String request : List.of("POST " + path, "GET " + path, "GET " + path + "/messages")) {
            try (HttpWire one = HttpWire.connect(ports)) {
                String body = request.startsWith("POST") ? "Content-Length: 1\r\n\r\n1" : "\r\n";
                one.wire().send(request + " HTTP/1.1\r\nHost: localhost\r\n" + body);

                assertProblem(one.readAnswer(), 400);
            }
        }
    }

    @Test
    void rfc3986Section6_2_2_2UnreservedCharactersAreTheSameEncoded() throws IOException {
        assertThat(wire.post("/channels/%61%7E", "Content-Type: text/plain", (byte) '1')
                        .readAnswer()
                        .json()
                        .path("channel")
                        .asString())
                .isEqualTo("a~");
    }
}
