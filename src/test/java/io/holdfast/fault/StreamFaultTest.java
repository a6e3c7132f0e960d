// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Transport;
import io.holdfast.fault.ObservedEnd.How;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.FaultTest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** What a plain socket sees of the faults of a stream. */
@FaultTest
class StreamFaultTest {

    private static final String TICK = "c\r\nhello world\n\r\n";
    private static final String END = "0\r\n\r\n";

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    private TestSocket open(String query) throws IOException {
        TestSocket wire = TestSocket.connect(ports.http());
        wire.send("GET /stream?heartbeat=none&" + query + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        assertThat(wire.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        return wire;
    }

    /** The reset may come while the head is being written and the next read begins. */
    @RepeatedTest(50)
    void everyResetArrivesHoweverSoonItFollowsTheHead() throws IOException {
        try (TestSocket wire = open("interval=20ms&end=reset")) {
            assertThat(ObservedEnd.of(wire)).isEqualTo(new ObservedEnd("", How.RESET));
        }
    }

    @ParameterizedTest
    @CsvSource({"reset,RESET", "half-close,FIN", "stall,SILENCE", "close,SILENCE"})
    void afterItsMessagesTheStreamIsCut(String end, How how) throws IOException {
        try (TestSocket wire = open("interval=20ms&after=3&end=" + end)) {
            ObservedEnd ending = ObservedEnd.of(wire);

            assertThat(ending.how()).isEqualTo(how);
            assertThat(ending.rest()).isEqualTo(TICK.repeat(3) + (end.equals("close") ? END : ""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"interval=20ms", "interval=0", "interval=20ms&delay=50ms"})
    void theMessageAfterTheLastWholeOneIsCutInHalf(String pace) throws IOException {
        try (TestSocket wire = open(pace + "&after=3&end=truncate")) {
            ObservedEnd ending = ObservedEnd.of(wire);

            assertThat(ending)
                    .isEqualTo(new ObservedEnd(TICK.repeat(3) + TICK.substring(0, TICK.length() / 2), How.FIN));
        }
    }

    @ParameterizedTest
    @CsvSource({"reset,RESET", "half-close,FIN", "stall,SILENCE", "close,SILENCE"})
    void withoutAMomentTheCutFollowsTheHead(String end, How how) throws IOException {
        try (TestSocket wire = open("interval=20ms&end=" + end)) {
            assertThat(ObservedEnd.of(wire)).isEqualTo(new ObservedEnd(end.equals("close") ? END : "", how));
        }
    }

    @ParameterizedTest
    @CsvSource({"1h,RESET,reset", "10ms,RESET,reset", "0,RESET,reset", "1h,FIN,half-close", "0,FIN,half-close"})
    void aCutByTimeFiresWhetherAnythingFlowsOrNot(String interval, How how, String end) throws IOException {
        long before = figures.closed(Transport.HTTP, CloseReason.FAULT);
        long start = System.nanoTime();
        try (TestSocket wire = open("interval=" + interval + "&after=300ms&end=" + end)) {
            assertThat(ObservedEnd.of(wire, 5000).how()).isEqualTo(how);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        }
        await().untilAsserted(() ->
                assertThat(figures.closed(Transport.HTTP, CloseReason.FAULT)).isEqualTo(before + 1));
    }

    @Test
    void aCloseLeavesTheConnectionToTheNextRequest() throws IOException {
        try (TestSocket wire = open("interval=20ms&after=2")) {
            assertThat(wire.readUntil(END)).isEqualTo(TICK.repeat(2) + END);

            wire.send("GET /stream?count=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

            assertThat(wire.readUntil(END)).endsWith(TICK + END);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stall", "half-close"})
    void whatIsLeftOfAStreamIsGivenUpWithItsPeerOrAfterTheIdleTime(String end) throws IOException {
        try (TestSocket leaves = open("end=" + end);
                TestSocket stays = open("end=" + end)) {
            leaves.sendFin();
            await().atMost(Duration.ofMillis(700))
                    .untilAsserted(() -> assertThat(figures.open()).isEqualTo(ConnectionFigures.Open.all(1)));

            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(figures.open()).isEqualTo(ConnectionFigures.Open.all(0)));
            assertThat(stays.read()).isEqualTo(-1);
        }
    }

    @Test
    void everyMessageComesLaterAndTheirPaceIsKept() throws IOException {
        long start = System.nanoTime();
        try (TestSocket wire = open("interval=100ms&count=5&delay=600ms")) {
            assertThat(wire.readUntil(TICK)).isEqualTo(TICK);
            Duration first = Duration.ofNanos(System.nanoTime() - start);
            assertThat(wire.readUntil(END)).isEqualTo(TICK.repeat(4) + END);
            Duration all = Duration.ofNanos(System.nanoTime() - start);

            assertThat(first).isGreaterThanOrEqualTo(Duration.ofMillis(600));
            // One by one they would be late by 600 ms each.
            assertThat(all).isBetween(Duration.ofMillis(1000), Duration.ofMillis(2400));
        }
    }

    @Test
    void jitterKeepsTheOrder() throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("GET /stream?interval=5ms&count=40&jitter=100ms HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    + "Accept: text/event-stream\r\n\r\n");
            String all = wire.readUntil(END);

            assertThat(all.lines().filter(line -> line.startsWith("id: ")))
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 40)
                            .mapToObj(i -> "id: " + i)
                            .toList());
        }
    }
}
