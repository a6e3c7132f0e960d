// SPDX-License-Identifier: Apache-2.0
package io.holdfast.deploy;

import static io.holdfast.support.Waiting.await;

import io.holdfast.support.FreePort;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Program;
import java.io.Closeable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A Prometheus of this machine, with the configuration and the alerts of {@code src/deploy}, in seconds instead of minutes. */
final class Prometheus implements Closeable {

    private static final Duration START = Duration.ofSeconds(30);

    private final int port = FreePort.any();
    private final Program program;

    /** @param targets as {@code "localhost:8080"}, separated by commas */
    Prometheus(Path folder, String targets, String key) throws IOException {
        Path configuration = folder.resolve("prometheus.yaml");
        Files.writeString(
                configuration,
                DeployFiles.read("prometheus/prometheus.yaml")
                        .replace("30s", "1s")
                        .replace("localhost:8080", targets));
        // An increase within minutes is one within seconds, too, but an alert would wait.
        Files.writeString(
                folder.resolve("rules.yaml"),
                DeployFiles.read("prometheus/rules.yaml").replaceAll("for: \\d+m", "for: 0s"));
        Files.writeString(folder.resolve("holdfast.key"), key);
        program = Program.start(
                "prometheus",
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--log.level=error");
        await().atMost(START)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> PlainRequest.get(port, "/-/ready").status() == 200);
    }

    /** The result of a query, one entry a series. */
    JsonNode query(String expression) throws IOException {
        JsonNode answer = PlainRequest.get(
                        port, "/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .json();
        if (!answer.path("status").asString().equals("success")) {
            throw new IOException(expression + ": " + answer);
        }
        return answer.at("/data/result");
    }

    /** The alerts that fire now. */
    List<JsonNode> firing() throws IOException {
        return PlainRequest.get(port, "/api/v1/alerts")
                .json()
                .at("/data/alerts")
                .valueStream()
                .filter(alert -> alert.get("state").asString().equals("firing"))
                .toList();
    }

    @Override
    public void close() {
        program.close();
    }
}
