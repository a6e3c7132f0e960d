package io.holdfast.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the machine that a test talks to; ended when it is closed. A test whose program is missing is skipped. */
public final class Program implements Closeable {

    /** For one that does not end when it is told to. */
    private static final long END_SECONDS = 5;

    private final Process process;

    private Program(Process process) {
        this.process = process;
    }

    public static Program start(String... command) throws IOException {
        boolean there = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command[0])));
        if ("true".equals(System.getenv("HOLDFAST_REQUIRE_ALL"))) {
            assertThat(there).as(command[0] + " is on the path").isTrue();
        }
        assumeTrue(there, command[0] + " is not on the path");
        return new Program(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** What it says, as it says it. */
    public BufferedReader output() {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    public void say(String text) throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append(text).flush();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, END_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
