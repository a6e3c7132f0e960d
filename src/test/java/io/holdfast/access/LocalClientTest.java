// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import io.holdfast.support.WebSocketClient;
import java.io.EOFException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Without any setting, a client on the same machine may do everything, and nobody else anything. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
@TestPropertySource(properties = "holdfast.websocket.allowed-origins=https://app.example.org")
class LocalClientTest {

    private static final String CHANNEL = "/channels/local";

    @Autowired
    Ports ports;

    private PlainRequest.Answer publish(String host, String... headers) throws IOException {
        return ask("POST " + CHANNEL + " HTTP/1.1", host, headers);
    }

    private PlainRequest.Answer ask(String line, String host, String... headers) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            wire.send(line + "\r\nHost: " + host + "\r\nConnection: close\r\n" + more
                    + (line.startsWith("POST") ? "Content-Length: 2\r\n\r\nhi" : "\r\n"));
            return PlainRequest.read(wire);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:8080",
                "app.localhost",
                "127.0.0.1:80",
                "127.0.0.2",
                "[::1]:8080",
                "[::ffff:127.0.0.1]"
            })
    void namesOfThisMachineAreLocal(String host) throws IOException {
        assertThat(publish(host).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "192.0.2.1",
                "0.0.0.0",
                "[::ffff:192.0.2.1]",
                "notlocalhost",
                "2130706433"
            })
    void otherNamesAreNot(String host) throws IOException {
        PlainRequest.Answer answer = publish(host);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().path("detail").asString(""))
                .contains("the Host that it asked for is not localhost")
                .contains("holdfast.access.anonymous.publish=local");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: 127.0.0.1",
                "x-forwarded-proto: https",
                "X-Forwarded-Anything: 1",
                "Forwarded: for=127.0.0.1",
                "Via: 1.1 proxy",
                "X-Real-IP: 127.0.0.1",
                "CF-Connecting-IP: 127.0.0.1"
            })
    void whatCameThroughAProxyIsNot(String header) throws IOException {
        PlainRequest.Answer answer = publish("localhost", header);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().path("detail").asString("")).contains("a header tells that it came through a proxy");
    }

    @Test
    void oldHttpMayBeAProxyThatAddsNoHeader() throws IOException {
        assertThat(ask("POST " + CHANNEL + " HTTP/1.0", "localhost").status()).isEqualTo(401);
    }

    @Test
    void targetWithAnotherHostThanTheHeaderIsNotLocal() throws IOException {
        assertThat(ask("POST http://evil.example" + CHANNEL + " HTTP/1.1", "localhost")
                        .status())
                .isEqualTo(401);
        assertThat(ask("POST http://localhost" + CHANNEL + " HTTP/1.1", "evil.example")
                        .status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "http://localhost:3000", "null", "not an origin"})
    void foreignPagesAreRefused(String origin) throws IOException {
        assertThat(publish("localhost", "Origin: " + origin).status()).isEqualTo(403);
        assertThat(ask("GET /actuator/connections HTTP/1.1", "localhost", "Origin: " + origin)
                        .status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site"})
    void linksAndImagesOfForeignPagesAreRefused(String site) throws IOException {
        PlainRequest.Answer answer =
                ask("GET " + CHANNEL + "/messages HTTP/1.1", "localhost", "Sec-Fetch-Site: " + site);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().path("detail").asString("")).contains("a page of another site sent it");
    }

    @Test
    void allowedPagesAndTypedAddressesAreLocal() throws IOException {
        assertThat(publish("localhost", "Origin: https://app.example.org", "Sec-Fetch-Site: cross-site")
                        .status())
                .isEqualTo(201);
        assertThat(ask("GET " + CHANNEL + "/messages HTTP/1.1", "localhost", "Sec-Fetch-Site: none")
                        .status())
                .isEqualTo(200);
        assertThat(publish("localhost", "Origin: http://localhost").status()).isEqualTo(201);
    }

    /** With DNS rebinding, a page's own name leads to this machine: page and host agree, and both are foreign. */
    @Test
    void reboundPageIsNotLocal() throws IOException {
        assertThat(publish("evil.example", "Origin: http://evil.example", "Sec-Fetch-Site: same-origin")
                        .status())
                .isEqualTo(401);
        assertThat(ask("GET /actuator/connections HTTP/1.1", "evil.example", "Sec-Fetch-Site: same-origin")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void reboundPageCanOpenAWebSocketButDoNothingWithIt() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(WebSocketClient.handshake("/channels").replace("Host: 127.0.0.1", "Host: evil.example"));
            assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101 ");
            try (JsonTalk talk = JsonTalk.upgraded(wire)) {
                talk.say("{\"type\":\"subscribe\",\"channel\":\"local\"}");

                assertThat(talk.hear("error").path("code").asString("")).isEqualTo("unauthenticated");
            }
        }
    }

    @Test
    void secondLoopbackAddressIsThisMachineToo() throws IOException {
        try (TestSocket wire = TestSocket.connectFrom("127.0.0.2", ports.http())) {
            wire.send("POST " + CHANNEL
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi");

            assertThat(PlainRequest.read(wire).status()).isEqualTo(201);
        }
    }

    /** An address of this machine by which others can reach it: who connects there may be anybody. */
    private static Optional<InetAddress> outerAddress() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
    }

    @Test
    void otherAddressIsNotLocalWhateverItClaims() throws IOException {
        Optional<InetAddress> outer = outerAddress();
        assumeThat(outer).isPresent();
        try (Socket socket = new Socket(outer.orElseThrow(), ports.http())) {
            socket.getOutputStream()
                    .write(("POST " + CHANNEL + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                    + "Content-Length: 2\r\n\r\nhi")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 401 ").contains("its address is not a loopback address");
        }
        try (Socket socket = new Socket(outer.orElseThrow(), ports.tcpLines())) {
            socket.getOutputStream()
                    .write("{\"type\":\"subscribe\",\"channel\":\"local\"}\n".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer)
                    .contains("\"code\":\"unauthenticated\"")
                    .contains("its address is not a loopback address");
        }
    }

    @Test
    void linesOfThisMachineAreLocal() throws IOException {
        try (JsonTalk talk = JsonTalk.open(JsonTalk.Way.TCP, ports)) {
            talk.say("{\"type\":\"publish\",\"channel\":\"local\",\"data\":1}");

            talk.hear("published");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 192.0.2.1 127.0.0.1 50000 8889\r\n",
                "PROXY UNKNOWN\r\n",
                "\r\n\r\n\0\r\nQUIT\n!\u0011\0\u000c\u007f\0\0\u0001\u007f\0\0\u0001\u0010\0 \0"
            })
    void lineOfAProxyIsClosed(String header) throws IOException {
        try (JsonTalk talk = JsonTalk.open(JsonTalk.Way.TCP, ports)) {
            talk.wire().send(header);
            talk.say("{\"type\":\"publish\",\"channel\":\"local\",\"data\":1}");

            assertThat(talk.awaitEnd()).isEqualTo("bad-protocol");
        }
    }

    @Test
    void proxyHeaderIsNoHttp() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("PROXY TCP4 127.0.0.1 127.0.0.1 50000 8080\r\nGET /actuator/connections HTTP/1.1\r\n"
                    + "Host: localhost\r\n\r\n");

            assertThat(PlainRequest.read(wire).status()).isEqualTo(400);
        } catch (EOFException e) {
            // Closed without an answer, which is a refusal as well.
        }
    }

    /** The client of a bridge is where its WebSocket comes from, and not the service that connects to itself. */
    @Test
    void bridgeDoesNotMakeItsClientLocal() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(WebSocketClient.handshake("/lines", "X-Forwarded-For: 192.0.2.1"));
            WebSocketClient bridge = WebSocketClient.opened(wire);
            bridge.send(WebSocketClient.frame(
                    WebSocketClient.FIN | WebSocketClient.BINARY, "{\"type\":\"subscribe\",\"channel\":\"local\"}\n"));
            StringBuilder heard = new StringBuilder();
            while (heard.chars().filter(c -> c == '\n').count() < 2) {
                heard.append(bridge.readMessage().text());
            }

            assertThat(heard).contains("\"code\":\"unauthenticated\"");
        }
    }

    @Test
    void healthIsOpenAndItsDetailsAreNot() throws IOException {
        assertThat(ask("GET /actuator/health HTTP/1.1", "localhost").body()).contains("\"components\"");
        PlainRequest.Answer stranger = ask("GET /actuator/health HTTP/1.1", "evil.example");
        assertThat(stranger.status()).isEqualTo(200);
        assertThat(stranger.body()).doesNotContain("components");
        assertThat(ask("GET /actuator/health/tcpListener HTTP/1.1", "evil.example")
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/connections", "/channels", "/metrics", "/prometheus", "/info", "/revocations"})
    void restOfTheActuatorIsNot(String endpoint) throws IOException {
        assertThat(ask("GET /actuator" + endpoint + " HTTP/1.1", "localhost").status())
                .isEqualTo(200);
        assertThat(ask("GET /actuator" + endpoint + " HTTP/1.1", "evil.example").status())
                .isEqualTo(401);
    }

    @Test
    void strangerMayUseWhatNeedsNothing() throws IOException {
        assertThat(ask("POST /echo HTTP/1.1", "evil.example").body()).isEqualTo("hi");
        assertThat(ask("GET /stream?count=1&interval=1ms HTTP/1.1", "evil.example")
                        .status())
                .isEqualTo(200);
        assertThat(ask("GET / HTTP/1.1", "evil.example").status()).isEqualTo(200);
        assertThat(ask("GET /inspect HTTP/1.1", "evil.example").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /stream?end=stall HTTP/1.1",
                "GET /stream?delay=11s HTTP/1.1",
                "GET /stream?jitter=1h HTTP/1.1",
                "POST /echo?delay=11s HTTP/1.1"
            })
    void strangerMayNotAskForFaultsThatHoldResources(String line) throws IOException {
        PlainRequest.Answer answer = ask(line, "evil.example");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().path("action").asString("")).isEqualTo("test");
    }

    @Test
    void strangerMayNotStallAWebSocket() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(WebSocketClient.handshake("/echo?end=stall").replace("Host: 127.0.0.1", "Host: evil.example"));

            assertThat(PlainRequest.read(wire).status()).isEqualTo(401);
        }
    }
}
