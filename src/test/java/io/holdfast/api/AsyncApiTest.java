// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api;

import static io.holdfast.api.Likeness.assertLike;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.holdfast.access.TestTokens;
import io.holdfast.connection.CloseReason;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import io.holdfast.websocket.WebSocketRoute;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every example in asyncapi.json is sent to the service, or is sent by it, on every channel that has it. */
@HoldfastTest
@TestPropertySource(
        properties = {
            "holdfast.node=web-1",
            "holdfast.access.local=true",
            "holdfast.access.secret=" + TestTokens.SECRET,
            // A token of an hour expires soon.
            "holdfast.access.warning=1h",
            "holdfast.tcp.listeners.beats.port=0",
            "holdfast.tcp.listeners.beats.protocol=lines",
            "holdfast.tcp.listeners.beats.fault.heartbeat=data",
            "holdfast.tcp.listeners.beats.fault.heartbeat-interval=100ms",
            "holdfast.tcp.listeners.pings.port=0",
            "holdfast.tcp.listeners.pings.protocol=lines",
            "holdfast.tcp.listeners.pings.fault.heartbeat=ping",
            "holdfast.tcp.listeners.pings.fault.heartbeat-interval=100ms"
        })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AsyncApiTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Commands that need another one before them. */
    private static final Map<String, String> BEFORE =
            Map.of("unsubscribe", "{\"type\":\"subscribe\",\"channel\":\"news\"}");

    @Autowired
    Ports ports;

    @Autowired
    List<WebSocketRoute> routes;

    private ApiDocuments documents;
    private RunningService service;

    @BeforeAll
    void open() throws IOException, InterruptedException {
        documents = ApiDocuments.of(ports.http());
        service = new RunningService(ports);
    }

    @AfterAll
    void close() throws IOException {
        service.close();
    }

    /** A message of a channel. */
    private record Message(String name, JsonNode definition) {

        JsonNode schema() {
            return definition.get("payload");
        }

        List<JsonNode> examples() {
            return definition.path("examples").valueStream().toList();
        }

        /** What is sent by this name; null for nothing. */
        @Nullable
        JsonNode example(String wanted) {
            return examples().stream()
                    .filter(example -> example.get("name").asString().equals(wanted))
                    .map(example -> example.get("payload"))
                    .findFirst()
                    .orElse(null);
        }

        boolean isBytes() {
            return definition.path("contentType").asString("").equals("application/octet-stream");
        }
    }

    private List<Message> messages(JsonNode references) {
        return references
                .valueStream()
                .map(reference -> {
                    String path = reference.get("$ref").asString();
                    return new Message(path.substring(path.lastIndexOf('/') + 1), documents.resolve(reference));
                })
                .toList();
    }

    private static String name(JsonNode operation) {
        String path = operation.at("/channel/$ref").asString();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @TestFactory
    Stream<DynamicTest> everyExample() {
        List<DynamicTest> tests = documents
                .asyncApi()
                .get("operations")
                .propertyStream()
                .flatMap(entry -> tests(entry.getKey(), entry.getValue()))
                .toList();
        assertThat(tests).hasSizeGreaterThan(50);
        return tests.stream();
    }

    private Stream<DynamicTest> tests(String name, JsonNode operation) {
        boolean isCommand = operation.get("action").asString().equals("receive");
        return messages(operation.get("messages")).stream()
                .flatMap(message -> message.examples().stream()
                        .map(example -> DynamicTest.dynamicTest(
                                name + " " + message.name() + " "
                                        + example.get("name").asString(),
                                () -> {
                                    if (isCommand) {
                                        ask(operation, message, example);
                                    } else {
                                        observe(operation, message, example.get("payload"));
                                    }
                                })));
    }

    /** Sends a message, and compares the answer with the example that has the same name. */
    private void ask(JsonNode operation, Message message, JsonNode example) throws IOException {
        String name = example.get("name").asString();
        List<Message> answers = messages(operation.at("/reply/messages")).stream()
                .filter(answer -> answer.example(name) != null)
                .toList();
        assertThat(answers).as("answers with an example of this name").isNotEmpty();
        Message answer = answers.contains(message) ? message : answers.getFirst();
        if (!answer.name().equals("error")) {
            documents.assertValid(example.get("payload"), message.schema(), name);
        }
        try (ApiTalk talk = open(operation, false)) {
            if (BEFORE.containsKey(name)) {
                talk.say(JSON.readTree(BEFORE.get(name)), false);
                hearType(talk, "subscribed");
            }
            talk.say(filledIn(example.get("payload")), message.isBytes());
            hear(talk, answer, Objects.requireNonNull(answer.example(name)));
        }
    }

    /** Hears what the service sends of its own accord, when it has a reason to. */
    private void observe(JsonNode operation, Message event, JsonNode example) throws IOException, InterruptedException {
        documents.assertValid(example, event.schema(), event.name());
        if (event.name().equals("gap")) {
            observeGap(event, example);
            return;
        }
        if (event.name().equals("linePing")) {
            observePings(operation, event, example);
            return;
        }
        try (ApiTalk talk = open(operation, event.name().equals("heartbeat"))) {
            switch (event.name()) {
                case "welcome", "heartbeat" -> {}
                case "message" -> talk.say(subscribe("k3f9:41"), false);
                case "expiring" -> talk.say(authenticate(service.alice()), false);
                case "denied" -> {
                    talk.say(authenticate(service.alice()), false);
                    talk.say(subscribe("k3f9:42"), false);
                    talk.say(authenticate(TestTokens.of("alice", "nothing")), false);
                }
                case "goodbye" -> {
                    String id = JSON.readTree(talk.hear()).get("connection").asString();
                    PlainRequest.send(ports.http(), "DELETE", "/actuator/connections/" + id);
                }
                default -> fail("nothing here makes the service send " + event.name());
            }
            hear(talk, event, example);
        }
    }

    /** Messages that are lost while a subscriber is connected are rare. One that comes too late is told with the same event. */
    private void observeGap(Message event, JsonNode example) throws IOException, InterruptedException {
        try (InputStream stream = service.send(
                        "GET", "/channels/news?from=old:7", Map.of("Accept", "text/event-stream"), null)
                .body()) {
            String gap = RunningService.read(stream, "\n\n", 2).get(1);
            JsonNode data = JSON.readTree(gap.substring(gap.indexOf("data: ") + "data: ".length()));
            documents.assertValid(data, event.schema(), event.name());
            assertLike(data, example, false, event.name());
        }
    }

    private void observePings(JsonNode operation, Message ping, JsonNode example) throws IOException {
        Message pong = messages(operation.at("/reply/messages")).getFirst();
        try (TestSocket wire = TestSocket.connect(ports.tcp("pings"))) {
            wire.readUntil("\n");
            for (int i = 0; i < 3; i++) {
                JsonNode heard = JSON.readTree(wire.readUntil("\n"));
                documents.assertValid(heard, ping.schema(), ping.name());
                assertLike(heard, example, true, ping.name());
                wire.send(pong.examples().getFirst().get("payload") + "\n");
            }
        }
    }

    private ApiTalk open(JsonNode operation, boolean heartbeats) throws IOException {
        return ApiTalk.open(name(operation), documents.resolve(operation.get("channel")), ports, heartbeats);
    }

    /** The next message of the kind: others may come before it. */
    private void hear(ApiTalk talk, Message message, JsonNode example) throws IOException {
        boolean isError = example.path("type").asString("").equals("error");
        // Errors name examples of their own.
        JsonNode like = isError ? example : filledIn(example);
        if (!like.isObject()) {
            assertThat(talk.hear()).isEqualTo(ApiTalk.text(like));
            return;
        }
        JsonNode heard = JSON.readTree(talk.hear());
        while (!documents.isValid(heard, message.schema())
                || !isSame(heard, like, "type")
                || !isSame(heard, like, "id")) {
            assertThat(heard.path("type").asString(""))
                    .as(heard + " in the place of " + like)
                    .isIn("welcome", "subscribed", "authenticated", "expiring", "message", "heartbeat");
            heard = JSON.readTree(talk.hear());
        }
        assertLike(heard, like, isError, message.name());
    }

    private static void hearType(ApiTalk talk, String type) throws IOException {
        JsonNode heard;
        do {
            heard = JSON.readTree(talk.hear());
        } while (!heard.path("type").asString("").equals(type));
    }

    private static boolean isSame(JsonNode one, JsonNode other, String field) {
        return one.path(field).equals(other.path(field));
    }

    private JsonNode filledIn(JsonNode example) {
        return JSON.readTree(service.filledIn(example.toString(), "c-web-1-2f"));
    }

    private JsonNode subscribe(String from) {
        return filledIn(command("subscribe").put("channel", "news").put("from", from));
    }

    private static JsonNode authenticate(String token) {
        return command("authenticate").put("token", token);
    }

    private static ObjectNode command(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    @Test
    void everyWebSocketAndListenerIsAChannel() {
        Set<String> addresses = new TreeSet<>();
        Set<String> servers = new TreeSet<>();
        documents.asyncApi().get("channels").forEach(channel -> {
            if (channel.get("address").isNull()) {
                String server = channel.at("/servers/0/$ref").asString();
                servers.add(server.substring(server.lastIndexOf('/') + 1));
            } else {
                addresses.add(channel.get("address").asString());
            }
        });

        assertThat(addresses)
                .isEqualTo(routes.stream().map(WebSocketRoute::path).collect(Collectors.toCollection(TreeSet::new)));
        assertThat(servers).containsExactly("echo", "lines");
    }

    @Test
    void everyMessageBelongsToAnOperation() {
        Set<String> used = new TreeSet<>();
        documents
                .asyncApi()
                .get("operations")
                .forEach(operation -> Stream.of("/messages", "/reply/messages")
                        .flatMap(part -> messages(operation.at(part)).stream())
                        .forEach(message -> used.add(message.name())));

        assertThat(used)
                .isEqualTo(new TreeSet<>(
                        documents.asyncApi().at("/components/messages").propertyNames()));
    }

    /** The service names all parameters of a handshake when it refuses an unknown one. */
    @Test
    void theParametersOfHandshakesAreThoseThatTheServiceTakes() throws IOException {
        Set<String> documented = new LinkedHashSet<>(documents
                .asyncApi()
                .at("/components/channelBindings/handshake/ws/query/properties")
                .propertyNames());
        for (WebSocketRoute route : routes) {
            try (TestSocket wire = ports.connect()) {
                wire.send(RawWebSocket.handshake(route.path() + "?no-such=1"));
                String valid = PlainRequest.read(wire).json().get("valid").asString();

                assertThat(documented).as(route.path()).containsExactlyInAnyOrder(valid.split(", | and ", -1));
            }
        }
    }

    @Test
    void codesAreThoseOfTheServiceAndOfTheDocumentation() throws IOException {
        assertThat(codes("Goodbye"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(CloseReason.values())
                        .map(CloseReason::tag)
                        .toList());

        String errors = Files.readString(Path.of("src/docs/channels.md")).split("## Errors", -1)[1];
        Set<String> documented = Pattern.compile("(?m)^\\| (`[^|]*) \\|")
                .matcher(errors)
                .results()
                .flatMap(row ->
                        Pattern.compile("`([a-z-]+)`").matcher(row.group(1)).results())
                .map((MatchResult code) -> code.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(codes("Error")).containsExactlyInAnyOrderElementsOf(documented);
    }

    private List<String> codes(String event) {
        return documents
                .asyncApi()
                .at("/components/schemas/" + event + "/properties/code/enum")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }
}
