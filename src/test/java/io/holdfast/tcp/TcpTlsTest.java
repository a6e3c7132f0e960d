// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.holdfast.connection.Sockets;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.ConnectionFigures.Open;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestBundle;
import io.holdfast.support.TestCertificate;
import io.holdfast.support.TestSocket;
import io.holdfast.support.WebSocketClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.info.InfoEndpoint;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;

/** What TCP listeners do with handshakes, certificates of clients, and headers of proxies, good and bad. */
@HoldfastTest
@ExtendWith({NothingLeft.class, OutputCaptureExtension.class})
@ContextConfiguration(initializers = TestBundle.class)
@TestPropertySource(
        properties = {
            "holdfast.limits.handshake=3s",
            "holdfast.proxies.trusted=127.0.0.1",
            "holdfast.access.local=true",
            "holdfast.access.certificates.collector.subject=CN=collector,O=Example",
            "holdfast.access.certificates.collector.publish=orders",
            "holdfast.tcp.listeners.echo.ssl.bundle=test",
            "holdfast.tcp.listeners.lines.ssl.bundle=test",
            "holdfast.tcp.listeners.lines.ssl.client-auth=want",
            "holdfast.tcp.listeners.need.port=0",
            "holdfast.tcp.listeners.need.protocol=lines",
            "holdfast.tcp.listeners.need.ssl.bundle=test",
            "holdfast.tcp.listeners.need.ssl.client-auth=need",
            "holdfast.tcp.listeners.both.port=0",
            "holdfast.tcp.listeners.both.protocol=lines",
            "holdfast.tcp.listeners.both.ssl.bundle=test",
            "holdfast.tcp.listeners.both.ssl.mode=optional",
            "holdfast.tcp.listeners.both-echo.port=0",
            "holdfast.tcp.listeners.both-echo.ssl.bundle=test",
            "holdfast.tcp.listeners.both-echo.ssl.mode=optional",
            "holdfast.tcp.listeners.proxied.port=0",
            "holdfast.tcp.listeners.proxied.protocol=lines",
            "holdfast.tcp.listeners.proxied.ssl.bundle=test",
            "holdfast.tcp.listeners.proxied.ssl.mode=optional",
            "holdfast.tcp.listeners.proxied.proxy-protocol=true",
            "holdfast.tcp.listeners.plain.port=0",
            "holdfast.tcp.listeners.plain.protocol=lines"
        })
class TcpTlsTest {

    private static final String PING = "{\"type\":\"ping\"}\n";
    private static final String PONG = "{\"type\":\"pong\"}";
    private static final String PUBLISH = "{\"type\":\"publish\",\"channel\":\"orders\",\"data\":1}";

    /** Of version 2, up to its signature's end (The PROXY protocol, section 2.2). */
    private static final String V2 = "0d0a0d0a000d0a515549540a";

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    @Autowired
    HandshakeFailures failures;

    @Autowired
    Sockets sockets;

    @Autowired
    InfoEndpoint info;

    @AfterEach
    void noSocketIsLeftAndNothingWasLogged(CapturedOutput output) {
        await().untilAsserted(() -> assertThat(sockets.open()).isZero());
        assertThat(output.getAll().lines().filter(line -> line.contains(" WARN ") || line.contains(" ERROR ")))
                .isEmpty();
    }

    private TestSocket tls(String listener, String... versions) throws IOException {
        return TestSocket.connect(ports.tcp(listener)).withTls(TestBundle.client(), versions);
    }

    private void assertFails(HandshakeFailure failure, Action action) throws IOException {
        long before = failures.count(failure);
        action.run();
        await().untilAsserted(() -> assertThat(failures.count(failure)).isEqualTo(before + 1));
    }

    private interface Action {
        void run() throws IOException;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void allThatWasSentBeforeCloseNotifyComesBack(String version) throws IOException {
        String text = "x".repeat(100_000);
        try (TestSocket wire = tls("echo", version)) {
            wire.send(text).sendFin();

            assertThat(new String(wire.readToEnd(), StandardCharsets.UTF_8)).isEqualTo(text);
        }
    }

    @Test
    void allLinesBeforeCloseNotifyAreAnsweredWithTls12() throws IOException {
        try (TestSocket wire = tls("lines", "TLSv1.2")) {
            wire.send(PING + PING).sendFin();

            assertThat(new String(wire.readToEnd(), StandardCharsets.UTF_8).lines())
                    .endsWith(PONG, PONG);
        }
    }

    /** What is missing cannot be known, so an incomplete line is no command. */
    @Test
    void finWithoutCloseNotifyIsNoEndOfALine() throws IOException {
        assertFails(HandshakeFailure.TRUNCATED, () -> {
            try (TestSocket wire = tls("lines")) {
                wire.readUntil("\n");
                wire.send(PING + PUBLISH).sendFinWithoutCloseNotify();

                assertThat(new String(wire.readToEnd(), StandardCharsets.UTF_8)).isEqualTo(PONG + "\n");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"lines", "need"})
    void certificateOfAClientSaysWhoItIs(String listener) throws IOException {
        TestSocket wire = TestSocket.connectFrom("127.0.0.1", ports.tcp(listener))
                .withTls(TestCertificate.client(TestBundle.CLIENT, TestBundle.SERVER));
        try (JsonTalk talk = JsonTalk.lines(wire)) {
            talk.say(PUBLISH).hear("published");
            talk.say(PUBLISH.replace("orders", "others"));

            assertThat(talk.hear("error").toString()).contains("'collector' may not publish");
        }
    }

    @Test
    void certificateThatIsWantedMayBeMissing() throws IOException {
        try (JsonTalk talk = JsonTalk.lines(tls("lines"))) {
            talk.say(PUBLISH.replace("orders", "others")).hear("published");
        }
    }

    @Test
    void missingOrForeignCertificateIsRefusedWhereItIsNeeded() throws IOException {
        assertFails(
                HandshakeFailure.CERTIFICATE,
                () -> assertThatIOException().isThrownBy(() -> {
                    try (TestSocket wire = tls("need")) {
                        wire.readUntil("\n");
                    }
                }));
        TestCertificate foreign = TestCertificate.of("CN=localhost,O=Next");
        assertFails(
                HandshakeFailure.CERTIFICATE,
                () -> assertThatIOException().isThrownBy(() -> {
                    try (TestSocket wire = TestSocket.connect(ports.tcp("need"))
                            .withTls(TestCertificate.client(foreign, TestBundle.SERVER))) {
                        wire.readUntil("\n");
                    }
                }));
    }

    @Test
    void optionalTlsIsToldByTheFirstByte() throws IOException {
        for (TestSocket wire : new TestSocket[] {tls("both"), TestSocket.connect(ports.tcp("both"))}) {
            try (wire) {
                wire.send(PING);
                assertThat(wire.readUntil(PONG)).startsWith("{\"type\":\"welcome\"");
            }
        }
    }

    @Test
    void clientThatWaitsForTheWelcomeHasNoTls() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.tcp("both"))) {
            assertThat(wire.readUntil("\n")).startsWith("{\"type\":\"welcome\"");
        }
    }

    @Test
    void clientWithoutTlsMayEndItsSideAtOnce() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.tcp("both-echo"))) {
            assertThat(wire.sendFin().read()).isEqualTo(-1);
        }
    }

    @Test
    void plainTextIsRefusedWhereTlsIsRequired() throws IOException {
        assertFails(HandshakeFailure.PLAIN_TEXT, () -> {
            try (TestSocket wire = TestSocket.connect(ports.tcpLines()).send(PING)) {
                assertThat(wire.readUntil("\n")).isEqualTo("{\"type\":\"goodbye\",\"code\":\"bad-protocol\"}\n");
                assertThat(wire.read()).isEqualTo(-1);
            }
        });
        assertFails(HandshakeFailure.PLAIN_TEXT, () -> {
            try (TestSocket wire = TestSocket.connect(ports.tcpEcho()).send("GET / HTTP/1.1\r\n\r\n")) {
                assertThat(wire.read()).isEqualTo(-1);
            }
        });
    }

    @Test
    void tlsIsRefusedByLinesWithoutTls() throws IOException {
        assertFails(HandshakeFailure.TLS, () -> {
            try (TestSocket wire = TestSocket.connect(ports.tcp("plain")).send(bytes("16030100ff01"))) {
                wire.readUntil("{\"type\":\"goodbye\",\"code\":\"bad-protocol\"}\n");
                assertThat(wire.read()).isEqualTo(-1);
            }
        });
    }

    /** The bytes of a ClientHello of TLS 1.0 with one cipher suite. */
    @Test
    void oldVersionGetsAnAlert() throws IOException {
        String body = "0301" + "00".repeat(32) + "00" + "0002" + "c013" + "0100";
        String hello = "16030100" + hex(body.length() / 2 + 4, 2) + "01" + hex(body.length() / 2, 6) + body;
        assertFails(HandshakeFailure.VERSION, () -> {
            try (TestSocket wire = TestSocket.connect(ports.tcpEcho()).send(bytes(hello))) {
                // An alert, fatal, protocol_version (RFC 8446, section 6).
                byte[] alert = wire.read(7);
                assertThat(alert[0]).isEqualTo((byte) 21);
                assertThat(alert).endsWith(2, 70);
                assertThat(wire.read()).isEqualTo(-1);
            }
        });
    }

    private static String hex(int number, int digits) {
        return String.format(Locale.ROOT, "%0" + digits + "x", number);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "16030100ff01"})
    void handshakeThatDoesNotEndIsEnded(String beginning) throws IOException {
        assertFails(HandshakeFailure.TIMEOUT, () -> {
            long start = System.nanoTime();
            try (TestSocket wire = TestSocket.connect(ports.tcpEcho()).send(bytes(beginning))) {
                await().untilAsserted(() -> assertThat(figures.open()).isNotEqualTo(Open.all(0)));
                assertThat(sockets.open()).isOne();

                assertThat(wire.read()).isEqualTo(-1);
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(15));
            }
        });
    }

    @Test
    void garbageInAHandshakeIsCounted() throws IOException {
        assertFails(HandshakeFailure.HANDSHAKE, () -> {
            try (TestSocket wire = TestSocket.connect(ports.tcpEcho()).send(bytes("16030300050100000100"))) {
                wire.readToEnd();
            }
        });
    }

    @Test
    void peerThatGoesAwayInItsHandshakeIsCounted() throws IOException {
        assertFails(
                HandshakeFailure.ABANDONED,
                () -> TestSocket.connect(ports.tcpEcho())
                        .send(bytes("16030100"))
                        .resetOnClose()
                        .close());
    }

    @Test
    void recordThatIsNotValidEndsTheConnection() throws IOException {
        assertFails(HandshakeFailure.RECORD, () -> {
            try (TestSocket wire = tls("echo")) {
                wire.send((byte) 'x').read();
                // Each of them fails.
                wire.sendBelowTls(bytes(("17030300200000" + "00".repeat(30)).repeat(20)));
                assertThatIOException().isThrownBy(wire::readToEnd);
            }
        });
    }

    /** A bridge comes from inside the service. */
    @Test
    void pageReachesAListenerWithTls() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(WebSocketClient.handshake("/tcp"));
            WebSocketClient bridge = WebSocketClient.opened(wire);
            bridge.send(WebSocketClient.frame(WebSocketClient.FIN | WebSocketClient.BINARY, "hello"));

            assertThat(bridge.readMessage().text()).isEqualTo("hello");
        }
    }

    @Test
    void infoTellsWhichListenersHaveTlsAndProxies() {
        assertThat(String.valueOf(info.info().get("tcp")))
                .contains("lines=required, bundle 'test', client certificates: want")
                .contains("both=optional, bundle 'test', client certificates: none")
                .contains("proxyProtocol=[proxied]");
    }

    enum Header {
        V1("50524f585920544350342031302e312e322e332031302e302e302e3120353030302038383839" + "0d0a", "10.1.2.3", false),
        V1_IPV6(
                HexFormat.of()
                        .formatHex(
                                "PROXY TCP6 2001:db8::7 2001:db8::1 5000 8889\r\n".getBytes(StandardCharsets.US_ASCII)),
                "2001:db8::7",
                false),
        V1_UNKNOWN(
                HexFormat.of().formatHex("PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII)), "127.0.0.1", false),
        V1_LOCAL(
                HexFormat.of()
                        .formatHex("PROXY TCP4 127.0.0.9 127.0.0.1 5000 8889\r\n".getBytes(StandardCharsets.US_ASCII)),
                "127.0.0.9",
                true),
        V2_IPV4(V2 + "2111000c" + "0a010203" + "0a000001" + "1388" + "22b9", "10.1.2.3", false),
        V2_IPV6(
                V2 + "21210024" + "20010db8000000000000000000000007" + "20010db8000000000000000000000001" + "138822b9",
                "2001:db8::7",
                false),
        V2_FIELDS(
                V2 + "2111001d" + "0a010203" + "0a000001" + "1388" + "22b9" + "02000b6578616d706c652e6f7267" + "040000",
                "10.1.2.3",
                false),
        V2_LOCAL(V2 + "20000000", "127.0.0.1", false),
        V2_UNSPECIFIED(V2 + "21000000", "127.0.0.1", false);

        private final String hex;
        private final String client;
        private final boolean local;

        Header(String hex, String client, boolean local) {
            this.hex = hex;
            this.client = client;
            this.local = local;
        }
    }

    @ParameterizedTest
    @EnumSource
    void headerOfATrustedProxySaysWhoTheClientIs(Header header) throws IOException {
        for (boolean secure : new boolean[] {false, true}) {
            TestSocket wire = TestSocket.connect(ports.tcp("proxied")).send(bytes(header.hex));
            TestSocket talking = secure ? wire.withTls(TestBundle.client()) : wire.send("\n");
            try (JsonTalk talk = JsonTalk.lines(talking)) {
                String id = talk.welcome().path("connection").asString("");
                assertThat(PlainRequest.get(ports.http(), "/actuator/connections/" + id)
                                .body())
                        .contains(header.client);
                talk.say(PUBLISH);
                talk.hear(header.local ? "published" : "error");
            }
        }
    }

    @Test
    void headerAndWhatFollowsMayComeByteByByte() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.tcp("proxied"))) {
            for (byte one : bytes(Header.V2_FIELDS.hex)) {
                wire.send(one);
            }
            for (byte one : PING.getBytes(StandardCharsets.US_ASCII)) {
                wire.send(one);
            }
            wire.readUntil(PONG);
        }
    }

    @Test
    void strangerIsClosedWhateverItSends() throws IOException {
        assertFails(HandshakeFailure.STRANGER, () -> {
            try (TestSocket wire = TestSocket.connectFrom("127.0.0.2", ports.tcp("proxied"))) {
                assertThat(wire.read()).isEqualTo(-1);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // No header.
                "7b2274797065223a2270696e67227d0d0a",
                // Version 1 without its end, longer than any.
                "50524f585920544350342031302e312e322e33",
                // Version 2: of 64 KB, too short for its addresses, of an unknown version, with a field that is too
                // long.
                V2 + "2111ffff",
                V2 + "21110004" + "0a010203",
                V2 + "3111000c" + "0a010203" + "0a000001" + "1388" + "22b9",
                V2 + "21110010" + "0a010203" + "0a000001" + "1388" + "22b9" + "20ffff00"
            })
    void headerThatIsNotValidIsClosed(String hex) throws IOException {
        assertFails(HandshakeFailure.PROXY_HEADER, () -> {
            try (TestSocket wire = TestSocket.connect(ports.tcp("proxied")).send(bytes(hex))) {
                wire.send(new byte[64 * 1024]);
                wire.readToEnd();
            } catch (IOException e) {
                // A reset, as not all was read.
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"50524f585920", V2 + "2111000c0a01"})
    void headerThatDoesNotEndIsEnded(String hex) throws IOException {
        assertFails(HandshakeFailure.TIMEOUT, () -> {
            try (TestSocket wire = TestSocket.connect(ports.tcp("proxied")).send(bytes(hex))) {
                assertThat(wire.read()).isEqualTo(-1);
            }
        });
    }

    @Test
    void headerThatIsCutIsCounted() throws IOException {
        assertFails(HandshakeFailure.ABANDONED, () -> {
            try (TestSocket wire = TestSocket.connect(ports.tcp("proxied")).send(bytes(V2 + "2111"))) {
                assertThat(wire.sendFin().read()).isEqualTo(-1);
            }
        });
    }
}
