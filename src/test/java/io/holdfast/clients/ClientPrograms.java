// SPDX-License-Identifier: Apache-2.0
package io.holdfast.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.Program;
import io.holdfast.support.TestFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/**
 * The programs in {@code src/test/clients}, and how those of each language are started. They are copied, built and given
 * their packages below {@code target}. A test is skipped if its program lacks something on this machine.
 */
final class ClientPrograms {

    private static final Path SOURCES = Path.of("src/test/clients");
    private static final Path HOME = TestFolder.own("clients");

    /** Where Debian puts the sources of Go's packages. */
    private static final Path GO_PACKAGES = Path.of("/usr/share/gocode");

    private boolean nodePackages;

    ClientPrograms() throws IOException {
        FileSystemUtils.copyRecursively(SOURCES, HOME);
    }

    /** How to start a program, such as {@code node/ws.mjs}. */
    List<String> command(String program) throws IOException, InterruptedException {
        Path file = HOME.resolve(program);
        String language = program.substring(0, program.indexOf('/'));
        return switch (language) {
            case "jdk" -> java(file);
            case "go" -> {
                Program.require(
                        Files.isDirectory(GO_PACKAGES.resolve("src/github.com/gorilla/websocket")), "Go's gorilla");
                yield List.of(go(file));
            }
            case "python" -> List.of(python(), file.toString());
            case "node" -> node(file);
            case "shell" -> shell(file);
            default -> throw new IllegalArgumentException("no way to start " + program);
        };
    }

    /** From its source, and started quickly. */
    static List<String> java(Path file) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", file.toString());
    }

    /** Built without a network: its packages are Debian's. */
    static String go(Path file) throws IOException, InterruptedException {
        Program.requireOnPath("go");
        Path program = Path.of(file.toString().replaceFirst("[.]go$", ""));
        Map<String, String> settings = Map.of(
                "GO111MODULE", "off",
                "GOPATH", GO_PACKAGES.toString(),
                "GOCACHE", TestFolder.shared("go-cache").toString());
        assertThat(run(settings, "go", "build", "-o", program.toString(), file.toString()))
                .as("go build")
                .isTrue();
        return program.toString();
    }

    /** Debian installs the packages for its own Python, which need not be the first one on the path. */
    private static String python() throws IOException, InterruptedException {
        String found = "";
        for (String python : List.of("/usr/bin/python3", "python3")) {
            if (found.isEmpty()
                    && Program.isOnPath(python)
                    && run(Map.of(), python, "-c", "import aiohttp, websockets")) {
                found = python;
            }
        }
        Program.require(!found.isEmpty(), "Python with aiohttp and websockets");
        return found;
    }

    private List<String> node(Path file) throws IOException, InterruptedException {
        installNodePackages();
        return List.of("node", file.toString());
    }

    /** The file of the package {@code ws} that is imported. */
    Path ws() throws IOException, InterruptedException {
        installNodePackages();
        return HOME.resolve("node/node_modules/ws/wrapper.mjs");
    }

    private void installNodePackages() throws IOException, InterruptedException {
        Program.requireOnPath("node");
        Program.requireOnPath("npm");
        if (!nodePackages) {
            String home = HOME.resolve("node").toString();
            nodePackages =
                    run(Map.of(), "npm", "ci", "--prefix", home, "--prefer-offline", "--no-audit", "--ignore-scripts");
        }
        Program.require(nodePackages, "the packages of src/test/clients/node");
    }

    /** A script has the name of its client. */
    private static List<String> shell(Path file) {
        Program.requireOnPath("bash");
        Program.requireOnPath(file.getFileName().toString().replace(".sh", ""));
        return List.of("bash", file.toString());
    }

    /** True if it succeeded. It must not have the input and output of this process, by which Maven talks to it. */
    private static boolean run(Map<String, String> settings, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(settings);
        return run(builder);
    }

    /** As above. What it says of errors is shown. */
    static boolean run(ProcessBuilder builder) throws IOException, InterruptedException {
        return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start()
                        .waitFor()
                == 0;
    }
}
