// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.http.HttpWire.Answer;
import io.holdfast.http.HttpWire.Head;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** CORS: what pages of {@code holdfast.websocket.allowed-origins} may do over HTTP, and others may not. */
@HoldfastTest
@DirtiesContext
@TestPropertySource(properties = "holdfast.websocket.allowed-origins=https://example.org")
class CrossOriginTest {

    private static final String ALLOWED = "Origin: https://example.org";
    private static final String FOREIGN = "Origin: https://example.com";
    private static final String TEXT = "Content-Type: text/plain";

    @Autowired
    Ports ports;

    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "application/x-ndjson"})
    void allowedPageMayReadTheStream(String format) throws IOException {
        try (HttpWire wire = HttpWire.connect(ports)) {
            Head head =
                    wire.get("/channels/cross", ALLOWED, "Accept: " + format).readHead();

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.values("Access-Control-Allow-Origin")).containsExactly("https://example.org");
            assertThat(wire.lines().readLine()).contains("welcome");
            wire.reset();
        }
    }

    @Test
    void allowedPageMayPublishAndReadTheLocationOfIt() throws IOException {
        try (HttpWire wire = HttpWire.connect(ports)) {
            wire.wire().send(HttpWire.head("POST", "/channels/cross", ALLOWED, TEXT, "Content-Length: 1") + "x");
            Answer answer = wire.readAnswer();

            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.head().values("Access-Control-Allow-Origin")).containsExactly("https://example.org");
            assertThat(answer.head().values("Access-Control-Expose-Headers"))
                    .containsExactly("Retry-After, Location, WWW-Authenticate");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/channels/cross/messages", "/client/channel.js"})
    void allowedPageMayReadMessagesAndModules(String path) throws IOException {
        try (HttpWire wire = HttpWire.connect(ports)) {
            Answer answer = wire.get(path, ALLOWED).readAnswer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.head().values("Access-Control-Allow-Origin")).containsExactly("https://example.org");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID"})
    void browserThatAsksBeforehandIsToldWhatMayBeSent(String header) throws IOException {
        Answer answer = preflight("POST", header);

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.head().values("Access-Control-Allow-Headers")).containsExactly(header);
        assertThat(answer.head().values("Access-Control-Allow-Methods")).containsExactly("GET,HEAD,POST");
        assertThat(answer.head().values("Access-Control-Allow-Credentials")).containsExactly("true");
        assertThat(answer.head().values("Allow")).containsExactly("GET, HEAD, OPTIONS, POST");
    }

    @ParameterizedTest
    @CsvSource({"DELETE,Content-Type", "POST,X-Other"})
    void browserThatAsksForMoreIsRefused(String method, String header) throws IOException {
        assertThat(preflight(method, header).status()).isEqualTo(403);
    }

    @Test
    void foreignPageMayNeitherReadNorPublish() throws IOException {
        try (HttpWire wire = HttpWire.connect(ports)) {
            for (String path : new String[] {"/channels/cross", "/channels/cross/messages", "/client/channel.js"}) {
                Answer answer = wire.get(path, FOREIGN).readAnswer();

                assertThat(answer.status()).as(path).isEqualTo(403);
                assertThat(answer.head().values("Access-Control-Allow-Origin")).isEmpty();
            }
        }
        try (HttpWire wire = HttpWire.connect(ports)) {
            wire.wire().send(HttpWire.head("POST", "/channels/cross", FOREIGN, TEXT, "Content-Length: 1") + "x");

            assertThat(wire.readHead().status()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "http://a b",
                "http://%zz",
                "http://[::ffff:127.0.0.1]:1",
                "https://example.org https://example.org",
                "https://example.org\r\nOrigin: https://example.org",
                "https://example.org\r\nOrigin: https://example.com",
                "http://127.0.0.1\r\nOrigin: https://example.org"
            })
    void rfc6454Section7MalformedOriginIsForbidden(String origin) throws IOException {
        for (String path : List.of("/channels/cross", "/channels/cross/messages", "/client/channel.js")) {
            for (String method : List.of("GET", "OPTIONS")) {
                try (HttpWire wire = HttpWire.connect(ports)) {
                    Answer answer = wire.request(
                                    method, path, "Origin: " + origin, "Access-Control-Request-Method: GET")
                            .readAnswer();

                    assertThat(answer.status()).as("%s %s", method, path).isEqualTo(403);
                    assertThat(answer.head().type()).isEqualTo("application/problem+json");
                }
            }
        }
    }

    /** Fetch, section 3.2.5: an {@code EventSource} with credentials gets nothing without this header. */
    @ParameterizedTest
    @CsvSource({"GET,/channels/cross", "HEAD,/channels/cross", "GET,/channels/cross/messages", "GET,/client/channel.js"
    })
    void rfc9110Section12_5_5_pageOfAListedOriginMaySendCredentials(String method, String path) throws IOException {
        try (HttpWire wire = HttpWire.connect(ports)) {
            Head head = wire.request(method, path, ALLOWED, "Cookie: a=b").readHead();

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.values("Access-Control-Allow-Credentials")).containsExactly("true");
            assertThat(head.values("Access-Control-Allow-Origin")).containsExactly("https://example.org");
            assertThat(String.join(", ", head.values("Vary"))).contains("Origin");
            wire.reset();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {FOREIGN, "Origin: null", "Origin: *", "Origin: http://127.0.0.1"})
    void noOtherPageMaySendCredentials(String origin) throws IOException {
        try (HttpWire wire = HttpWire.connect(ports)) {
            Head head = wire.get("/channels/cross/messages", origin).readHead();

            assertThat(head.values("Access-Control-Allow-Credentials")).isEmpty();
        }
    }

    @Test
    void pageOfThisServiceNeedsNoEntry() throws IOException {
        try (HttpWire wire = HttpWire.connect(ports)) {
            Answer answer = wire.get("/channels/cross/messages", "Origin: http://127.0.0.1")
                    .readAnswer();

            assertThat(answer.status()).isEqualTo(200);
        }
    }

    @Test
    void whatIsNoBrowserIsNotChecked() throws IOException {
        try (HttpWire wire = HttpWire.connect(ports)) {
            assertThat(wire.get("/channels/cross/messages").readAnswer().status())
                    .isEqualTo(200);
        }
    }

    private Answer preflight(String method, String header) throws IOException {
        try (HttpWire wire = HttpWire.connect(ports)) {
            return wire.request(
                            "OPTIONS",
                            "/channels/cross",
                            ALLOWED,
                            "Access-Control-Request-Method: " + method,
                            "Access-Control-Request-Headers: " + header)
                    .readAnswer();
        }
    }
}
