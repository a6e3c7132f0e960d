// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static io.holdfast.support.WebSocketClient.handshake;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.HoldfastApplication;
import io.holdfast.connection.OriginProperties;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeftOpen;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** Origins that {@code holdfast.websocket.allowed-origins} allows. */
class OriginTest {

    @Nested
    @HoldfastTest
    @DirtiesContext
    @TestPropertySource(properties = "holdfast.websocket.allowed-origins=https://example.org,http://localhost:3000")
    @ExtendWith(NothingLeftOpen.class)
    class WithAList {

        @Autowired
        Ports ports;

        @ParameterizedTest
        @ValueSource(strings = {"https://example.org", "http://localhost:3000"})
        void listedOriginIsWelcome(String origin) throws IOException {
            assertThat(answer(ports, origin)).startsWith("HTTP/1.1 101 ");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "http://example.org",
                    "https://example.org:8443",
                    "https://example.org.evil.example",
                    "https://www.example.org",
                    "http://localhost",
                    "null",
                    "https://example.org https://example.org",
                    "https://example.org\r\nOrigin: https://example.org",
                    "https://example.org\r\nOrigin: https://evil.example"
                })
        void unlistedOriginIsForbidden(String origin) throws IOException {
            assertThat(answer(ports, origin)).startsWith("HTTP/1.1 403 ");
        }

        @Test
        void ownOriginNeedsNoEntry() throws IOException {
            assertThat(answer(ports, "http://127.0.0.1")).startsWith("HTTP/1.1 101 ");
        }
    }

    @Nested
    @HoldfastTest
    @DirtiesContext
    @TestPropertySource(properties = "holdfast.websocket.allowed-origins=*")
    @ExtendWith(NothingLeftOpen.class)
    class WithAStar {

        @Autowired
        Ports ports;

        @ParameterizedTest
        @ValueSource(strings = {"https://example.org", "http://localhost:3000", "null"})
        void anyOriginIsWelcome(String origin) throws IOException {
            assertThat(answer(ports, origin)).startsWith("HTTP/1.1 101 ");
        }

        @ParameterizedTest
        @ValueSource(strings = {"http://a b", "http://%zz", "http://a, http://b", "example.org", "http://a/b"})
        void rfc6454Section7MalformedOriginIsForbiddenEvenThen(String origin) throws IOException {
            assertThat(answer(ports, origin)).startsWith("HTTP/1.1 403 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org",
                "https://example.org/",
                "https://example.org/page",
                "https://user@example.org",
                "ftp://example.org",
                "https://example.org?",
                "https://*.example.org/ ",
                "**"
            })
    void entryThatIsNoOriginIsRefusedByName(String origin) {
        assertThatThrownBy(() -> new OriginProperties(List.of("https://example.org", origin)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holdfast.websocket.allowed-origins: '" + origin + "'");
    }

    @Test
    void entryThatIsNoOriginStopsTheStart() {
        SpringApplication application = new SpringApplication(HoldfastApplication.class);

        assertThatThrownBy(() -> application
                        .run(
                                "--server.port=0",
                                "--holdfast.tcp.listeners.echo.port=0",
                                "--holdfast.tcp.listeners.lines.port=0",
                                "--holdfast.websocket.allowed-origins=example.org")
                        .close())
                .hasMessageContaining("holdfast.websocket.allowed-origins: 'example.org'");
    }

    private static String answer(Ports ports, String origin) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(handshake("/echo", "Origin: " + origin));
            return wire.readUntil("\r\n\r\n");
        }
    }
}
