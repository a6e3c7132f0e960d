// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api;

import static io.holdfast.api.Likeness.assertLike;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.access.TestTokens;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every example in openapi.json is sent to the service, and its answer is what the document says. */
@HoldfastTest
@TestPropertySource(
        properties = {
            "holdfast.node=web-1",
            "holdfast.heartbeat.interval=25s",
            "holdfast.access.local=true",
            "holdfast.access.secret=" + TestTokens.SECRET
        })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {

    private static final Pattern UNKNOWN = Pattern.compile("Parameter 'no-such' can't be used\\. Valid: (.*)\\.");
    private static final JsonMapper JSON = JsonMapper.shared();

    @Autowired
    Ports ports;

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

    @TestFactory
    Stream<DynamicTest> everyExample() {
        List<OpenApiExample> examples = OpenApiExample.of(documents);
        assertThat(examples).hasSizeGreaterThan(60);
        return examples.stream().map(example -> DynamicTest.dynamicTest(example.id(), () -> run(example)));
    }

    private void run(OpenApiExample example) throws IOException, InterruptedException {
        example.assertValidRequest();
        String request = example.target() + example.body() + example.answer();
        if (!RunningService.namesAConnection(request)) {
            run(example, "");
            return;
        }
        try (InputStream stream = service.openStream()) {
            String welcome = RunningService.read(stream, "\n\n", 1).getFirst();
            Matcher id = Pattern.compile("c-web-1-\\w+").matcher(welcome);
            assertThat(id.find()).as(welcome).isTrue();
            run(example, id.group());
        }
    }

    private void run(OpenApiExample example, String connection) throws IOException, InterruptedException {
        Map<String, String> headers = new HashMap<>();
        example.headers().forEach((name, value) -> headers.put(name, service.filledIn(value, connection)));
        switch (example.status()) {
            case 401 -> headers.put("Authorization", "Bearer no-token");
            case 403 -> headers.put("Authorization", "Bearer " + TestTokens.of("bob", "nothing"));
            default -> {
                if (!example.isOpen()) {
                    headers.put("Authorization", "Bearer " + service.alice());
                }
            }
        }
        String body = example.body();
        HttpResponse<InputStream> answer = service.send(
                example.method().toUpperCase(Locale.ROOT),
                service.filledIn(example.target().replace("%3A", ":"), connection),
                headers,
                body == null ? null : service.filledIn(body, connection).getBytes(StandardCharsets.UTF_8));
        try (InputStream content = answer.body()) {
            if (answer.statusCode() != example.status()) {
                assertThat(answer.statusCode())
                        .as(example.id() + ": " + new String(content.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo(example.status());
            }
            assertThat(MediaType.parseMediaType(example.mediaType())
                            .includes(MediaType.parseMediaType(
                                    answer.headers().firstValue("Content-Type").orElse("none/none"))))
                    .as(example.id() + ": " + answer.headers())
                    .isTrue();
            check(example, content, connection);
        }
    }

    private void check(OpenApiExample example, InputStream content, String connection) throws IOException {
        JsonNode answer = example.answer();
        switch (example.mediaType()) {
            case "text/event-stream" -> checkEvents(example, content);
            case "application/x-ndjson" -> checkLines(example, content);
            case "text/plain", "*/*" ->
                assertThat(new String(content.readAllBytes(), StandardCharsets.UTF_8))
                        .as(example.id())
                        .contains(answer.asString());
            default -> {
                JsonNode actual = JSON.readTree(content);
                documents.assertValid(actual, example.content().get("schema"), example.id());
                documents.assertValid(answer, example.content().get("schema"), example.id() + ", as documented");
                // Errors name examples of their own.
                boolean isError = example.mediaType().startsWith("application/problem");
                assertLike(
                        actual,
                        isError ? answer : JSON.readTree(service.filledIn(answer.toString(), connection)),
                        isError,
                        example.id());
            }
        }
    }

    /** An event of an event stream: its fields by name. */
    private static Map<String, String> fields(String event) {
        return event.lines()
                .map(line -> line.split(": ", 2))
                .filter(parts -> parts.length == 2 && !parts[0].isEmpty())
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    private void checkEvents(OpenApiExample example, InputStream content) throws IOException {
        List<String> expected = List.of(example.answer().asString().split("\n\n"));
        List<String> actual = RunningService.read(content, "\n\n", expected.size());
        assertThat(actual).as(example.id()).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            Map<String, String> event = fields(actual.get(i));
            Map<String, String> like = fields(expected.get(i));
            assertThat(event.keySet()).as(example.id() + ": " + event).isEqualTo(like.keySet());
            String type = event.getOrDefault("event", "message");
            assertThat(type).isEqualTo(like.getOrDefault("event", "message"));
            assertThat(event.get("retry")).isEqualTo(like.get("retry"));
            if (event.containsKey("data")) {
                JsonNode data = JSON.readTree(event.get("data"));
                assertLike(data, JSON.readTree(like.get("data")), false, example.id());
                JsonNode schema = example.content().get("x-events").path(type);
                if (!schema.isMissingNode()) {
                    documents.assertValid(data, schema, example.id());
                }
            }
        }
    }

    private void checkLines(OpenApiExample example, InputStream content) throws IOException {
        List<String> expected = example.answer().asString().lines().toList();
        List<String> actual = RunningService.read(content, "\n", expected.size());
        assertThat(actual).as(example.id()).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            JsonNode line = JSON.readTree(actual.get(i));
            documents.assertValid(line, example.content().get("x-itemSchema"), example.id());
            assertLike(line, JSON.readTree(expected.get(i)), false, example.id());
        }
    }

    /** An example of a parameter or a body that belongs to no answer would never be run. */
    @Test
    void everyExampleOfARequestHasAnAnswer() {
        List<OpenApiExample> examples = OpenApiExample.of(documents);
        Map<String, Set<String>> answered = examples.stream()
                .collect(Collectors.groupingBy(
                        example -> example.operation().get("operationId").asString(),
                        Collectors.mapping(OpenApiExample::name, Collectors.toSet())));
        Set<String> all = examples.stream().map(OpenApiExample::name).collect(Collectors.toSet());
        documents
                .openApi()
                .at("/components/parameters")
                .forEach(parameter ->
                        assertThat(all).as(parameter.get("name").asString()).containsAll(namesOfExamples(parameter)));
        documents
                .openApi()
                .get("paths")
                .forEach(item -> item.valueStream()
                        .filter(operation -> operation.has("operationId"))
                        .forEach(operation -> {
                            String id = operation.get("operationId").asString();
                            assertThat(answered).containsKey(id);
                            Stream.concat(
                                            operation
                                                    .path("parameters")
                                                    .valueStream()
                                                    .filter(parameter -> !parameter.has("$ref")),
                                            operation.at("/requestBody/content").valueStream())
                                    .forEach(part -> assertThat(answered.get(id))
                                            .as(id)
                                            .containsAll(part.path("examples").propertyNames()));
                        }));
    }

    /** Without the first one of a required parameter, which all examples have that have none of their own. */
    private static List<String> namesOfExamples(JsonNode parameter) {
        return parameter.path("examples").propertyNames().stream()
                .skip(parameter.path("required").asBoolean(false) ? 1 : 0)
                .toList();
    }

    /** The service names all parameters of an operation when it refuses an unknown one. */
    @Test
    void theParametersAreThoseThatTheServiceTakes() throws IOException {
        Set<String> compared = new TreeSet<>();
        for (OpenApiExample example : OpenApiExample.of(documents)) {
            if (!example.isOpen()) {
                continue;
            }
            String path = example.path().replaceAll("\\{\\w+}", "news") + "?no-such=1";
            PlainRequest.Answer answer =
                    PlainRequest.send(ports.http(), example.method().toUpperCase(Locale.ROOT), path);
            Matcher valid = UNKNOWN.matcher(
                    answer.status() == 400 ? answer.json().path("detail").asString("") : "");
            if (valid.matches()) {
                compared.add(example.operation().get("operationId").asString());
                assertThat(parameters(example)).as(example.id()).isEqualTo(names(valid.group(1)));
            }
        }

        assertThat(compared)
                .contains(
                        "echo",
                        "inspect",
                        "listChannels",
                        "listConnections",
                        "poll",
                        "publish",
                        "stream",
                        "subscribe",
                        "whoAmI");
    }

    private static Set<String> names(String list) {
        return list.equals("none")
                ? Set.of()
                : Arrays.stream(list.split(", | and ")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of the query; a ticket is one, as a way to show who the client is. */
    private static Set<String> parameters(OpenApiExample example) {
        List<String> names = new ArrayList<>();
        for (JsonNode parameter : example.parameters()) {
            if (parameter.get("in").asString().equals("query")) {
                names.add(parameter.get("name").asString());
            }
        }
        if (example.operation().get("security").valueStream().anyMatch(way -> way.has("ticket"))) {
            names.add("ticket");
        }
        return new TreeSet<>(names);
    }

    @Test
    void bothDocumentsHaveTheVersionOfTheService() throws IOException {
        Matcher version = Pattern.compile("<artifactId>holdfast</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();

        assertThat(documents.openApi().at("/info/version").asString()).isEqualTo(version.group(1));
        assertThat(documents.asyncApi().at("/info/version").asString()).isEqualTo(version.group(1));
    }
}
