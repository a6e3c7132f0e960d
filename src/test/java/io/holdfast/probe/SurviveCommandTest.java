// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@HoldfastTest
@ExtendWith(NothingLeft.class)
class SurviveCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Autowired
    private Ports ports;

    private int run(String... arguments) {
        CommandLine commands =
                Commands.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commands.execute(arguments);
    }

    private String http() {
        return "http://localhost:" + ports.http();
    }

    @Test
    void whatSurvivesIsWell() {
        int code = run(
                "survive",
                "--http",
                http(),
                "--tcp",
                "localhost:" + ports.tcpEcho(),
                "--up-to",
                "400ms",
                "--heartbeat",
                "none,100ms");

        assertThat(code).as(out.toString()).isEqualTo(Commands.WELL);
        assertThat(out.toString())
                .contains("WebSocket: Silences of up to 400ms survive.")
                .contains("none lived 400ms, 100ms lived 400ms")
                .contains("Transport: any of them. They survive equally long.");
        assertThat(err.toString())
                .startsWith(
                        "Keeping 20 connections (HTTP stream, SSE, WebSocket, HTTP keep-alive, TCP) silent for 50ms");
    }

    @Test
    void jsonIsOneDocument() {
        run("survive", "--tcp", "localhost:" + ports.tcpEcho(), "--silences", "100ms,200ms", "--json");
        JsonNode json = new JsonMapper().readTree(out.toString());
        JsonNode tcp = json.at("/transports/0");

        assertThat(json.at("/command").asString()).isEqualTo("survive");
        assertThat(json.at("/version").asInt()).isEqualTo(1);
        assertThat(json.at("/complete").asBoolean()).isTrue();
        assertThat(json.at("/well").asBoolean()).isTrue();
        assertThat(json.at("/advice/transports/0").asString()).isEqualTo("tcp");
        assertThat(tcp.at("/outcome").asString()).isEqualTo("lived");
        assertThat(tcp.at("/livedMillis").asInt()).isEqualTo(200);
        assertThat(tcp.at("/limitMillis").isNull()).isTrue();
        assertThat(tcp.at("/silences/1/fate").asString()).isEqualTo("lived");
        assertThat(tcp.at("/verdict").asString()).isEqualTo("Silences of up to 200ms survive.");
    }

    @Test
    void wherePathsLeadNowhereItSaysSo() {
        int code = run("survive", "--http", http(), "--stream-path", "/nowhere", "--up-to", "200ms");

        assertThat(code).isEqualTo(Commands.UNREACHABLE);
        assertThat(out.toString())
                .containsIgnoringWhitespaces(
                        "/nowhere does not answer as expected: HTTP 404. There is no stream at this path; set --stream-path.")
                .contains("WebSocket: Silences of up to 200ms survive.");
    }

    @Test
    void whereNobodyListensItSaysSo() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = socket.getLocalPort();
        }

        int code = run("survive", "--tcp", "127.0.0.1:" + port, "--up-to", "200ms");

        assertThat(code).isEqualTo(Commands.UNREACHABLE);
        assertThat(out.toString()).isEqualTo("127.0.0.1:" + port + ": connection refused.\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\"', textBlock = """
            survive                                           | No target. Valid: at least one of --http, --tcp and --lines
            survive --http ftp://here                         | 'ftp://here' can't be used. Valid: http:// or https://
            survive --tcp here                                | 'here' can't be used. Valid: host:port
            survive --tcp here:1 --up-to soon                 | 'soon' can't be used. Valid: a duration, as 500ms
            survive --tcp here:1 --up-to 5                    | '5' has no unit. Valid: 5s, or 5ms, 5m or 5h
            survive --tcp here:1 --heartbeat none,5           | '5' has no unit. Valid: 5s
            survive --tcp here:1 --up-to 1ms                  | '--up-to 1ms' can't be used. Valid: from 100ms to 24h, as --up-to 10s
            survive --tcp here:1 --up-to 25h                  | '--up-to 25h' can't be used. Valid: from 100ms to 24h
            survive --tcp here:1 --silences 0s                | '--silences 0ms' can't be used. Valid: from 100ms to 24h
            survive --tcp here:1 --up-to 1m --silences 1s     | '--up-to' and '--silences' exclude each other.
            survive --tcp here:1 --transport sse              | '--transport sse' needs --http.
            survive --tcp here:1 --heartbeat often            | 'often' can't be used. Valid: none, or a duration, as 15s
            survive --http http://here --stream-path events   | '--stream-path events' can't be used. Valid: a path
            """)
    void argumentsThatCantBeUsedAreAnsweredWithTheValidForm(String arguments, String said) {
        int code = run(arguments.trim().split(" +", -1));

        assertThat(code).isEqualTo(Commands.BAD_ARGUMENTS);
        assertThat(err.toString()).contains(said).contains("See 'holdfast survive --help'.");
        assertThat(err.toString().lines()).hasSize(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void helpShowsAnExample() {
        assertThat(run("survive", "--help")).isZero();
        assertThat(out.toString()).contains("  holdfast survive --http http://localhost:8080 --tcp localhost:8888");
    }
}
