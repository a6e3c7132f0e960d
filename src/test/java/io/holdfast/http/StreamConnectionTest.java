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
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** A stream's connection: its reuse for further requests, back pressure, and detection of its end. */
@HoldfastTest
class StreamConnectionTest {

    private static final String SHORT = "/stream?count=2&interval=20ms";
    private static final String TWO_TICKS = "hello world\nhello world\n";
    private static final String NDJSON = "Accept: application/x-ndjson";

    /** More than the kernel holds between two sockets, both sides together. */
    private static final long MOST_IN_FLIGHT = 32L * 1024 * 1024;

    @Autowired
    Ports ports;

    @Autowired
    Traffic all;

    private Traffic.Counts traffic;

    @BeforeEach
    void countHttp() {
        traffic = all.of(Transport.HTTP);
    }

    @AfterEach
    void nothingIsOpen() {
        await().pollDelay(Duration.ZERO)
                .untilAsserted(() -> assertThat(traffic.open()).isZero());
    }

    @Test
    void afterItsCountTheConnectionServesTheNextRequest() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            for (int round = 0; round < 5; round++) {
                assertThat(http.get(SHORT).readAnswer().text()).isEqualTo(TWO_TICKS);
                assertThat(http.post("/echo", "Content-Type: text/plain", (byte) round)
                                .readAnswer()
                                .bytes())
                        .containsExactly(round);
            }
        }
    }

    @Test
    void aRequestThatCameDuringTheStreamIsServedAfterIt() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            http.get("/stream?count=3&interval=50ms").readHead();
            http.readChunk();
            http.get("/nowhere");

            assertThat(http.readChunk()).asString().isEqualTo("hello world\n");
            assertThat(http.readChunk()).asString().isEqualTo("hello world\n");
            assertThat(http.readChunk()).isEmpty();
            assertThat(http.readAnswer().status()).isEqualTo(404);
        }
    }

    @Test
    void pipelinedStreamsAreServedOneAfterTheOther() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            http.wire()
                    .send(HttpWire.head("GET", SHORT)
                            + HttpWire.head("GET", SHORT, NDJSON)
                            + HttpWire.head("HEAD", SHORT)
                            + HttpWire.head("GET", "/nowhere")
                            + HttpWire.head("GET", "/stream?count=300&interval=0"));

            assertThat(http.readAnswer().text()).isEqualTo(TWO_TICKS);
            assertThat(http.readAnswer().text().lines()).hasSize(2).allMatch(line -> line.startsWith("{\"tick\":"));
            assertThat(http.readHead().status()).isEqualTo(200);
            assertThat(http.readAnswer().status()).isEqualTo(404);
            assertThat(http.readAnswer().text().lines()).hasSize(300);
        }
    }

    @Test
    void manyPipelinedStreamsArriveInOrder() throws IOException {
        int requests = 300;
        StringBuilder heads = new StringBuilder();
        for (int request = 0; request < requests; request++) {
            heads.append(HttpWire.head("GET", "/stream?count=1&message=number-" + request));
        }
        try (HttpWire http = HttpWire.connect(ports)) {
            http.wire().send(heads.toString());

            for (int request = 0; request < requests; request++) {
                assertThat(http.readAnswer().text()).isEqualTo("number-" + request + "\n");
            }
        }
    }

    @Test
    void aNextRequestInPiecesIsServedWhole() throws IOException {
        String next = HttpWire.head("GET", "/stream?count=1&message=next");
        try (HttpWire http = HttpWire.connect(ports)) {
            http.get("/stream?count=3&interval=50ms").readHead();
            http.wire().send(next.substring(0, 10));
            http.readChunk();
            http.wire().send(next.substring(10, 20));
            assertThat(http.lines().lines()).hasSize(2);
            http.wire().send(next.substring(20));

            assertThat(http.readAnswer().text()).isEqualTo("next\n");
        }
    }

    @Test
    void aClientThatDoesNotReadIsNotWrittenTo() throws IOException {
        long bytesBefore = traffic.bytesOut();
        long ticksBefore = traffic.messagesOut();
        try (HttpWire slow = HttpWire.connect(ports)) {
            slow.get("/stream?interval=0&size=8000", NDJSON).readHead();

            settled();
            assertThat(traffic.bytesOut() - bytesBefore).isBetween(1L, MOST_IN_FLIGHT);

            long waiting = traffic.messagesOut() - ticksBefore;
            BufferedReader lines = slow.lines();
            for (int tick = 1; tick <= 2 * waiting; tick++) {
                String line = lines.readLine();
                assertThat(line)
                        .hasSizeGreaterThan(8000)
                        .startsWith("{\"tick\":" + tick + ",")
                        .endsWith(".\"}");
            }
            slow.reset();
        }
    }

    @Test
    void whileOneDoesNotReadOthersAreServed() throws IOException {
        try (HttpWire slow = HttpWire.connect(ports);
                HttpWire fast = HttpWire.connect(ports);
                HttpWire other = HttpWire.connect(ports)) {
            slow.get("/stream?interval=0&size=8000").readHead();
            settled();
            fast.get("/stream?interval=0", NDJSON).readHead();
            BufferedReader lines = fast.lines();

            for (int round = 1; round <= 100; round++) {
                assertThat(lines.readLine()).startsWith("{\"tick\":" + round + ",");
                assertThat(other.get("/stream?count=1").readAnswer().text()).isEqualTo("hello world\n");
            }
            slow.reset();
            fast.reset();
        }
    }

    @Test
    void manyFastStreamsShareTheThreads() throws IOException {
        HttpWire[] fast = new HttpWire[100];
        for (int i = 0; i < fast.length; i++) {
            fast[i] = HttpWire.connect(ports);
            fast[i].get("/stream?interval=0&size=8000").readHead();
        }

        try (HttpWire other = HttpWire.connect(ports)) {
            assertThat(other.get("/stream?count=1").readAnswer().text()).isEqualTo("hello world\n");
        }

        for (HttpWire http : fast) {
            assertThat(http.readChunk()).isNotEmpty();
            http.reset();
        }
    }

    /** Waits until the server has sent all that it can. */
    private void settled() {
        AtomicLong last = new AtomicLong(traffic.bytesOut());
        await().pollDelay(Duration.ofMillis(300))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> last.getAndSet(traffic.bytesOut()) == traffic.bytesOut());
    }

    @ParameterizedTest
    @ValueSource(strings = {"heartbeat=1s", "heartbeat=none"})
    void aResetIsFoundWithinAHeartbeat(String heartbeat) throws IOException {
        try (HttpWire http = openIdle(heartbeat)) {
            http.reset();
        }

        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(traffic.open()).isZero());
    }

    @ParameterizedTest
    @ValueSource(strings = {"heartbeat=1s", "heartbeat=none"})
    void aCloseIsFoundWithinAHeartbeat(String heartbeat) throws IOException {
        try (HttpWire http = openIdle(heartbeat)) {
            http.wire().sendFin();
        }

        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(traffic.open()).isZero());
    }

    @Test
    void aClientThatAskedForMoreAndThenLeftIsFoundWithinAHeartbeat() throws IOException {
        try (HttpWire http = openIdle("heartbeat=300ms")) {
            http.get(SHORT);
            http.reset();
        }

        await().atMost(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(traffic.open()).isZero());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatLeavesWithoutHavingReadIsFound(boolean byReset) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            http.get("/stream?interval=0&size=8000").readHead();
            settled();
            assertThat(traffic.open()).isEqualTo(1);
            if (byReset) {
                http.reset();
            }
        }

        await().atMost(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(traffic.open()).isZero());
    }

    private HttpWire openIdle(String heartbeat) throws IOException {
        HttpWire http = HttpWire.connect(ports);
        http.get("/stream?interval=1h&" + heartbeat).readHead();
        http.readChunk();
        assertThat(traffic.open()).isEqualTo(1);
        return http;
    }

    @Test
    void aHalfClosedClientThatStillReadsKeepsItsStream() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            http.get("/stream?interval=250ms&heartbeat=none", NDJSON);
            http.wire().sendFin();
            http.readHead();
            BufferedReader lines = http.lines();

            for (int tick = 1; tick <= 6; tick++) {
                assertThat(nextTick(lines)).startsWith("{\"tick\":" + tick + ",");
            }
            assertThat(traffic.open()).isEqualTo(1);
            http.reset();
        }
    }

    private static String nextTick(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && line.isEmpty()) {
            line = lines.readLine();
        }
        return line == null ? "" : line;
    }

    @Test
    void aHalfClosedClientGetsTheWholeBodyAndThenTheEnd() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            http.get(SHORT);
            http.wire().sendFin();
            Answer answer = http.readAnswer();

            assertThat(answer.text().replaceAll("(?m)^\n", "")).isEqualTo(TWO_TICKS);
            assertThat(http.wire().read()).isEqualTo(-1);
        }
    }

    @Test
    void openStreamsAreCountedUntilTheyEnd() throws IOException {
        long opened = traffic.opened();
        try (HttpWire first = openIdle("heartbeat=none")) {
            try (HttpWire second = HttpWire.connect(ports)) {
                second.get("/stream?interval=1h").readHead();
                second.readChunk();
                assertThat(traffic.open()).isEqualTo(2);
                second.reset();
            }
            await().untilAsserted(() -> assertThat(traffic.open()).isEqualTo(1));
            first.reset();
        }

        assertThat(traffic.opened()).isEqualTo(opened + 2);
    }
}
