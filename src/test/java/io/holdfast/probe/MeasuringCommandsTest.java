// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Ports;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the commands print after they have measured. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
class MeasuringCommandsTest {

    @Autowired
    Ports ports;

    /** The scheme of the service, and what every command needs to reach it; overridden for another one. */
    String scheme() {
        return "http";
    }

    List<String> options() {
        return List.of();
    }

    /** The names of ways over HTTP that are measured end with one of these. */
    List<String> kinds() {
        return List.of("");
    }

    /** What is before a TCP listener's host and port, and the end of the names of ways over TCP. */
    String tcpScheme() {
        return "";
    }

    String tcpKind() {
        return "";
    }

    final CommandRun run(String... arguments) {
        return CommandRun.of(
                Stream.concat(Stream.of(arguments), options().stream()).toArray(String[]::new));
    }

    @Test
    void compareTellsEachWayAndWhatItMeans() {
        CommandRun run = run(
                "compare", "--http", http(""), "--tcp", tcp(), "--lines", lines(), "--count", "20", "--size", "100B");

        assertThat(run.code()).as(run.err()).isZero();
        List<String> names =
                run.out().lines().map(line -> line.replaceFirst(" {2}.*", "")).toList();
        assertThat(names).contains("TCP" + tcpKind(), "TCP" + tcpKind() + ", short", "TCP lines" + tcpKind());
        for (String kind : kinds()) {
            assertThat(names)
                    .contains("WebSocket" + kind, "WebSocket" + kind + ", short")
                    .contains("HTTP" + kind, "HTTP" + kind + ", short")
                    .contains("SSE" + kind, "NDJSON" + kind);
        }
        assertThat(run.out())
                .contains("without TCP and IP headers")
                .contains("Fewest bytes: TCP" + tcpKind() + ", " + (tcpKind().isEmpty() ? "200 per message" : ""))
                .containsIgnoringWhitespaces("From 2 messages per connection on, WebSocket needs fewer bytes");
        assertThat(run.out().replaceAll("\\s+", " ").contains("left out HTTP h2: the server "))
                .isEqualTo(kinds().size() == 1);
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void compareTellsTheSameAsJson() {
        CommandRun run = run("compare", "--http", http(""), "--tcp", tcp(), "--count", "20", "--json");

        JsonNode result = new JsonMapper().readTree(run.out());
        assertThat(result.at("/command").asString()).isEqualTo("compare");
        assertThat(result.at("/version").intValue()).isEqualTo(1);
        assertThat(result.at("/complete").booleanValue()).isTrue();
        assertThat(result.path("costs").size()).isEqualTo(2 + 4 * kinds().size());
        if (tcpKind().isEmpty()) {
            assertThat(result.at("/costs/0/bytesPerMessage/out").asInt()).isEqualTo(64);
        } else {
            assertThat(result.at("/costs/0/bytesPerMessage/out").asInt()).isBetween(65, 128);
        }
        assertThat(result.at("/costs/0/tls").isNull()).isEqualTo(tcpKind().isEmpty());
        assertThat(result.at("/costs/0/protocol").asString()).isEqualTo("tcp");
        assertThat(result.at("/costs/2/transport").asString()).isEqualTo("websocket");
        assertThat(result.at("/costs/2/protocol").asString()).isEqualTo("http/1.1");
        assertThat(result.at("/costs/2/tls").isNull()).isEqualTo(scheme().equals("http"));
        assertThat(result.at("/costs/2/roundTripMicros/p99").doubleValue()).isPositive();
        assertThat(result.path("pushed").size()).isEqualTo(3 * kinds().size());
        assertThat(result.path("verdict").size()).isGreaterThan(3);
    }

    @Test
    void loadOnAnEchoTellsItsTimesAndTheServersCpu() {
        CommandRun run = run(
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
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(result.at("/command").asString()).isEqualTo("load echo");
        assertThat(result.at("/version").intValue()).isEqualTo(1);
        assertThat(result.at("/complete").booleanValue()).isTrue();
        assertThat(result.at("/results").size()).isEqualTo(2);
        assertThat(result.at("/results/0/lost").intValue()).isZero();
        assertThat(result.at("/results/0/answered").intValue()).isPositive();
        assertThat(result.at("/results/0/latencyMicros/p999").doubleValue()).isPositive();
        assertThat(result.at("/results/0/server/cpuMicrosPerMessage").doubleValue())
                .isPositive();
        assertThat(result.at("/results/0/server/heapBytes").doubleValue()).isGreaterThan(1e6);
        assertThat(result.at("/results/0/server/connections").intValue()).isGreaterThanOrEqualTo(5);
    }

    @Test
    void loadByIdleConnectionsTellsHowManyStood() {
        CommandRun run = run(
                "load", "idle", "--ws", http("/echo"), "--tcp", tcp(), "--connections", "20", "--duration", "100ms");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains(scheme().replace("http", "ws") + "://127.0.0.1:")
                .containsPattern("20 +20 +100 ms +20\\s")
                .containsIgnoringWhitespaces("20 connections open");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "survive --up-to 200ms --http BASE/nothing",
                "compare --count 20 --http BASE/nothing",
                "load echo --warmup 0s --duration 100ms --http BASE/nothing",
                "load fan --warmup 0s --duration 100ms --sse BASE/nothing --publish BASE/nothing",
                "load idle --duration 100ms --connections 3 --sse BASE/nothing"
            })
    void wrongAddressHasTheExitCodeOfAServerThatIsNotThere(String command) {
        CommandRun run = run(command.replace("BASE", http("")).split(" "));

        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(Commands.UNREACHABLE);
        assertThat(run.out() + run.err()).contains("HTTP 404");
    }

    /** One line says which address to use. */
    @ParameterizedTest
    @ValueSource(strings = {"survive --up-to 200ms", "compare --count 20"})
    void wrongSchemeIsToldWithTheRightAddress(String command) {
        String other =
                scheme().equals("http") ? http("").replace("http:", "https:") : http("").replace("https:", "http:");

        CommandRun run = run((command + " --http " + other).split(" "));

        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(Commands.UNREACHABLE);
        assertThat((run.out() + run.err()).lines()).anyMatch(line -> line.endsWith("; use " + http("") + "."));
    }

    final String http(String path) {
        return scheme() + "://127.0.0.1:" + ports.http() + path;
    }

    final String tcp() {
        return tcpScheme() + "127.0.0.1:" + ports.tcpEcho();
    }

    final String lines() {
        return tcpScheme() + "127.0.0.1:" + ports.tcpLines();
    }
}
