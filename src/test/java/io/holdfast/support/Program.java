// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the machine that a test talks to; ended when it is closed. A test whose program is missing is skipped. */
public final class Program implements Closeable {

    /** Then one that was told to end is killed: Apache sometimes goes on. */
    private static final long END_SECONDS = 5;

    private final Process process;

    private Program(Process process) {
        this.process = process;
    }

    public static Program start(String... command) throws IOException {
        requireOnPath(command[0]);
        return new Program(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Starts a class with a main method, with the classes of the tests. */
    public static Program startJava(Class<?> main, String... arguments) throws IOException {
        Stream<String> command = Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseCompactObjectHeaders",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName());
        return start(Stream.concat(command, Stream.of(arguments)).toArray(String[]::new));
    }

    /** Skips the test if the machine lacks the program, or fails it if nothing may be missing. */
    public static void requireOnPath(String program) {
        require(isOnPath(program), program);
    }

    /** True if the machine has the program, which may be a path itself. */
    public static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    }

    /** As {@link #requireOnPath}, for anything else that a test needs. */
    public static void require(boolean there, String what) {
        if ("true".equals(System.getenv("HOLDFAST_REQUIRE_ALL"))) {
            assertThat(there).as(what + " is installed").isTrue();
        }
        assumeTrue(there, what + " is not installed");
    }

    /** Ends it if it still runs after this time, and so its output. */
    public Program limitedTo(Duration limit) {
        process.onExit().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).exceptionallyAsync(late -> {
            close();
            return process;
        });
        return this;
    }

    /** What it says, as it says it. */
    public BufferedReader output() {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    public void say(String text) throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append(text).flush();
    }

    /** Waits for its end. */
    public int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, END_SECONDS, TimeUnit.SECONDS)
                .join();
        all.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }
}
