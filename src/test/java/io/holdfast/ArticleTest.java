// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The three programs of the article that this service started from, on raw sockets. */
@HoldfastTest
class ArticleTest {

    @Autowired
    Ports ports;

    @Test
    void tcpClientGetsItsHelloWorldBack() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.tcpEcho())) {
            for (int round = 0; round < 3; round++) {
                wire.send("hello world");

                assertThat(wire.readSome()).isEqualTo("hello world");
            }
        }
    }

    @Test
    void webSocketClientGetsItsMessageBack() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
            String head = wire.readUntil("\r\n\r\n");

            byte[] masked = {(byte) 0x81, (byte) 0x85, 0, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'};
            wire.send(masked);

            assertThat(head).startsWith("HTTP/1.1 101 ").contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(wire.read(7)).containsExactly(0x81, 5, 'h', 'e', 'l', 'l', 'o');
        }
    }

    @Test
    void httpClientReadsHelloWorldLinesForAsLongAsItLikes() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("GET /stream?interval=20ms HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            String head = wire.readUntil("\r\n\r\n");

            assertThat(head).startsWith("HTTP/1.1 200 ").contains("Connection: keep-alive");
            for (int tick = 0; tick < 20; tick++) {
                assertThat(wire.readUntil("hello world\n\r\n")).isEqualTo("c\r\nhello world\n\r\n");
            }
        }
    }

    @Test
    void anyOtherMethodIsNotAllowed() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("POST /stream HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n");

            assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 405 ").contains("Allow: ");
        }
    }
}
