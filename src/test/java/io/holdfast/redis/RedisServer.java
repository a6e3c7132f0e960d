// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.holdfast.support.FreePort;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** A Redis of this machine's, on a free port. Killed at the end, even if it is stopped or the test failed. */
public final class RedisServer implements AutoCloseable {

    private static final String ADDRESS = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Above it a node of a cluster has its port for the others. */
    private static final int BUS = 10_000;

    private final int port;
    private final Path home;
    private final List<String> command;
    private @Nullable Process process;

    /** @param command but for the port, the address and the directory */
    private RedisServer(int port, Path home, List<String> command) {
        this.port = port;
        this.home = home;
        this.command = command;
        // One that is stopped by a signal would outlive a test run that is ended by one.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::kill));
    }

    /**
     * Skips the test where there is no Redis.
     *
     * @param settings as on its command line
     */
    public static RedisServer start(String... settings) {
        RedisServer server = away(settings);
        server.startAgain();
        return server;
    }

    /** One that has a port, but is not there yet. */
    public static RedisServer away(String... settings) {
        program("redis-cli");
        List<String> command = new ArrayList<>(List.of(program("redis-server"), "--save", ""));
        command.addAll(List.of(settings));
        return new RedisServer(freePort(), home(), command);
    }

    /** A Sentinel that alone promotes a replica when the server is down for a second. */
    public static RedisServer sentinel(String name, RedisServer watched) {
        Path home = home();
        Path file = home.resolve("sentinel.conf");
        String lines = """
                sentinel monitor %1$s %2$s %3$d 1
                sentinel down-after-milliseconds %1$s 1000
                sentinel failover-timeout %1$s 5000
                """.formatted(name, ADDRESS, watched.port());
        try {
            Files.writeString(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        RedisServer sentinel =
                new RedisServer(freePort(), home, List.of(program("redis-server"), file.toString(), "--sentinel"));
        sentinel.startAgain();
        return sentinel;
    }

    private static Path home() {
        try {
            return Files.createTempDirectory("redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        int port = FreePort.any();
        while (!FreePort.isFree(port + BUS)) {
            port = FreePort.any();
        }
        return port;
    }

    /** Starts it, with what it had stored if it stores anything. */
    public void startAgain() {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of("--port", String.valueOf(port), "--bind", ADDRESS, "--dir", home.toString()));
        try {
            process = new ProcessBuilder(whole)
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(PATIENCE).until(() -> cli("ping").equals("PONG"));
    }

    public int port() {
        return port;
    }

    /** Where Spring finds it. */
    public String setting() {
        return "spring.data.redis.url=redis://" + ADDRESS + ":" + port;
    }

    /** What {@code redis-cli} prints. */
    public String cli(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program("redis-cli"), "-p", String.valueOf(port)));
        command.addAll(List.of(arguments));
        return run(command);
    }

    static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return output.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops the process: the kernel accepts bytes for it, and no answer comes. */
    public void hang() {
        signal("STOP");
    }

    public void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        run(List.of(
                "kill",
                "-" + name,
                String.valueOf(Objects.requireNonNull(process).pid())));
    }

    /** Ends it without a warning. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            try {
                running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            process = null;
        }
    }

    @Override
    public void close() {
        kill();
        FileSystemUtils.deleteRecursively(home.toFile());
    }

    static String program(String name) {
        return Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseGet(() -> {
                    String missing = "There is no " + name + " on the PATH, and channels in Redis are tested with it.";
                    if ("true".equals(System.getenv("HOLDFAST_REQUIRE_ALL"))) {
                        return fail(missing);
                    }
                    // The report has no line for a class that is skipped before its first test.
                    System.err.println("Skipped: " + missing);
                    return abort(missing);
                });
    }
}
