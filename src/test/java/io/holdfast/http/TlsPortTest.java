// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.ChannelPeer;
import io.holdfast.support.ChannelPeer.Place;
import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.Program;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestCertificate;
import io.holdfast.support.TestSocket;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** What peers do wrong on a port of TLS, and who they are by their certificates. */
@HoldfastTest
@ExtendWith({OutputCaptureExtension.class, NothingLeft.class})
@TestPropertySource(
        properties = {
            "server.ssl.bundle=web",
            "server.ssl.client-auth=want",
            "holdfast.limits.handshake=1500ms",
            "holdfast.access.certificates.collector.subject=CN=collector",
            "holdfast.access.certificates.collector.subscribe=**",
            "holdfast.access.certificates.collector.publish=**"
        })
class TlsPortTest {

    private static final String HOST = "Host: localhost\r\n";
    private static final int LARGE = 4 * 1024 * 1024;

    /** A ClientHello of TLS 1.0 with one cipher suite. */
    private static final String HELLO_OF_TLS_1_0 =
            "160301002d" + "01000029" + "0301" + "00".repeat(32) + "00" + "0002002f" + "0100";

    private static final String ALERT_OF_THE_VERSION = "02" + "46";

    private static final TestCertificate SERVER = TestCertificate.inFiles("localhost");
    private static final TestCertificate COLLECTOR = TestCertificate.inFiles("collector");

    @Autowired
    Ports ports;

    @Autowired
    MeterRegistry meters;

    @DynamicPropertySource
    static void tls(DynamicPropertyRegistry properties) {
        SERVER.bundle("web").forEach(setting -> {
            int end = setting.indexOf('=');
            properties.add(setting.substring(0, end), () -> setting.substring(end + 1));
        });
        properties.add("spring.ssl.bundle.pem.web.truststore.certificate", () -> "file:" + COLLECTOR.file());
    }

    @AfterEach
    void theLogIsQuiet(CapturedOutput output) {
        assertThat(output).doesNotContain("WARN", "ERROR", "\tat ");
    }

    private long refused(String reason) {
        return (long) meters.get("holdfast.tls.refused")
                .tags("transport", "http", "reason", reason)
                .functionCounter()
                .count();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /stream HTTP/1.1\r\n" + HOST + "\r\n",
                "get / HTTP/1.0\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET /echo HTTP/1.1\r\n" + HOST + "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
            })
    void plainHttpIsToldToUseTls(String request) throws IOException {
        long before = refused("plain-on-tls");
        try (TestSocket wire = TestSocket.connect(ports.http()).send(request)) {
            PlainRequest.Answer answer = PlainRequest.read(wire);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.head()).contains("content-type: application/problem+json", "connection: close");
            assertThat(answer.json().path("detail").asString("")).contains("https://", "wss://");
            assertThat(wire.read()).isEqualTo(-1);
        }
        assertThat(refused("plain-on-tls")).isEqualTo(before + 1);
    }

    @Test
    void rfc9112Section9_6AnswerToPlainHttpIsNotLostByUnreadInput() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: " + LARGE + "\r\n\r\n")
                    .send(new byte[LARGE]);

            assertThat(PlainRequest.read(wire).status()).isEqualTo(400);
        }
    }

    @Test
    void oldVersionIsRefusedByAnAlert() throws IOException {
        long before = refused("version");
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(HexFormat.of().parseHex(HELLO_OF_TLS_1_0));

            assertThat(HexFormat.of().formatHex(wire.readToEnd())).endsWith(ALERT_OF_THE_VERSION);
        }
        await().untilAsserted(() -> assertThat(refused("version")).isEqualTo(before + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"16030100050102030405", "00000000000000", "8080010301"})
    void whatIsNoHandshakeIsClosed(String bytes) throws IOException {
        long before = refused("handshake-failed");
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(HexFormat.of().parseHex(bytes));

            assertEnds(wire);
        }
        await().untilAsserted(() -> assertThat(refused("handshake-failed") + refused("handshake-timeout"))
                .isPositive());
        assertThat(refused("handshake-failed")).isBetween(before, before + 1);
    }

    @Test
    void handshakeThatIsNotCompletedIsClosedInTime() throws IOException {
        long before = refused("handshake-timeout");
        try (TestSocket silent = TestSocket.connect(ports.http());
                TestSocket half = TestSocket.connect(ports.http())) {
            half.send(HexFormat.of().parseHex(HELLO_OF_TLS_1_0.substring(0, 30)));

            assertEnds(half);
            assertEnds(silent);
        }
        assertThat(refused("handshake-timeout")).isEqualTo(before + 2);
    }

    /** By a FIN or, as there was something that was not read, by a reset; an alert may come before it. */
    private static void assertEnds(TestSocket wire) throws IOException {
        try {
            assertThat(wire.readToEnd()).hasSizeLessThan(20);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    /** Deadlines are for heads of requests, not for what a TLS connection carries. */
    @Test
    void busyWebSocketOutlivesTheDeadlines() throws IOException {
        long end = System.nanoTime() + Duration.ofMillis(5 * 1500).toNanos();
        try (TestSocket wire = connect(null);
                RawWebSocket webSocket = RawWebSocket.open(wire, "/echo")) {
            while (System.nanoTime() < end) {
                assertThat(webSocket.send("hello").read().text()).isEqualTo("hello");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2"})
    void rfc9110Section15_5_20OtherHostThanThatOfTheCertificateIsMisdirected(String version) throws Exception {
        long before = refused("sni");
        String other = "other.example:" + ports.http();
        try (Program curl = Program.start(
                "curl", "-skD-", version, "--resolve", other + ":127.0.0.1", "https://" + other + "/stream")) {
            String answer = curl.output().lines().collect(Collectors.joining("\n"));

            assertThat(answer)
                    .containsPattern("^HTTP/[12.]+ 421")
                    .containsIgnoringCase("content-type: application/problem+json")
                    .contains("\"status\":421", "certificate");
        }
        assertThat(refused("sni")).isEqualTo(before + 1);
    }

    private TestSocket connect(@Nullable TestCertificate own) throws IOException {
        return TestSocket.connect(ports.http()).withTls(TestCertificate.client(own, SERVER));
    }

    private PlainRequest.Answer ask(@Nullable TestCertificate own, String request) throws IOException {
        try (TestSocket wire = connect(own)) {
            return PlainRequest.read(wire.send(request));
        }
    }

    @Test
    void certificateNamesItsOwner() throws IOException {
        PlainRequest.Answer answer = ask(COLLECTOR, "GET /whoami HTTP/1.1\r\n" + HOST + "\r\n");

        assertThat(answer.json().path("subject").asString("")).isEqualTo("collector");
        assertThat(answer.json().path("kind").asString("")).isEqualTo("certificate");
    }

    @Test
    void certificateNamesItsOwnerOverHttp2() throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(TestCertificate.client(COLLECTOR, SERVER))
                .version(HttpClient.Version.HTTP_2)
                .build()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + ports.http() + "/whoami"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));

            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).contains("\"subject\":\"collector\"");
        }
    }

    @Test
    void withoutACertificateNothingIsAllowed() throws IOException {
        assertThat(ask(null, "GET /channels/a/messages HTTP/1.1\r\n" + HOST + "\r\n")
                        .status())
                .isEqualTo(401);
    }

    /** Browsers send a certificate for every page that asks for something. */
    @ParameterizedTest
    @ValueSource(strings = {"same-site", "cross-site"})
    void certificateIsNotAcceptedForAPageOfAnotherSite(String site) throws IOException {
        PlainRequest.Answer answer =
                ask(COLLECTOR, "GET /channels/a/messages HTTP/1.1\r\n" + HOST + "Sec-Fetch-Site: " + site + "\r\n\r\n");

        assertThat(answer.status()).isIn(401, 403);
        assertThat(answer.json().path("detail").asString("")).contains("A page of another site", "client certificate");
    }

    @ParameterizedTest
    @EnumSource(names = {"SSE", "NDJSON", "WEBSOCKET", "POLL"})
    void ownerOfACertificateSubscribesAndPublishes(ChannelPeer.Way way) throws IOException {
        Ports secure = ports.over(TestCertificate.client(COLLECTOR, SERVER));
        try (ChannelPeer peer = ChannelPeer.open(way, secure, Place.now("certified"));
                ChannelPublisher publisher = ChannelPublisher.open(
                        way == ChannelPeer.Way.WEBSOCKET ? ChannelPublisher.Way.WEBSOCKET : ChannelPublisher.Way.HTTP,
                        secure)) {
            publisher.publish("certified", "1");

            assertThat(peer.next().data().asString()).isEqualTo("1");
        }
    }
}
