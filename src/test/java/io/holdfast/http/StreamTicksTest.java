// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.holdfast.http.HttpWire.Answer;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What arrives on a stream, and when. */
@HoldfastTest
class StreamTicksTest {

    private static final String SSE = "Accept: text/event-stream";
    private static final String NDJSON = "Accept: application/x-ndjson";

    @Autowired
    Ports ports;

    @Autowired
    Traffic traffic;

    @AfterEach
    void nothingIsOpen() {
        await().pollDelay(Duration.ZERO)
                .untilAsserted(
                        () -> assertThat(traffic.of(Transport.HTTP).open()).isZero());
    }

    @Test
    void textIsALineATick() throws IOException {
        assertThat(get("count=3&interval=1ms").text()).isEqualTo("hello world\nhello world\nhello world\n");
    }

    @Test
    void ndjsonIsAnObjectALineWithNumberAndTime() throws IOException {
        Instant before = Instant.now().minusMillis(1);

        List<JsonNode> ticks = get("count=3&interval=1ms", NDJSON)
                .text()
                .lines()
                .map(HttpWire::json)
                .toList();

        assertThat(ticks).extracting(tick -> tick.get("tick").asInt()).containsExactly(1, 2, 3);
        assertThat(ticks).allSatisfy(tick -> {
            assertThat(tick.get("message").asString()).isEqualTo("hello world");
            assertThat(Instant.parse(tick.get("time").asString())).isBetween(before, Instant.now());
        });
    }

    @Test
    void anSseEventHasItsNumberAsIdAndAnObjectAsData() throws IOException {
        List<String> lines = get("count=2&interval=1ms", SSE).text().lines().toList();

        assertThat(lines).hasSize(6);
        assertThat(lines.get(0)).isEqualTo("id: 1");
        assertThat(lines.get(1)).startsWith("data: {");
        assertThat(lines.get(2)).isEmpty();
        assertThat(lines.get(3)).isEqualTo("id: 2");
        JsonNode data = HttpWire.json(lines.get(4).substring("data: ".length()));
        assertThat(data.get("tick").asInt()).isEqualTo(2);
        assertThat(data.get("message").asString()).isEqualTo("hello world");
        assertThat(Instant.parse(data.get("time").asString())).isBeforeOrEqualTo(Instant.now());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"quoted\"",
                "back\\slash \\n \\u0041",
                "data: x",
                ": comment",
                "a\u2028b\u2029c",
                "\uD83D\uDE00 and é",
                "</script>",
                "a&b=c+d%",
                " spaces around "
            })
    void anyMessageArrivesAsItIsInEveryFormat(String message) throws IOException {
        String query = "count=1&message=" + URLEncoder.encode(message, StandardCharsets.UTF_8);

        String text = get(query).text();
        JsonNode ndjson = get(query, NDJSON).json();
        String sse = get(query, SSE).text();

        assertThat(text).isEqualTo(message + "\n");
        assertThat(ndjson.get("message").asString()).isEqualTo(message);
        assertThat(sse).startsWith("id: 1\ndata: ").endsWith("\n\n");
        String data = sse.substring("id: 1\ndata: ".length(), sse.length() - 2);
        assertThat(data).doesNotContain("\n", "\r");
        assertThat(HttpWire.json(data).get("message").asString()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource({"100,100", "65536,65536", "5,11"})
    void sizePadsTheMessageToThatManyBytes(int size, int bytes) throws IOException {
        Answer answer = get("count=1&size=" + size);

        assertThat(answer.bytes()).hasSize(bytes + 1);
        assertThat(answer.text()).startsWith("hello world");
    }

    @Test
    void countEndsTheStreamAfterThatManyTicks() throws IOException {
        assertThat(get("count=250&interval=0").text().lines()).hasSize(250);
    }

    @Test
    void durationEndsTheStream() throws IOException {
        long start = System.nanoTime();

        Answer answer = get("duration=300ms&interval=1h&heartbeat=none");

        assertThat(answer.text()).isEqualTo("hello world\n");
        assertThat(since(start)).isBetween(Duration.ofMillis(300), Duration.ofSeconds(5));
    }

    @Test
    void aTickNeverComesBeforeItsBeat() throws IOException {
        long start = System.nanoTime();
        try (HttpWire http = HttpWire.connect(ports)) {
            BufferedReader lines = stream(http, "interval=50ms", NDJSON);
            for (int tick = 1; tick <= 10; tick++) {
                assertThat(HttpWire.json(lines.readLine()).get("tick").asInt()).isEqualTo(tick);
                assertThat(since(start)).isGreaterThanOrEqualTo(Duration.ofMillis(50L * (tick - 1)));
            }
            http.reset();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "text/event-stream,': heartbeat\n\n'",
        "text/plain,'\n'",
        "application/x-ndjson,'\n'",
    })
    void aHeartbeatBreaksTheSilence(String type, String sign) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            http.get("/stream?interval=1h&heartbeat=30ms", "Accept: " + type).readHead();
            http.readChunk();

            assertThat(http.readChunk()).asString().isEqualTo(sign);
            assertThat(http.readChunk()).asString().isEqualTo(sign);
            http.reset();
        }
    }

    @Test
    void heartbeatNoneIsSilence() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            http.get("/stream?interval=1h&heartbeat=none").readHead();
            http.readChunk();

            assertThat(http.wire().isSilentFor(700)).isTrue();
            http.reset();
        }
    }

    @Test
    void aReconnectingEventSourceGoesOnCounting() throws IOException {
        String body = get("count=5&interval=1ms", SSE, "Last-Event-ID: 3").text();

        assertThat(body.lines().filter(line -> line.startsWith("id: "))).containsExactly("id: 4", "id: 5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "6", "999999999999999"})
    void anEventSourceThatHasAllIsToldNotToComeAgain(String id) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer =
                    http.get("/stream?count=5", SSE, "Last-Event-ID: " + id).readAnswer();

            assertThat(answer.status()).isEqualTo(204);
            assertThat(http.get("/stream?count=1").readAnswer().text()).isEqualTo("hello world\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "abc", "1.5", "9999999999999999999999", "k3f9:41"})
    void anIdThatIsNotOursCountsFromOne(String id) throws IOException {
        assertThat(get("count=1", SSE, "Last-Event-ID: " + id).text()).startsWith("id: 1\n");
    }

    @Test
    void lastEventIdMeansNothingToTheOtherFormats() throws IOException {
        assertThat(get("count=1", NDJSON, "Last-Event-ID: 1").json().get("tick").asInt())
                .isEqualTo(1);
    }

    private Answer get(String query, String... headers) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            Answer answer = http.get("/stream?" + query, headers).readAnswer();
            assertThat(answer.status()).isEqualTo(200);
            return answer;
        }
    }

    private static BufferedReader stream(HttpWire http, String query, String... headers) throws IOException {
        assertThat(http.get("/stream?" + query, headers).readHead().status()).isEqualTo(200);
        return http.lines();
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
