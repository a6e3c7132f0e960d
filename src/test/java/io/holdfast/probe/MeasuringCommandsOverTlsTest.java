// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** As {@link MeasuringCommandsTest}, over TLS and with HTTP/2. */
class MeasuringCommandsOverTlsTest extends MeasuringCommandsTest {

    @TempDir
    static Path home;

    @DynamicPropertySource
    static void tls(DynamicPropertyRegistry properties) throws IOException {
        TestCertificate certificate = TestCertificate.of("CN=localhost");
        Path pem = Files.writeString(home.resolve("cert.pem"), certificate.certificatePem());
        Path key = Files.writeString(home.resolve("key.pem"), certificate.keyPem());
        properties.add("spring.ssl.bundle.pem.web.keystore.certificate", () -> "file:" + pem);
        properties.add("spring.ssl.bundle.pem.web.keystore.private-key", () -> "file:" + key);
        properties.add("server.ssl.bundle", () -> "web");
        properties.add("holdfast.tcp.listeners.echo.ssl.bundle", () -> "web");
        properties.add("holdfast.tcp.listeners.lines.ssl.bundle", () -> "web");
    }

    @Override
    String scheme() {
        return "https";
    }

    @Override
    List<String> options() {
        return List.of("--cacert", home.resolve("cert.pem").toString());
    }

    @Override
    List<String> kinds() {
        return List.of(" TLS", " h2 TLS");
    }

    @Override
    String tcpScheme() {
        return "tls://";
    }

    @Override
    String tcpKind() {
        return " TLS";
    }

    @Test
    void surviveOverRawTls() {
        CommandRun run = run("survive", "--tcp", tcp(), "--lines", lines(), "--up-to", "400ms");

        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(Commands.WELL);
        assertThat(run.out())
                .contains("TCP: Silences of up to 400ms survive.")
                .contains("TCP lines: Silences of up to 400ms survive.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http", "--ws"})
    void loadSharesSessions(String transport) {
        CommandRun run = run(
                "load",
                "echo",
                transport,
                http("/echo"),
                "--http-version",
                "2",
                "--streams-per-session",
                "20",
                "--connections",
                "50",
                "--rate",
                "100",
                "--duration",
                "500ms",
                "--json");

        JsonNode result = new JsonMapper().readTree(run.out());
        assertThat(run.code()).as(run.err() + run.out()).isZero();
        assertThat(result.at("/results/0/connections/stood").intValue()).isEqualTo(50);
        assertThat(result.at("/results/0/lost").intValue()).isZero();
        assertThat(result.at("/results/0/answered").intValue()).isEqualTo(50);
    }

    @Test
    void fanOutReachesTheStreamsOfASession() {
        CommandRun run = run(
                "load",
                "fan",
                "--sse",
                http("/channels/fan-over-h2"),
                "--publish",
                http("/channels/fan-over-h2"),
                "--http-version",
                "2",
                "--streams-per-session",
                "50",
                "--connections",
                "100",
                "--rate",
                "20",
                "--warmup",
                "200ms",
                "--duration",
                "500ms",
                "--json");

        JsonNode result = new JsonMapper().readTree(run.out());
        assertThat(run.code()).as(run.err() + run.out()).isZero();
        assertThat(result.at("/results/0/delivered").intValue()).isEqualTo(1000);
    }

    @Test
    void moreStreamsThanTheServerAllowsAreTold() {
        CommandRun run = run(
                "load",
                "idle",
                "--sse",
                http("/channels/idle-over-h2"),
                "--http-version",
                "2",
                "--streams-per-session",
                "200",
                "--connections",
                "200",
                "--duration",
                "100ms");

        assertThat(run.code()).isEqualTo(Commands.WRONG);
        assertThat(run.out().replaceAll("\\s+", " "))
                .contains("could not be opened: ", "the session takes no more streams");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1", "2"})
    void surviveWithEachVersion(String version) {
        CommandRun run = run("survive", "--http", http(""), "--http-version", version, "--up-to", "400ms");

        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(Commands.WELL);
        assertThat(run.out())
                .contains("HTTP stream: Silences of up to 400ms survive.")
                .contains("SSE: Silences of up to 400ms survive.")
                .contains("WebSocket: Silences of up to 400ms survive.");
        assertThat(run.err().contains("over HTTP/2")).isEqualTo(version.equals("2"));
    }

    @Test
    void certificateThatIsNotTrustedIsOneLine() {
        CommandRun run = CommandRun.of("compare", "--http", http(""), "--count", "20");

        assertThat(run.code()).isEqualTo(Commands.UNREACHABLE);
        assertThat(run.err().lines().toList().getLast())
                .isEqualTo("WebSocket TLS to wss" + http("").substring("https".length())
                        + "/echo: TLS: the certificate is not trusted; name its authority's file with --cacert, or use"
                        + " --insecure.");
    }
}
