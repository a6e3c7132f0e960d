// SPDX-License-Identifier: Apache-2.0
package io.holdfast.deploy;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.deploy.DeployFiles.Ended;
import io.holdfast.redis.RedisServer;
import io.holdfast.support.FreePort;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The image, made without a container engine, and run as its manifests say: as their user, with their variables, asked by their
 * probes and by the monitor.
 */
class ImageIT {

    private static final Duration START = Duration.ofMinutes(1);
    private static final String KEY = "a-key-of-prometheus-with-32-bytes";
    private static final String POD = "holdfast-7d9f8b6c5d-x2x4z";

    @TempDir
    private Path folder;

    private final int port = FreePort.any();

    @Test
    void startsAnswersItsProbesAndEndsInTime() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        ImageSteps image = ImageSteps.carryOut(folder);
        assertUser(image);
        makeUnwritable(image);
        List<String> health = image.command("HEALTHCHECK");
        try (RedisServer redis = RedisServer.start()) {
            Process process = start(image, redis);
            try {
                await().atMost(START)
                        .until(() -> !process.isAlive() || check(health).status() == 0);
                assertThat(process.isAlive()).as(this::log).isTrue();

                assertProbes();
                assertMetricsNeedTheKey();

                process.destroy();
                assertThat(process.waitFor(timeToDrain().toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                // What systemd's SuccessExitStatus expects, too.
                assertThat(process.exitValue()).isEqualTo(143);
                assertThat(check(health).status()).isEqualTo(1);
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static JsonNode pod() throws IOException {
        return DeployFiles.manifest("Deployment").at("/spec/template/spec");
    }

    private static void assertUser(ImageSteps image) throws IOException {
        JsonNode security = pod().get("securityContext");
        String user = security.get("runAsUser").asString() + ":"
                + security.get("runAsGroup").asString();

        assertThat(image.setting("USER")).isEqualTo(user);
        assertThat(Files.readString(image.path("/etc/passwd")))
                .isEqualTo("holdfast:x:" + user + "::/nonexistent:/usr/sbin/nologin\n");
        assertThat(Files.readString(image.path("/etc/group")))
                .isEqualTo("holdfast:x:" + security.get("runAsGroup").asString() + ":\n");
    }

    /** As {@code readOnlyRootFilesystem} does, also if this is not run by root. */
    private static void makeUnwritable(ImageSteps image) throws Exception {
        assertThat(DeployFiles.run("chmod", "-R", "a-w", image.path("/opt").toString())
                        .status())
                .isZero();
    }

    private Process start(ImageSteps image, RedisServer redis) throws IOException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            String[] user = image.setting("USER").split(":", 2);
            command.addAll(List.of("setpriv", "--reuid=" + user[0], "--regid=" + user[1], "--clear-groups"));
        }
        command.addAll(image.command("ENTRYPOINT"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(image.path(image.setting("WORKDIR")).toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.putAll(variables(redis));
        // Without the start cache of the image this JVM does not start.
        environment.merge("JAVA_OPTS", "-XX:AOTMode=on", (options, more) -> options + " " + more);
        // Other tests run on this machine. In a pod these are free.
        environment.put("SERVER_PORT", String.valueOf(port));
        environment.put("HOLDFAST_TCP_LISTENERS_ECHO_PORT", "0");
        environment.put("HOLDFAST_TCP_LISTENERS_LINES_PORT", "0");
        return builder.start();
    }

    /** Those of the deployment. */
    private static Map<String, String> variables(RedisServer redis) throws IOException {
        Map<String, String> secret = Map.of(
                "redis-url",
                redis.setting().replaceFirst(".*=", ""),
                "token-secret",
                "a-secret-of-tokens-with-32-bytes!",
                "prometheus-key",
                KEY);
        Map<String, String> variables = new HashMap<>();
        for (JsonNode variable : pod().at("/containers/0/env")) {
            JsonNode from = variable.path("valueFrom");
            String value = variable.has("value")
                    ? variable.get("value").asString()
                    : from.has("fieldRef")
                            ? POD
                            : secret.get(from.at("/secretKeyRef/key").asString());
            variables.put(variable.get("name").asString(), value);
        }
        return variables;
    }

    private Ended check(List<String> health) throws Exception {
        return DeployFiles.run(Map.of("SERVER_PORT", String.valueOf(port)), health.toArray(String[]::new));
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The kubelet is a stranger: it has no token, and names the address of the pod. */
    private void assertProbes() throws IOException {
        JsonNode container = pod().at("/containers/0");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            PlainRequest.Answer answer =
                    get(container.at("/" + probe + "/httpGet/path").asString(), "Host: 10.1.2.3:8080");

            assertThat(answer.status()).as(probe).isEqualTo(200);
            assertThat(answer.json().get("status").asString()).isEqualTo("UP");
            assertThat(answer.body()).doesNotContain("components");
        }
    }

    private void assertMetricsNeedTheKey() throws IOException {
        JsonNode endpoint =
                DeployFiles.yaml("kubernetes/service-monitor.yaml").getFirst().at("/spec/endpoints/0");
        String path = endpoint.get("path").asString();
        String scheme = endpoint.at("/authorization/type").asString();

        assertThat(get(path, "Host: localhost").status()).isEqualTo(401);
        PlainRequest.Answer answer = get(path, "Host: 10.1.2.3:8080", "Authorization: " + scheme + " " + KEY);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("holdfast_connections_open{node=\"" + POD + "\"");
    }

    private PlainRequest.Answer get(String path, String... headers) throws IOException {
        try (TestSocket wire = TestSocket.connect(port)) {
            wire.send("GET " + path + " HTTP/1.1\r\nConnection: close\r\n" + String.join("\r\n", headers) + "\r\n\r\n");
            return PlainRequest.read(wire);
        }
    }

    private static Duration timeToDrain() throws IOException {
        return Duration.ofSeconds(pod().get("terminationGracePeriodSeconds").asInt()
                - pod().at("/containers/0/lifecycle/preStop/exec/command/1").asInt());
    }
}
