// SPDX-License-Identifier: Apache-2.0
package io.holdfast.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.deploy.DeployFiles.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * The instructions of the Dockerfile, carried out without a container engine: a stage is a folder, and every absolute path is
 * one below it. The base image is this machine.
 */
final class ImageSteps {

    private static final Pattern COPY = Pattern.compile("(?:--from=(\\w+) )?(.*) (\\S+)");

    private final Path folder;
    private final Map<String, Path> stages = new HashMap<>();
    private final Map<String, String> settings = new HashMap<>();
    private Path root;

    private ImageSteps(Path folder) {
        this.folder = folder;
        this.root = folder;
    }

    static ImageSteps carryOut(Path folder) throws IOException, InterruptedException {
        ImageSteps steps = new ImageSteps(folder);
        for (String line : DeployFiles.read("image/Dockerfile").lines().toList()) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                String[] instruction = line.split(" ", 2);
                steps.carryOut(instruction[0], instruction[1]);
            }
        }
        return steps;
    }

    private void carryOut(String instruction, String arguments) throws IOException, InterruptedException {
        switch (instruction) {
            case "FROM" -> begin(arguments);
            case "COPY" -> copy(arguments);
            case "RUN" -> shell(below(root, arguments));
            default -> settings.put(instruction, arguments);
        }
    }

    private void begin(String image) throws IOException {
        root = folder.resolve("stage-" + stages.size());
        stages.put(image.replaceFirst(".* AS ", ""), root);
        Files.createDirectories(root.resolve("etc"));
    }

    private void copy(String arguments) throws IOException, InterruptedException {
        Matcher copy = COPY.matcher(arguments);
        assertThat(copy.matches()).as(arguments).isTrue();
        String stage = copy.group(1);
        String files = stage == null ? copy.group(2) : below(stages.getOrDefault(stage, folder), copy.group(2));
        String target = below(root, copy.group(3));
        // To a name without a slash at its end go the contents of a folder.
        shell(
                target.endsWith("/")
                        ? "mkdir -p " + target + " && cp -a " + files + " " + target
                        : "mkdir -p $(dirname " + target + ") && cp -aT " + files + " " + target);
    }

    private static void shell(String command) throws IOException, InterruptedException {
        Ended ended =
                DeployFiles.run(Map.of("JAVA_HOME", System.getProperty("java.home")), "sh", "-c", "set -e; " + command);
        assertThat(ended.status()).as(command + ": " + ended.output()).isZero();
    }

    private static String below(Path root, String command) {
        return command.replaceAll("(?<=^| )/", root + "/");
    }

    /** Where a file of the image is. */
    Path path(String name) {
        return Path.of(below(root, name));
    }

    /** What an instruction such as {@code USER} says. */
    String setting(String instruction) {
        return settings.getOrDefault(instruction, "");
    }

    /** The command of an instruction, which is a JSON array, perhaps after options. */
    List<String> command(String instruction) {
        String array = setting(instruction).replaceFirst("^[^\\[]*", "");
        return JsonMapper.shared()
                .readTree(array)
                .valueStream()
                .map(word -> below(root, word.asString()))
                .toList();
    }
}
