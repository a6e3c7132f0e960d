// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import io.holdfast.HoldfastApplication;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Has a process of the service start in half the time, with a quarter of the work: its classes are in one jar, and a class data
 * archive has them as the JVM needs them. It is made once for all tests of a build.
 */
final class StartArchive {

    private static final String READY = "Limits:";

    private final Path folder;
    private final List<String> java;
    private final String classPath;

    private StartArchive(List<String> java, List<String> classPath) throws IOException {
        this.java = java;
        // Archives are for classes in jars.
        Path classes = Path.of(classPath.getFirst());
        boolean isFolder = Files.isDirectory(classes);
        long state = isFolder ? state(classes) : 0;
        folder = Files.createDirectories(
                TestFolder.shared("start").resolve(Integer.toHexString(Objects.hash(java, classPath, state))));
        List<String> jars = new ArrayList<>(classPath);
        if (isFolder) {
            jars.set(0, jar().toString());
        }
        this.classPath = String.join(File.pathSeparator, jars);
        try (FileChannel lock =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock();
            if (!Files.exists(archive())) {
                if (isFolder) {
                    pack(classes);
                }
                record();
            }
        }
    }

    /**
     * The command that starts the service, without its arguments. The archive's lock is for other processes only, so this is
     * synchronized.
     *
     * @param java the program, and options that the archive depends on
     * @param options others
     * @param classPath the service's classes first
     */
    static synchronized List<String> command(List<String> java, List<String> options, List<String> classPath) {
        try {
            StartArchive archive = new StartArchive(java, classPath);
            List<String> command = new ArrayList<>(java);
            command.add("-XX:SharedArchiveFile=" + archive.archive());
            command.addAll(options);
            command.addAll(archive.main());
            return command;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes with the files. */
    private static long state(Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            return files.mapToLong(file -> file.toFile().lastModified() + file.hashCode())
                    .sum();
        }
    }

    private Path jar() {
        return folder.resolve("classes.jar");
    }

    private Path archive() {
        return folder.resolve("start.jsa");
    }

    private List<String> main() {
        return List.of("-cp", classPath, HoldfastApplication.class.getName());
    }

    private void pack(Path classes) {
        int status = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "--create",
                        "--no-compress",
                        "--file",
                        jar().toString(),
                        "-C",
                        classes.toString(),
                        ".");
        if (status != 0) {
            throw new IllegalStateException("jar: " + status);
        }
    }

    /** Starts the service once. */
    private void record() throws IOException {
        List<String> command = new ArrayList<>(java);
        command.add("-XX:ArchiveClassesAtExit=" + archive());
        command.addAll(main());
        command.addAll(ServiceProcess.FREE_PORTS);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> log = new ArrayList<>();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.add(line);
                if (line.contains(READY)) {
                    process.toHandle().destroy();
                }
            }
        } finally {
            process.destroyForcibly();
        }
        if (!Files.exists(archive())) {
            throw new IllegalStateException("There is no archive: " + String.join("\n", log));
        }
    }
}
