package io.holdfast.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the commands print after they have measured. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
class MeasuringCommandsTest {

    @Autowired
    Ports ports;

    @Test
    void compareTellsEachWayAndWhatItMeans() {
        CommandRun run = CommandRun.of(
                "compare", "--http", http(""), "--tcp", tcp(), "--lines", lines(), "--count", "20", "--size", "100B");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceFirst(" {2}.*", "")))
                .contains("TCP", "TCP, short", "WebSocket", "WebSocket, short", "HTTP", "HTTP, short")
                .contains("SSE", "NDJSON", "TCP lines");
        assertThat(run.out())
                .contains("without TCP and IP headers")
                .contains("Fewest bytes: TCP, 200 per message")
                .containsPattern("From 2 messages per connection on, WebSocket needs fewer bytes");
    }

    @Test
    void compareTellsTheSameAsJson() {
        CommandRun run = CommandRun.of("compare", "--http", http(""), "--tcp", tcp(), "--count", "20", "--json");

        JsonNode result = new JsonMapper().readTree(run.out());
        assertThat(result.path("costs").size()).isEqualTo(6);
        assertThat(result.at("/costs/0/bytesPerMessage/out").asInt()).isEqualTo(64);
        assertThat(result.at("/costs/2/transport").asString()).isEqualTo("websocket");
        assertThat(result.at("/costs/2/roundTripMicros/p99").doubleValue()).isPositive();
        assertThat(result.path("pushed").size()).isEqualTo(3);
        assertThat(result.path("verdict").size()).isGreaterThan(3);
    }

    @Test
    void loadOnAnEchoTellsItsTimesAndTheServersCpu() {
        CommandRun run = CommandRun.of(
                "load",
                "echo",
                "--tcp",
                tcp(),
                "--http",
                http("/echo"),
                "--connections",
                "5",
                "--rate",
                "100",
                "--duration",
                "300ms",
                "--warmup",
                "100ms",
                "--json");

        JsonNode result = new JsonMapper().readTree(run.out());
        assertThat(run.code()).isZero();
        assertThat(result.size()).isEqualTo(2);
        assertThat(result.at("/0/lost").intValue()).isZero();
        assertThat(result.at("/0/answered").intValue()).isPositive();
        assertThat(result.at("/0/latencyMicros/p999").doubleValue()).isPositive();
        assertThat(result.at("/0/server/cpuMicrosPerMessage").doubleValue()).isPositive();
        assertThat(result.at("/0/server/heapBytes").doubleValue()).isGreaterThan(1e6);
        assertThat(result.at("/0/server/connections").intValue()).isGreaterThanOrEqualTo(5);
    }

    @Test
    void loadByIdleConnectionsTellsHowManyStood() {
        CommandRun run = CommandRun.of(
                "load", "idle", "--ws", http("/echo"), "--tcp", tcp(), "--connections", "20", "--duration", "100ms");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("ws://127.0.0.1:")
                .containsPattern("20 +20 +100 ms +20 ")
                .contains("20 connections open");
    }

    private String http(String path) {
        return "http://127.0.0.1:" + ports.http() + path;
    }

    private String tcp() {
        return "127.0.0.1:" + ports.tcpEcho();
    }

    private String lines() {
        return "127.0.0.1:" + ports.tcpLines();
    }
}
