// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.DocumentedCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every request with curl in the documentation is for an operation of openapi.json, whose examples {@link OpenApiTest} sends. */
class RequestExamplesTest {

    private static final Pattern REQUEST =
            Pattern.compile("curl (?<options>.*?)'?localhost:8080(?<path>/[^\\s'?]*)(?<rest>.*)");
    private static final Pattern METHOD = Pattern.compile("-X (\\w+)");
    private static final Pattern BODY = Pattern.compile("(?:^| )(?:-d|--data\\S*) ");

    static Stream<String> requests() {
        return DocumentedCommands.of("curl").stream();
    }

    @Test
    void allAreFound() {
        assertThat(requests()).hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void requestIsOneOfTheDocument(String line) throws IOException {
        Matcher request = REQUEST.matcher(line);
        assertThat(request.find()).isTrue();
        String options = request.group("options") + " " + request.group("rest") + " ";
        Matcher given = METHOD.matcher(options);
        String method = given.find() ? given.group(1) : BODY.matcher(options).find() ? "POST" : "GET";

        assertThat(operations())
                .anyMatch(operation -> Pattern.matches(operation, method + " " + request.group("path")));
    }

    /** As patterns: each parameter of a path stands for any element. */
    private static Set<String> operations() throws IOException {
        JsonNode document = JsonMapper.shared().readTree(Files.readString(Path.of("frontend/openapi.json")));
        Set<String> operations = new TreeSet<>();
        document.get("paths")
                .forEachEntry((path, item) -> item.propertyNames()
                        .forEach(name -> operations.add(
                                name.toUpperCase(Locale.ROOT) + " " + path.replaceAll("\\{\\w+}", "[^/]+"))));
        return operations;
    }
}
