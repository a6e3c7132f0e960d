// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.net.http.HttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** The meters, as they are scraped, against traffic made here. */
@HoldfastTest
class MetersTest {

    private final HttpClient client = HttpClient.newHttpClient();

    @Autowired
    Ports ports;

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void tcpTrafficIsCountedBothWays() throws IOException {
        Scrape before = scrape();
        try (TestSocket wire = TestSocket.connect(ports.tcpEcho()).send("hello")) {
            wire.read(5);

            Scrape during = scrape();
            assertThat(during.since(before, "connections_open", "tcp")).isEqualTo(1);
            assertThat(during.since(before, "connections_opened_total", "tcp")).isEqualTo(1);
            assertThat(during.since(before, "messages_total", "tcp", "in")).isEqualTo(1);
            assertThat(during.since(before, "messages_total", "tcp", "out")).isEqualTo(1);
            assertThat(during.since(before, "traffic_bytes_total", "tcp", "in")).isEqualTo(5);
            assertThat(during.since(before, "traffic_bytes_total", "tcp", "out"))
                    .isEqualTo(5);
            assertThat(during.since(before, "messages_total", "http", "out")).isZero();
        }

        await().untilAsserted(() ->
                assertThat(scrape().since(before, "connections_open", "tcp")).isZero());
        assertThat(scrape().since(before, "connections_opened_total", "tcp")).isEqualTo(1);
    }

    @Test
    void aStreamsTicksAreCountedWithoutTheirChunks() throws IOException {
        Scrape before = scrape();
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("GET /stream?count=3&interval=1ms HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            wire.readToEnd();
        }

        Scrape after = scrape();
        assertThat(after.since(before, "connections_opened_total", "http")).isEqualTo(1);
        assertThat(after.since(before, "connections_open", "http")).isZero();
        assertThat(after.since(before, "messages_total", "http", "out")).isEqualTo(3);
        assertThat(after.since(before, "messages_total", "http", "in")).isZero();
        assertThat(after.since(before, "traffic_bytes_total", "http", "out")).isEqualTo(3 * "hello world\n".length());
        assertThat(after.since(before, "traffic_bytes_total", "http", "in")).isZero();
    }

    @Test
    void anEchoedBodyIsAMessageBothWaysAndNoConnection() throws IOException {
        Scrape before = scrape();
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(
                    "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\nConnection: close\r\n\r\n1234567");
            wire.readToEnd();
        }

        await().untilAsserted(() -> {
            Scrape after = scrape();
            assertThat(after.since(before, "messages_total", "http", "in")).isEqualTo(1);
            assertThat(after.since(before, "messages_total", "http", "out")).isEqualTo(1);
            assertThat(after.since(before, "traffic_bytes_total", "http", "in")).isEqualTo(7);
            assertThat(after.since(before, "traffic_bytes_total", "http", "out"))
                    .isEqualTo(7);
            assertThat(after.since(before, "connections_opened_total", "http")).isZero();
        });
    }

    @Test
    void aWebSocketIsCountedByItsMessages() throws IOException {
        Scrape before = scrape();
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
            wire.readUntil("\r\n\r\n");
            byte[] masked = {(byte) 0x81, (byte) 0x85, 0, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'};
            wire.send(masked).read(7);

            Scrape during = scrape();
            assertThat(during.since(before, "connections_open", "websocket")).isEqualTo(1);
            assertThat(during.since(before, "connections_opened_total", "websocket"))
                    .isEqualTo(1);
            assertThat(during.since(before, "messages_total", "websocket", "in"))
                    .isEqualTo(1);
            assertThat(during.since(before, "messages_total", "websocket", "out"))
                    .isEqualTo(1);
            assertThat(during.since(before, "traffic_bytes_total", "websocket", "in"))
                    .isEqualTo(5);
            assertThat(during.since(before, "traffic_bytes_total", "websocket", "out"))
                    .isEqualTo(5);
        }

        await().untilAsserted(() -> assertThat(scrape().since(before, "connections_open", "websocket"))
                .isZero());
    }

    @ParameterizedTest
    @CsvSource({
        "holdfast.connections.open, transport:tcp, VALUE",
        "holdfast.connections.opened, transport:websocket, COUNT",
        "holdfast.messages, transport:http&tag=direction:in, COUNT",
        "holdfast.traffic, transport:tcp&tag=direction:out, COUNT",
    })
    void everyMeterIsThereByItsOwnNameToo(String name, String tag, String statistic) {
        var metric = Actuator.get(client, ports, "metrics/" + name + "?tag=" + tag);

        assertThat(metric.statusCode()).isEqualTo(200);
        assertThat(Actuator.json(metric).get("name").asString()).isEqualTo(name);
        assertThat(Actuator.json(metric)
                        .get("measurements")
                        .get(0)
                        .get("statistic")
                        .asString())
                .isEqualTo(statistic);
    }

    @ParameterizedTest
    @ValueSource(strings = {"holdfast.connections.open", "holdfast.channels.delivered", "jvm.memory.used"})
    void everyMeterSaysWhichNodeItIsOf(String name) {
        var metric = Actuator.get(client, ports, "metrics/" + name + "?tag=node:tested");

        assertThat(metric.statusCode()).isEqualTo(200);
        assertThat(Actuator.get(client, ports, "metrics/" + name + "?tag=node:other")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void trafficIsInBytes() {
        assertThat(Actuator.json(Actuator.get(client, ports, "metrics/holdfast.traffic"))
                        .get("baseUnit")
                        .asString())
                .isEqualTo("bytes");
    }

    private Scrape scrape() {
        return Scrape.of(Actuator.get(client, ports, "prometheus").body());
    }
}
