// SPDX-License-Identifier: Apache-2.0
package io.holdfast.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.Program;
import io.holdfast.support.TestFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** The browser client as an npm package, made from a copy of the front end below {@code target}. */
final class NpmPackage {

    private final Path home = TestFolder.own("npm-package");
    private final Path client = home.resolve("client");

    NpmPackage() throws IOException {
        Program.requireOnPath("npm");
        FileSystemUtils.deleteRecursively(home);
        FileSystemUtils.copyRecursively(Path.of("frontend"), home);
        // What a developer has made there.
        FileSystemUtils.deleteRecursively(client.resolve("types"));
        FileSystemUtils.deleteRecursively(client.resolve("node_modules"));
    }

    /** Has npm install what is needed to make the types. */
    NpmPackage withCompiler() throws IOException, InterruptedException {
        Program.require(npm(client, "install", "--prefer-offline", "--ignore-scripts"), "the compiler for TypeScript");
        return this;
    }

    Path compiler() {
        return client.resolve("node_modules/.bin/tsc");
    }

    /** True if a script of the package succeeds. */
    boolean run(String script) throws IOException, InterruptedException {
        return npm(client, "run", script);
    }

    /** Makes the package as for a release, or without the types. */
    Path pack(boolean types) throws IOException, InterruptedException {
        assertThat(npm(client, "pack", "--ignore-scripts=" + !types))
                .as("npm pack")
                .isTrue();
        try (Stream<Path> files = Files.list(client)) {
            return files.filter(file -> file.toString().endsWith(".tgz"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Makes {@code folder} a project that has the package and nothing else; without a network. */
    static void install(Path archive, Path folder) throws IOException, InterruptedException {
        FileSystemUtils.deleteRecursively(folder.resolve("node_modules"));
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("package.json"), "{\"private\":true,\"type\":\"module\"}");
        assertThat(npm(folder, "install", "--offline", archive.toString()))
                .as("npm install")
                .isTrue();
    }

    private static boolean npm(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("npm"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"));
        return ClientPrograms.run(new ProcessBuilder(command).directory(folder.toFile()));
    }
}
