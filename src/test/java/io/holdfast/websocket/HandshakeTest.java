// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static io.holdfast.support.WebSocketClient.KEY;
import static io.holdfast.support.WebSocketClient.handshake;
import static io.holdfast.support.WebSocketClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeftOpen;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import io.holdfast.support.WebSocketClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@HoldfastTest
@ExtendWith(NothingLeftOpen.class)
class HandshakeTest {

    private static final List<String> PATHS = List.of("/echo", "/channels", "/tcp", "/lines", "/inspect");

    /** The paths on which a plain GET means nothing. */
    private static final List<String> WITHOUT_GET = PATHS.subList(0, 4);

    private static final String PROXY_SETTING = "proxy_set_header Upgrade $http_upgrade";

    @Autowired
    Ports ports;

    @Autowired
    Traffic traffic;

    @Test
    void keyIsAnsweredWithItsAcceptKey() throws IOException {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo")) {
            assertThat(client.head())
                    .startsWith("HTTP/1.1 101 ")
                    .containsIgnoringCase("\r\nUpgrade: websocket\r\n")
                    .containsIgnoringCase("\r\nConnection: Upgrade\r\n")
                    .contains("\r\nSec-WebSocket-Accept: " + WebSocketClient.ACCEPT + "\r\n");
        }
    }

    @Test
    void answerHasNoHeadersThatAreForDocuments() throws IOException {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo")) {
            assertThat(client.head())
                    .doesNotContainIgnoringCase("Content-Security-Policy")
                    .doesNotContainIgnoringCase("X-Content-Type-Options")
                    .doesNotContainIgnoringCase("Referrer-Policy");
        }
    }

    @Test
    void connectionIsCountedWhileItIsOpen() throws IOException {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo")) {
            client.send(text("so that it is surely open")).readMessage();

            assertThat(traffic.of(Transport.WEBSOCKET).open()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/inspect", "/tcp", "/lines"})
    void rfc6455Section4_2_2FirstSubprotocolIsSelectedWhereAnyIsSpoken(String path) throws IOException {
        for (String offer : List.of("chat", "chat, superchat", "chat,superchat\r\nSec-WebSocket-Protocol: third")) {
            try (WebSocketClient client =
                    WebSocketClient.connect(ports.http(), path, "Sec-WebSocket-Protocol: " + offer)) {
                assertThat(client.head()).containsOnlyOnce("\r\nSec-WebSocket-Protocol: chat\r\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "\"a\"", "a;q=1", "é", "", ",", "a, a", "a, b\r\nSec-WebSocket-Protocol: a"})
    void rfc6455Section11_3_4MalformedOrRepeatedSubprotocolIsABadRequest(String offer) throws IOException {
        refused(handshake("/echo", "Sec-WebSocket-Protocol: " + offer), 400);
        refused(handshake("/channels", "Sec-WebSocket-Protocol: " + offer), 400, "/channels");
    }

    @Test
    void absentSubprotocolAndExtensionAreNotAnswered() throws IOException {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo")) {
            assertThat(client.head())
                    .doesNotContainIgnoringCase("Sec-WebSocket-Protocol")
                    .doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
        }
    }

    @Test
    void headerNamesAndTokensAreReadInAnyCase() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(
                    "GET /echo HTTP/1.1\r\nhost: 127.0.0.1\r\nUPGRADE: WebSocket\r\nconnection: keep-alive, uPGRADE\r\n"
                            + "sec-websocket-key: " + KEY + "\r\nSEC-WEBSOCKET-VERSION: 13\r\n\r\n");

            assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101 ").contains(WebSocketClient.ACCEPT);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-WebSocket-Version: 8\r\n",
                "Sec-WebSocket-Version: 14\r\n",
                "Sec-WebSocket-Version: 13, 8\r\n",
                "Sec-WebSocket-Version: 8\r\nSec-WebSocket-Version: 13\r\n",
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13\r\n",
                ""
            })
    void rfc6455Section4_4OtherVersionIsRefusedWithTheOneThatIsSpoken(String version) throws IOException {
        String head = refused(handshake("/echo").replace("Sec-WebSocket-Version: 13\r\n", version), 426);

        assertUpgradeRequired(head);
    }

    /** RFC 9110, section 15.5.22. */
    private static void assertUpgradeRequired(String head) {
        assertThat(head)
                .startsWithIgnoringCase("HTTP/1.1 426 ")
                .containsIgnoringCase("\r\nSec-WebSocket-Version: 13\r\n")
                .containsIgnoringCase("\r\nUpgrade: websocket\r\n")
                .containsIgnoringCase("\r\nConnection: Upgrade\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Sec-WebSocket-Key: \r\n",
                "Sec-WebSocket-Key: c2hvcnQ=\r\n",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZXRvb2xvbmc=\r\n",
                "Sec-WebSocket-Key: not base64 at all!!!!!!\r\n",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ\r\n",
                "Sec-WebSocket-Key: " + KEY + "\r\nSec-WebSocket-Key: " + KEY + "\r\n",
                "Sec-WebSocket-Key: " + KEY + "\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n"
            })
    void rfc6455Section11_3_1KeyThatIsNot16BytesOrRepeatedIsABadRequest(String key) throws IOException {
        refused(handshake("/echo").replace("Sec-WebSocket-Key: " + KEY + "\r\n", key), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: websocket, h2c",
                "Upgrade: h2c, WebSocket",
                "Upgrade: h2c\r\nUpgrade: websocket",
                "Upgrade: ,websocket,"
            })
    void rfc9110Section7_8UpgradeMayNameOtherProtocolsToo(String upgrade) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(handshake("/echo").replace("Upgrade: websocket", upgrade));

            assertEchoes(WebSocketClient.opened(wire));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: keep-alive, Upgrade",
                "Connection: upgrade,keep-alive",
                "Connection: keep-alive\r\nConnection: UPGRADE"
            })
    void rfc9110Section7_6_1ConnectionMayHaveOtherOptionsToo(String connection) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(handshake("/echo").replace("Connection: Upgrade", connection));

            assertEchoes(WebSocketClient.opened(wire));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection: keep-alive\r\n", "Connection: upgraded\r\n", ""})
    void rfc9110Section7_8UpgradeWithoutItsConnectionOptionIsExplained(String connection) throws IOException {
        for (String path : PATHS) {
            try (TestSocket wire = TestSocket.connect(ports.http())) {
                wire.send(handshake(path).replace("Connection: Upgrade\r\n", connection));

                PlainRequest.Answer answer = PlainRequest.read(wire);

                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.head()).contains("content-type: application/problem+json");
                assertThat(answer.json().get("parameter").asString()).isEqualTo("Connection");
                assertThat(answer.json().get("detail").asString()).contains("Connection: Upgrade", PROXY_SETTING);
                wire.send(handshake(path));
                WebSocketClient.opened(wire);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Connection: Upgrade\r\n",
                "Upgrade: h2c\r\nConnection: Upgrade\r\n",
                "Upgrade: h2c\r\n",
                "Upgrade: websockets\r\nConnection: Upgrade\r\n"
            })
    void rfc9110Section15_5_22RequestThatIsNoHandshakeIsToldToUpgrade(String headers) throws IOException {
        for (String path : WITHOUT_GET) {
            for (String method : List.of("GET", "HEAD")) {
                assertToldToUpgrade(path, method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void rfc9110Section7_8UpgradeInHttp1_0IsIgnored(String method) throws IOException {
        for (String path : WITHOUT_GET) {
            assertToldToUpgrade(path, handshake(path).replace("GET", method).replace(" HTTP/1.1", " HTTP/1.0"));
        }
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(handshake("/inspect").replace("GET", method).replace(" HTTP/1.1", " HTTP/1.0"));

            assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        }
    }

    private void assertToldToUpgrade(String path, String request) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(request);
            if (request.startsWith("HEAD")) {
                assertUpgradeRequired(wire.readUntil("\r\n\r\n"));
                return;
            }
            PlainRequest.Answer answer = PlainRequest.read(wire);

            assertUpgradeRequired(answer.head());
            JsonNode problem = answer.json();
            assertThat(problem.get("parameter").asString()).isEqualTo("Upgrade");
            assertThat(problem.get("instance").asString()).isEqualTo(path);
            assertThat(problem.get("detail").asString())
                    .contains(path + " is a WebSocket endpoint", "npx wscat -c ws://localhost:8080" + path)
                    .contains(PROXY_SETTING);
        }
    }

    @ParameterizedTest
    @CsvSource({"/stream", "/inspect", "/channels/a", "/channels/a/messages", "/index.html"})
    void rfc9110Section7_8UpgradeIsIgnoredWhereThereIsNone(String path) throws IOException {
        for (String headers : List.of(
                "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n",
                "Upgrade: h2c\r\n",
                "Connection: Upgrade\r\n")) {
            try (TestSocket wire = TestSocket.connect(ports.http()).resetOnClose()) {
                wire.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n");

                assertThat(wire.readUntil("\r\n\r\n")).as(headers).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/echo|GET, HEAD, OPTIONS, POST",
                "/channels|GET, HEAD, OPTIONS",
                "/tcp|GET, HEAD, OPTIONS",
                "/lines|GET, HEAD, OPTIONS"
            })
    void rfc9110Section15_5_6OtherMethodsOnAWebSocketsPathAreNotAllowed(String path, String allowed)
            throws IOException {
        for (String method : List.of("PUT", "DELETE", "PATCH")) {
            PlainRequest.Answer answer = PlainRequest.send(ports.http(), method, path);

            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.head())
                    .containsPattern(
                            "allow: " + allowed.toLowerCase(Locale.ROOT).replace(", ", ", ?"));
            assertThat(answer.head()).contains("content-type: application/problem+json");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.org",
                "http://127.0.0.1:1",
                "https://127.0.0.1",
                "http://127.0.0.1.example.org",
                "null",
                "http://[",
                "%",
                "",
                "http://a b",
                "http://%zz",
                "http://[::ffff:127.0.0.1]:1",
                "http://127.0.0.1 http://127.0.0.1",
                "http://127.0.0.1\r\nOrigin: http://example.org",
                "http://127.0.0.1\r\nOrigin: http://127.0.0.1",
                "http://127.0.0.1:99999",
                "http://127.0.0.1/",
                "127.0.0.1"
            })
    void rfc6454Section7ForeignOrMalformedOriginIsForbidden(String origin) throws IOException {
        refused(handshake("/echo", "Origin: " + origin), 403);
    }

    @Test
    void ownOriginIsWelcome() throws IOException {
        String host = "127.0.0.1:" + ports.http();
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(handshake("/echo", "Origin: http://" + host)
                    .replace("Host: 127.0.0.1\r\n", "Host: " + host + "\r\n"));

            assertEchoes(WebSocketClient.opened(wire));
        }
    }

    @Test
    void refusedRequestLeavesItsConnectionUsable() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(handshake("/echo", "Origin: http://example.org"));
            readProblem(wire, 403, "/echo");

            wire.send(handshake("/echo"));

            assertEchoes(WebSocketClient.opened(wire));
        }
    }

    @Test
    void upgradeOfAPathThatHasNoneIsNotFound() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(handshake("/nowhere"));

            assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void plainPostIsStillEchoed() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nhello");

            assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
            assertThat(new String(wire.read(5), StandardCharsets.UTF_8)).isEqualTo("hello");
        }
    }

    @Test
    void connectionThatServedHttpBeforeMayUpgrade() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nhello");
            wire.readUntil("\r\n\r\n");
            wire.read(5);

            wire.send(handshake("/echo"));

            assertEchoes(WebSocketClient.opened(wire));
        }
    }

    @Test
    void framesInTheHandshakesPacketAreRead() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            byte[] handshake = handshake("/echo").getBytes(StandardCharsets.US_ASCII);
            byte[] half = text("second");
            wire.send(WebSocketClient.join(handshake, text("first"), Arrays.copyOf(half, 4)));

            WebSocketClient client = WebSocketClient.opened(wire);

            assertThat(client.readMessage().text()).isEqualTo("first");
            wire.send(Arrays.copyOfRange(half, 4, half.length));
            assertThat(client.readMessage().text()).isEqualTo("second");
        }
    }

    @Test
    void closeInTheHandshakesPacketIsAnswered() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            byte[] handshake = handshake("/echo").getBytes(StandardCharsets.US_ASCII);
            wire.send(WebSocketClient.join(handshake, text("only"), WebSocketClient.close(1000)));

            WebSocketClient client = WebSocketClient.opened(wire);

            assertThat(client.readMessage().text()).isEqualTo("only");
            assertThat(client.readCloseAndEnd()).isEqualTo(1000);
        }
    }

    @Test
    void handshakeMayArriveByteByByte() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            for (byte next : handshake("/echo").getBytes(StandardCharsets.US_ASCII)) {
                wire.send(next);
            }

            assertEchoes(WebSocketClient.opened(wire));
        }
    }

    @Test
    void halfAHandshakeOpensNothing() throws IOException {
        String handshake = handshake("/echo");
        long before = traffic.of(Transport.WEBSOCKET).opened();
        for (int length : new int[] {3, handshake.length() / 2, handshake.length() - 1}) {
            TestSocket.connect(ports.http())
                    .send(handshake.substring(0, length))
                    .close();
            TestSocket.connect(ports.http())
                    .resetOnClose()
                    .send(handshake.substring(0, length))
                    .close();
            try (TestSocket wire = TestSocket.connect(ports.http())) {
                wire.send(handshake.substring(0, length)).sendFin();
                assertThat(new String(wire.readToEnd(), StandardCharsets.US_ASCII))
                        .doesNotContain(" 101 ");
            }
        }

        assertThat(traffic.of(Transport.WEBSOCKET).opened()).isEqualTo(before);
    }

    @Test
    void peerThatLeavesRightAfterItsHandshakeIsNotKept() throws IOException {
        for (int round = 0; round < 20; round++) {
            TestSocket.connect(ports.http()).send(handshake("/echo")).close();
            TestSocket.connect(ports.http())
                    .resetOnClose()
                    .send(handshake("/echo"))
                    .close();
            try (TestSocket wire = TestSocket.connect(ports.http())) {
                wire.send(handshake("/echo")).sendFin();
                wire.readToEnd();
            }
        }
    }

    private String refused(String request, int status) throws IOException {
        return refused(request, status, "/echo");
    }

    private String refused(String request, int status, String path) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(request);
            return readProblem(wire, status, path);
        }
    }

    private static String readProblem(TestSocket wire, int status, String path) throws IOException {
        String head = wire.readUntil("\r\n\r\n");
        assertThat(head)
                .startsWith("HTTP/1.1 " + status + " ")
                .containsIgnoringCase("\r\nContent-Type: application/problem+json");
        String body = wire.readUntil("}");
        assertThat(body)
                .contains("\"status\":" + status)
                .contains("\"detail\":")
                .contains("\"instance\":\"" + path + "\"");
        return head;
    }

    private static void assertEchoes(WebSocketClient client) throws IOException {
        assertThat(client.send(text("hello")).readMessage().text()).isEqualTo("hello");
    }
}
