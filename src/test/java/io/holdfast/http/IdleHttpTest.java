// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.OverTls;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** What {@code server.jetty.connection-idle-timeout} closes, and what it leaves open. */
class IdleHttpTest {

    private static final String QUIET = "/stream?interval=1d&heartbeat=none";
    private static final int LONGER = 1500;

    @HoldfastTest
    @TestPropertySource(properties = "server.jetty.connection-idle-timeout=500ms")
    abstract static class Rules {

        @Autowired
        Ports ports;

        @Test
        void connectionThatWaitsForARequestIsClosed() throws IOException {
            try (TestSocket wire = TestSocket.connect(ports.http())) {
                wire.send("GET /actuator/health/liveness HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
                assertThat(PlainRequest.read(wire).status()).isEqualTo(200);

                assertThat(wire.readToEnd()).isEmpty();
            }
        }

        @Test
        void connectionThatWaitsForARequestAfterAStreamIsClosed() throws IOException {
            try (TestSocket wire = TestSocket.connect(ports.http())) {
                wire.send("GET /stream?count=1&interval=1ms HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
                wire.readUntil("\r\n0\r\n\r\n");

                assertThat(wire.readToEnd()).isEmpty();
            }
        }

        @Test
        void streamStaysOpen() throws IOException {
            try (TestSocket wire = TestSocket.connect(ports.http())) {
                wire.send("GET " + QUIET + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
                wire.readUntil("hello world\n\r\n");

                assertThat(wire.isSilentFor(LONGER)).isTrue();
            }
        }

        @Test
        void webSocketStaysOpen() throws IOException {
            try (TestSocket wire = TestSocket.connect(ports.http())) {
                RawWebSocket.open(wire, "/echo");

                assertThat(wire.isSilentFor(LONGER)).isTrue();
            }
        }
    }

    @Nested
    class InClearText extends Rules {}

    @Nested
    @OverTls
    class OverItsTls extends Rules {}
}
