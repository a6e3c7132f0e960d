// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** asyncapi.json has every command that the service reads, and every event that it writes. */
class AsyncApiMessagesTest {

    private static final Path DOCUMENT = Path.of("frontend/asyncapi.json");
    private static final Path SOURCES = Path.of("src/main/java/io/holdfast");
    private static final Pattern TYPE =
            Pattern.compile("\\{\\\\\"type\\\\\":\\\\\"([a-z]+)\\\\\"|put\\(\"type\", \"([a-z]+)\"\\)");

    /** The rooms of the service. {@code probe} is its client. */
    private static final Pattern ROOM = Pattern.compile(".*/(session|delivery|websocket|tcp|http|fault)/.*\\.java");

    private static Set<String> documented() throws IOException {
        JsonNode document = JsonMapper.shared().readTree(Files.readString(DOCUMENT));
        return document.at("/components/schemas")
                .valueStream()
                .map(schema -> schema.at("/properties/type/const").asString(""))
                .filter(type -> !type.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyCommandIsInTheDocument() throws IOException {
        Set<String> commands = Arrays.stream(Command.class.getPermittedSubclasses())
                .filter(command -> command != Command.Bad.class)
                .map(command -> command.getSimpleName().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(commands).contains("subscribe", "pong");
        assertThat(documented()).containsAll(commands);
    }

    @Test
    void theTypesInTheDocumentAreThoseInTheSources() throws IOException {
        Set<String> written = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(path -> ROOM.matcher(path.toString()).matches())
                    .toList()) {
                TYPE.matcher(Files.readString(file))
                        .results()
                        .forEach(type -> written.add(type.group(1) == null ? type.group(2) : type.group(1)));
            }
        }
        Arrays.stream(Command.class.getPermittedSubclasses())
                .filter(command -> command != Command.Bad.class)
                .forEach(command -> written.add(command.getSimpleName().toLowerCase(Locale.ROOT)));

        assertThat(documented()).isEqualTo(written);
    }
}
