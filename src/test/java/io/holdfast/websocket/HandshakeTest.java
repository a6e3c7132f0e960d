package io.holdfast.websocket;

import static io.holdfast.support.WebSocketClient.KEY;
import static io.holdfast.support.WebSocketClient.handshake;
import static io.holdfast.support.WebSocketClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeftOpen;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import io.holdfast.support.WebSocketClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@HoldfastTest
@ExtendWith(NothingLeftOpen.class)
class HandshakeTest {

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

    @Test
    void subprotocolThatTheHandlerDoesNotSpeakIsNotAnswered() throws IOException {
        try (WebSocketClient client =
                WebSocketClient.connect(ports.http(), "/echo", "Sec-WebSocket-Protocol: chat, superchat")) {
            assertThat(client.head()).doesNotContainIgnoringCase("Sec-WebSocket-Protocol");
        }
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
    @ValueSource(strings = {"Sec-WebSocket-Version: 8\r\n", "Sec-WebSocket-Version: 14\r\n", ""})
    void otherVersionIsRefusedWithTheOneThatIsSpoken(String version) throws IOException {
        String head = refused(handshake("/echo").replace("Sec-WebSocket-Version: 13\r\n", version), 426);

        assertThat(head).contains("\r\nSec-WebSocket-Version: 13\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Sec-WebSocket-Key: \r\n",
                "Sec-WebSocket-Key: c2hvcnQ=\r\n",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZXRvb2xvbmc=\r\n",
                "Sec-WebSocket-Key: not base64 at all!!!!!!\r\n"
            })
    void keyThatIsNot16BytesIsABadRequest(String key) throws IOException {
        refused(handshake("/echo").replace("Sec-WebSocket-Key: " + KEY + "\r\n", key), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection: keep-alive\r\n", ""})
    void connectionWithoutUpgradeIsABadRequest(String connection) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(handshake("/echo").replace("Connection: Upgrade\r\n", connection));

            assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 400 ");
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
                "%"
            })
    void foreignOriginIsForbidden(String origin) throws IOException {
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
            readProblem(wire, 403);

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
    void plainGetIsNotAllowed() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

            assertThat(readProblem(wire, 405)).containsPattern("Allow: .*POST");
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
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(request);
            return readProblem(wire, status);
        }
    }

    private static String readProblem(TestSocket wire, int status) throws IOException {
        String head = wire.readUntil("\r\n\r\n");
        assertThat(head)
                .startsWith("HTTP/1.1 " + status + " ")
                .containsIgnoringCase("\r\nContent-Type: application/problem+json");
        String body = wire.readUntil("}");
        assertThat(body)
                .contains("\"status\":" + status)
                .contains("\"detail\":")
                .contains("\"instance\":\"/echo\"");
        return head;
    }

    private static void assertEchoes(WebSocketClient client) throws IOException {
        assertThat(client.send(text("hello")).readMessage().text()).isEqualTo("hello");
    }
}
