// SPDX-License-Identifier: Apache-2.0
package io.holdfast.clients;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Program;
import io.holdfast.support.Relay;
import io.holdfast.support.ServiceProcess;
import io.holdfast.support.TestFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The programs in {@code src/docs/examples}, which all do the same, over connections that do not last. */
class ExamplesTest {

    private static final Path SOURCES = Path.of("src/docs/examples");
    private static final Path HOME = TestFolder.own("examples");

    /** From the start of a program to its end. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final int FLOW = 100;
    private static final int BETWEEN_CUTS = 25;

    /** How each is started, once it was prepared. */
    private static final Map<String, List<String>> COMMANDS = new HashMap<>();

    @AutoClose
    private static ServiceProcess service;

    @BeforeAll
    static void start() throws Exception {
        service = ServiceProcess.start(
                "--holdfast.heartbeat.interval=500ms", "--management.endpoint.connections.access=unrestricted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.go", "example.py", "Example.java", "example.mjs", "curl.sh", "nc.sh"})
    void subscriberGetsEveryMessageOnceAndInOrderWhateverHappensToItsConnection(String example) throws Exception {
        List<String> command = command(example);
        String channel = "subscribe-" + example;
        String last;
        try (Outages way = new Outages(port(example));
                ChannelPublisher publisher = publisher();
                Program program = start(command, "subscribe", way.port(), channel)) {
            Subscriber subscriber = new Subscriber(program.output());
            awaitSubscribers(channel, 1);
            // It knows a position only once it has read something.
            publish(publisher, channel, 0, 0);
            subscriber.awaitMessages(0, 0);

            way.down();
            awaitSubscribers(channel, 0);
            publish(publisher, channel, 1, 1);
            way.up();
            subscriber.awaitMessages(1, 1);

            way.down();
            awaitSubscribers(channel, 0);
            publish(publisher, channel, 2, 4);
            way.up();
            subscriber.awaitMessages(2, 4);

            int next = 5;
            for (; next < FLOW; next += BETWEEN_CUTS) {
                publish(publisher, channel, next, next + BETWEEN_CUTS - 1);
                subscriber.awaitMessages(next, next + 2);
                way.cut();
                subscriber.awaitMessages(next + 3, next + BETWEEN_CUTS - 1);
            }

            awaitSubscribers(channel, 1);
            way.silence();
            publish(publisher, channel, next, next);
            last = subscriber.awaitMessages(next, next);

            kickAll();
            assertThat(subscriber.next()).as("after the kick of an operator").isNull();
            assertThat(program.exitCode()).isNotZero();
        }

        try (ChannelPublisher publisher = publisher();
                Program again = start(command, "subscribe", port(example), channel, position(channel))) {
            assertThat(last).isEqualTo(position(channel));
            Subscriber subscriber = new Subscriber(again.output());
            publish(publisher, channel, 1000, 1001);
            subscriber.awaitMessages(1000, 1001);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.go", "example.py", "Example.java", "example.mjs", "curl.sh", "nc.sh"})
    void publisherWhoseAnswerIsLostPublishesOnce(String example) throws Exception {
        String channel = "publish-" + example;
        AtomicInteger answers = new AtomicInteger();
        Relay.Filter losesTheFirst = new Relay.Filter() {
            @Override
            public boolean answer(byte[] bytes, int length) throws IOException {
                String answer = new String(bytes, 0, length, StandardCharsets.UTF_8);
                if (answer.contains("\"position\":") && answers.getAndIncrement() == 0) {
                    throw new IOException("It is lost.");
                }
                return true;
            }
        };
        try (Relay way = new Relay(port(example), passage -> losesTheFirst);
                Program program = start(command(example), "publish", way.port(), channel, "{\"n\":1}")) {
            assertThat(program.output().readLine()).isEqualTo(position(channel));
            assertThat(program.exitCode()).isZero();
        }

        assertThat(answers).hasValue(2);
        assertThat(kept(channel))
                .singleElement()
                .satisfies(message -> assertThat(message.at("/data/n").asInt()).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.go", "example.py", "Example.java", "example.mjs", "curl.sh", "nc.sh"})
    void whatTheServiceRefusesIsNotRepeated(String example) throws Exception {
        try (Program program = start(command(example), "subscribe", port(example), "refused", "nonsense")) {
            assertThat(program.output().readLine()).isNull();
            assertThat(program.exitCode()).isOne();
        }
    }

    @Test
    void everyExampleIsInTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("src/docs/examples.md"));
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(page).contains("(examples/" + file.getFileName() + ")"));
        }
    }

    private static List<String> command(String example) throws IOException, InterruptedException {
        List<String> command = COMMANDS.get(example);
        if (command == null) {
            command = prepare(example);
            COMMANDS.put(example, command);
        }
        return command;
    }

    /** Copied to a folder of this test, where a connection counts as dead sooner. */
    private static List<String> prepare(String example) throws IOException, InterruptedException {
        Path file = Files.createDirectories(HOME).resolve(example);
        String source = Files.readString(SOURCES.resolve(example));
        String quick = source.replaceFirst("(?i)(silence ?= ?)60\\b", "$12");
        assertThat(quick.equals(source)).as("the package knows the heartbeat").isEqualTo(example.endsWith(".mjs"));
        Files.writeString(file, quick);
        return switch (example.substring(example.indexOf('.') + 1)) {
            case "go" -> List.of(ClientPrograms.go(file));
            case "py" -> List.of("python3", file.toString());
            case "java" -> ClientPrograms.java(file);
            case "mjs" -> {
                Program.requireOnPath("node");
                NpmPackage.install(new NpmPackage().pack(false), HOME);
                yield List.of("node", file.toString());
            }
            case "sh" -> {
                Program.requireOnPath(example.replace(".sh", ""));
                yield List.of("bash", file.toString());
            }
            default -> throw new IllegalArgumentException(example);
        };
    }

    private static Program start(List<String> command, String action, int port, String channel, String... more)
            throws IOException {
        List<String> whole = new ArrayList<>(command);
        boolean tcp = command.getLast().endsWith("nc.sh");
        whole.addAll(List.of(action, (tcp ? "" : "http://") + "127.0.0.1:" + port, channel));
        whole.addAll(List.of(more));
        return Program.start(whole.toArray(String[]::new)).limitedTo(LIMIT);
    }

    private static int port(String example) {
        return example.equals("nc.sh")
                ? service.ports().tcpLines()
                : service.ports().http();
    }

    private static ChannelPublisher publisher() throws IOException {
        return ChannelPublisher.open(ChannelPublisher.Way.HTTP, service.ports());
    }

    private static void publish(ChannelPublisher publisher, String channel, int first, int last) throws IOException {
        for (int n = first; n <= last; n++) {
            publisher.publish(channel, "{\"n\":" + n + "}");
        }
    }

    private static void awaitSubscribers(String channel, int subscribers) {
        await("subscribers")
                .atMost(LIMIT)
                .until(() -> channel(channel).path("subscribers").asInt(0) == subscribers);
    }

    private static JsonNode channel(String channel) throws IOException {
        return PlainRequest.get(service.http(), "/actuator/channels/" + channel).json();
    }

    private static String position(String channel) throws IOException {
        return channel(channel).get("position").asString();
    }

    private static List<JsonNode> kept(String channel) throws IOException {
        return PlainRequest.get(service.http(), "/channels/" + channel + "/messages?after=earliest")
                .json()
                .get("messages")
                .valueStream()
                .toList();
    }

    private static void kickAll() throws IOException {
        JsonNode list =
                PlainRequest.get(service.http(), "/actuator/connections").json();
        for (JsonNode row : list.get("connections")) {
            PlainRequest.send(
                    service.http(),
                    "DELETE",
                    "/actuator/connections/" + row.get("id").asString());
        }
    }

    /** Reads what an example prints: a position and JSON for each message. */
    private record Subscriber(BufferedReader output) {

        @Nullable
        String next() throws IOException {
            return output.readLine();
        }

        /** Returns the position of the last one. */
        String awaitMessages(int first, int last) throws IOException {
            String line = "";
            for (int n = first; n <= last; n++) {
                line = Objects.requireNonNull(next(), "it ended before message " + n);
                String data = line.substring(line.indexOf(' ') + 1);
                assertThat(PlainRequest.json(data).path("n").asInt()).as(line).isEqualTo(n);
            }
            return line.substring(0, line.indexOf(' '));
        }
    }
}
