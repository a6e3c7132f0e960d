// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** Which address counts as the client's behind proxies at 127.0.0.1 and 10.0.0.0/8. */
@HoldfastTest
@DirtiesContext
@TestPropertySource(
        properties = {
            "holdfast.proxies.trusted=127.0.0.1,10.0.0.0/8,2001:db8::/32",
            "holdfast.limits.per-address=2",
            // Whoever comes through a proxy is not a client on this machine.
            "holdfast.access.anonymous.subscribe=**"
        })
class TrustedProxiesTest {

    private static final String HEAD = " HTTP/1.1\r\nHost: 127.0.0.1\r\n";

    @Autowired
    Ports ports;

    /** A {@code |} in {@code forwarded} stands for another header line. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "203.0.113.7; 203.0.113.7",
                "203.0.113.7:4711; 203.0.113.7:4711",
                "203.0.113.7:_hidden; 203.0.113.7",
                "2001:cafe::1; 2001:cafe::1",
                "[2001:cafe::1]; 2001:cafe::1",
                "[2001:cafe::1]:4711; [2001:cafe::1]:4711",
                "::ffff:203.0.113.7; 203.0.113.7",
                "198.51.100.1, 203.0.113.7; 203.0.113.7",
                "198.51.100.1|203.0.113.7; 203.0.113.7",
                "203.0.113.7, 10.1.2.3, 10.255.0.1; 203.0.113.7",
                "198.51.100.1, 203.0.113.7,10.1.2.3|2001:db8:7::1; 203.0.113.7",
                "10.0.0.1, 10.0.0.2; 10.0.0.1",
                ", 203.0.113.7, ,; 203.0.113.7",
                "unknown, 203.0.113.7; 203.0.113.7",
                "203.0.113.7, unknown, 10.0.0.9; 10.0.0.9",
                "203.0.113.7, 10.0.0.256, 10.0.0.9; 10.0.0.9",
            })
    void rfc7239Section5_2_clientIsTheRightmostAddressThatNoTrustedProxyWrote(String forwarded, String client)
            throws IOException {
        assertThat(client(forwarded)).isEqualTo(client);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown",
                "203.0.113.7, unknown",
                "localhost",
                "_hidden",
                "203.0.113",
                "203.0.113.7:x",
                "203.0.113.7:70000",
                "203.0.113.7:",
                "[203.0.113.7",
                "fe80::1%lo",
                "2001:cafe::1]:80",
                "a b",
                "1"
            })
    void rfc7239Section6_2_valueThatIsNoAddressCountsAsTheProxy(String forwarded) throws IOException {
        assertThat(client(forwarded)).startsWith("127.0.0.1:");
    }

    @Test
    void headerThatIsNotConfiguredIsNotRead() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("GET /inspect" + HEAD + "Forwarded: for=203.0.113.7\r\nX-Real-IP: 203.0.113.7\r\n\r\n");

            assertThat(PlainRequest.read(wire).json().path("client").asString()).startsWith("127.0.0.1:");
        }
    }

    @Test
    void peerThatIsNoProxyNamesNobody() throws IOException {
        try (TestSocket wire = TestSocket.connectFrom("127.0.0.2", ports.http())) {
            wire.send("GET /inspect" + HEAD + "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n\r\n");

            PlainRequest.Answer answer = PlainRequest.read(wire);
            assertThat(answer.json().path("client").asString()).startsWith("127.0.0.2:");
            assertThat(answer.json().path("scheme").asString()).isEqualTo("http");
        }
    }

    @ParameterizedTest
    @CsvSource({"https,https", "HTTPS,https", "http,http", "'https, http',http", "ftp,http"})
    void proxyNamesTheSchemeToo(String proto, String scheme) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("GET /inspect" + HEAD + "X-Forwarded-Proto: " + proto + "\r\n\r\n");

            assertThat(PlainRequest.read(wire).json().path("scheme").asString()).isEqualTo(scheme);
        }
    }

    @Test
    void pageBehindATlsProxyIsOfTheServicesOwnOrigin() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("GET /channels/a/messages HTTP/1.1\r\nHost: app.example\r\nOrigin: https://app.example\r\n"
                    + "X-Forwarded-Proto: https\r\n\r\n");

            assertThat(PlainRequest.read(wire).status()).isEqualTo(200);
        }
    }

    /** What a client sends itself stands left of what its proxy adds. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /stream",
                "GET /channels/a",
                "GET /channels/a/messages?wait=30s",
                "GET /echo",
                "GET /channels",
                "POST /echo"
            })
    void rfc7239Section8_1_forgedAddressesDoNotGetAroundTheLimit(String request) throws IOException {
        List<TestSocket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                open.add(begin(request, "198.51.100." + i + ", 203.0.113.9"));
            }
            await().untilAsserted(() -> assertThat(PlainRequest.get(ports.http(), "/actuator/connections")
                            .json()
                            .path("connections"))
                    .filteredOn(row -> row.path("remoteAddress").asString().equals("203.0.113.9"))
                    .hasSize(2));

            open.add(begin(request, "198.51.100.3, 203.0.113.9"));
            assertThat(PlainRequest.read(open.getLast()).status()).isEqualTo(429);
            open.add(begin("GET /channels/b/messages?wait=1ms", "203.0.113.9, 203.0.113.10"));
            assertThat(PlainRequest.read(open.getLast()).status())
                    .as("not locked out")
                    .isEqualTo(200);
        } finally {
            for (TestSocket wire : open) {
                wire.resetOnClose().close();
            }
        }
        await().untilAsserted(() -> assertThat(PlainRequest.get(ports.http(), "/actuator/connections")
                        .json()
                        .path("total")
                        .asInt())
                .isZero());
    }

    private TestSocket begin(String request, String forwarded) throws IOException {
        TestSocket wire = TestSocket.connect(ports.http());
        String path = request.substring(request.indexOf(" ") + 1);
        String rest = request.startsWith("POST")
                ? "Content-Length: 9\r\n\r\n1"
                : path.equals("/echo") || path.equals("/channels")
                        ? RawWebSocket.handshake(path).lines().skip(2).reduce("", (a, b) -> a + b + "\r\n")
                        : "\r\n";
        return wire.send(request + HEAD + "X-Forwarded-For: " + forwarded + "\r\n" + rest);
    }

    private String client(String forwarded) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            StringBuilder lines = new StringBuilder();
            for (String line : forwarded.split("\\|", -1)) {
                lines.append("X-Forwarded-For: ").append(line).append("\r\n");
            }
            wire.send("GET /inspect" + HEAD + lines + "\r\n");
            return PlainRequest.read(wire).json().path("client").asString();
        }
    }
}
