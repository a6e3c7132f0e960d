// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.HttpStreamBody;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Connections that a proxy at 127.0.0.1 opens with a header of the PROXY protocol. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
@TestPropertySource(
        properties = {
            "holdfast.proxies.trusted=127.0.0.1,10.0.0.0/8",
            "holdfast.proxies.proxy-protocol=true",
            "server.forward-headers-strategy=native",
            "holdfast.limits.per-address=2",
            "holdfast.limits.handshake=3s",
            "holdfast.access.anonymous.subscribe=**",
            "holdfast.access.anonymous.role=observer"
        })
class ProxyProtocolTest {

    private static final String CLIENT = "203.0.113.9";
    private static final String LINE = "PROXY TCP4 " + CLIENT + " 192.0.2.2 50000 443\r\n";
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final String BINARY = SIGNATURE + "!\21\0\f\313\0q\t\300\0\2\2\303P\1\273";
    private static final String LOCAL = SIGNATURE + " \0\0\0";
    private static final String HEAD = " HTTP/1.1\r\nHost: localhost\r\n";

    @Autowired
    Ports ports;

    @Autowired
    MeterRegistry meters;

    /** What comes after the header. */
    TestSocket begin(TestSocket proxied) throws IOException {
        return proxied;
    }

    private TestSocket connect(String header) throws IOException {
        return begin(TestSocket.connect(ports.http()).send(header.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private PlainRequest.Answer ask(String header, String request) throws IOException {
        try (TestSocket wire = connect(header)) {
            return PlainRequest.read(wire.send(request));
        }
    }

    private String client(String header, String more) throws IOException {
        return ask(header, "GET /inspect" + HEAD + more + "\r\n")
                .json()
                .path("client")
                .asString();
    }

    private long refused(String reason) {
        return (long) meters.get("holdfast.proxies.refused")
                .tags("transport", "http", "reason", reason)
                .functionCounter()
                .count();
    }

    @ParameterizedTest
    @ValueSource(strings = {LINE, BINARY})
    void headerNamesTheClient(String header) throws IOException {
        PlainRequest.Answer seen = ask(header, "GET /inspect" + HEAD + "\r\n");

        assertThat(seen.json().path("client").asString()).isEqualTo(CLIENT + ":50000");
        assertThat(seen.json().path("remote").asString()).startsWith("127.0.0.1:");
        assertThat(seen.json().path("local").asString()).isEqualTo("127.0.0.1:" + ports.http());
        assertThat(seen.json().path("bytes").path("in").asInt()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {LOCAL, "PROXY UNKNOWN\r\n"})
    void headerWithoutAClientIsOfTheProxyItself(String header) throws IOException {
        assertThat(client(header, "")).startsWith("127.0.0.1:");
    }

    /** What a client sends itself counts only if it is a trusted proxy. */
    @ParameterizedTest
    @CsvSource({CLIENT + ", " + CLIENT + ":50000", "10.0.0.1, 198.51.100.7"})
    void forwardedHeaderIsReadOfAProxyBehindTheProxy(String named, String client) throws IOException {
        assertThat(client(LINE.replace(CLIENT, named), "X-Forwarded-For: 198.51.100.7\r\n"))
                .isEqualTo(client);
    }

    /** Also a client on the proxy's own machine. */
    @ParameterizedTest
    @ValueSource(strings = {LINE, "PROXY TCP4 127.0.0.1 127.0.0.1 50000 443\r\n", LOCAL})
    void clientOfAProxyIsNotLocal(String header) throws IOException {
        PlainRequest.Answer answer =
                ask(header, "POST /channels/a" + HEAD + "Connection: close\r\nContent-Length: 2\r\n\r\nhi");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body()).contains("came through a proxy");
    }

    @Test
    void addressCountsForTheLimitAndInTheList() throws IOException {
        try (TestSocket first = connect(LINE);
                TestSocket second = connect(BINARY);
                TestSocket third = connect(LINE)) {
            RawWebSocket webSocket = RawWebSocket.open(first, "/channels");
            second.send("GET /channels/a" + HEAD + "Accept: application/x-ndjson\r\n\r\n");
            HttpStreamBody stream = new HttpStreamBody(second);
            assertThat(stream.line()).contains("welcome");
            assertThat(webSocket.read().text()).contains("welcome");

            assertThat(PlainRequest.read(third.send("GET /channels/a" + HEAD + "\r\n"))
                            .status())
                    .isEqualTo(429);
            assertThat(ask("PROXY TCP4 198.51.100.1 192.0.2.2 1 443\r\n", "GET /actuator/connections" + HEAD + "\r\n")
                            .json()
                            .path("connections"))
                    .hasSize(2)
                    .allMatch(row -> row.path("remoteAddress").asString().startsWith(CLIENT));
        }
    }

    @Test
    void resetReachesTheSocket() throws IOException {
        try (TestSocket wire = connect(LINE)) {
            wire.send("GET /stream?interval=1ms&after=2&end=reset" + HEAD + "\r\n");

            assertThatThrownBy(wire::readToEnd)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void strangerIsClosedBeforeAnythingIsRead() throws IOException {
        long before = refused("stranger");
        try (TestSocket wire = TestSocket.connectFrom("127.0.0.2", ports.http())) {
            assertThat(wire.read()).isEqualTo(-1);
        }
        assertThat(refused("stranger")).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "PROXY TCP4 example.org 192.0.2.2 50000 443\r\n",
                SIGNATURE + "!\21\377\377",
            })
    void otherBeginningIsClosed(String start) throws IOException {
        long before = refused("bad-header");
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(start.getBytes(StandardCharsets.ISO_8859_1));

            assertEnds(wire);
        }
        await().untilAsserted(() -> assertThat(refused("bad-header")).isEqualTo(before + 1));
    }

    @Test
    void headerOf64KilobytesIsClosed() throws IOException {
        long before = refused("bad-header");
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.sendWithoutReading(("PROXY UNKNOWN " + "x".repeat(64 * 1024)).getBytes(StandardCharsets.US_ASCII));

            assertEnds(wire);
        }
        assertThat(refused("bad-header")).isEqualTo(before + 1);
    }

    @Test
    void headerThatIsCutOffIsClosed() throws IOException {
        long before = refused("bad-header");
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(LINE.substring(0, 20)).sendFin();

            assertEnds(wire);
        }
        await().untilAsserted(() -> assertThat(refused("bad-header")).isEqualTo(before + 1));
    }

    @Test
    void headerThatIsNotCompletedIsClosedInTime() throws IOException {
        long before = refused("timeout");
        try (TestSocket silent = TestSocket.connect(ports.http());
                TestSocket half = TestSocket.connect(ports.http())) {
            half.send(LINE.substring(0, 20));

            assertEnds(half);
            assertEnds(silent);
        }
        assertThat(refused("timeout")).isEqualTo(before + 2);
    }

    /** By a FIN or, as there was something that was not read, by a reset. */
    private static void assertEnds(TestSocket wire) throws IOException {
        try {
            assertThat(wire.read()).isEqualTo(-1);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }
}
