// SPDX-License-Identifier: Apache-2.0
package io.holdfast.deploy;

import io.holdfast.connection.DrainProperties;
import io.holdfast.support.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of {@code src/deploy}, and what the tests need to read and run them. */
final class DeployFiles {

    static final Path FILES = Path.of("src/deploy");
    static final Path PAGE = Path.of("src/docs/deployment.md");

    /** {@link io.holdfast.TerminationTest}: what the process needs after the drain window, whatever its peers do. */
    static final Duration END = Duration.ofSeconds(10);

    private DeployFiles() {}

    static String read(String file) throws IOException {
        return Files.readString(FILES.resolve(file));
    }

    /** The documents of a YAML file. */
    static List<JsonNode> yaml(String file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(read(file))) {
            documents.add(JsonMapper.shared().valueToTree(document));
        }
        return documents;
    }

    /** The document of a kind in {@code kubernetes/holdfast.yaml}. */
    static JsonNode manifest(String kind) throws IOException {
        return yaml("kubernetes/holdfast.yaml").stream()
                .filter(document -> document.path("kind").asString().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    static Duration usualDrainWindow() {
        DefaultValue window = Objects.requireNonNull(
                DrainProperties.class.getDeclaredConstructors()[0].getParameters()[0].getAnnotation(
                        DefaultValue.class));
        return DurationStyle.detectAndParse(window.value()[0]);
    }

    /** How a program ended, and what it printed until then. */
    record Ended(int status, String output) {}

    /** Runs a program of the machine to its end. The test is skipped if it is missing. */
    static Ended run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Program.requireOnPath(command[0]);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    static Ended run(String... command) throws IOException, InterruptedException {
        return run(Map.of(), command);
    }
}
