// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Automatic checks of the documentation. */
class DocumentationTest {

    private static final Path README = Path.of("README.md");
    private static final Path PAGES = Path.of("src/docs");
    private static final Path METADATA = Path.of("target/classes/META-INF/spring-configuration-metadata.json");

    /** The settings that are maps, with the record of a value. */
    private static final Map<String, String> MAPS = Map.of(
            "holdfast.tcp.listeners", "io.holdfast.tcp.TcpProperties$Listener",
            "holdfast.access.keys", "io.holdfast.access.AccessProperties$Key",
            "holdfast.access.certificates", "io.holdfast.access.AccessProperties$Certificate",
            "holdfast.channels", "io.holdfast.access.ChannelAccessProperties$Group");

    private static final int LONGEST_README = 220;

    private static final String LISTENER = "holdfast.tcp.listeners.<name>.";

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern PROPERTY = Pattern.compile("`(holdfast\\.[a-z0-9.<>-]*[a-z0-9])`");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`holdfast[^|]*) \\| ([^|]*) \\|.*$");

    private static final Pattern START = Pattern.compile("java (?=[^\n`]*-jar )[^\n`]*");

    /** The measuring commands, and what prepares a start. */
    private static final Pattern NO_SERVICE = Pattern.compile(" (survive|compare|load) |jarmode|onRefresh");

    private static final Path ROOMS = Path.of("src/main/java/io/holdfast");
    private static final Pattern ROOM = Pattern.compile("(?m)^\\| `([a-z]+)` \\|.*\\| ([^|]*) \\|$");
    private static final Pattern ALLOWED = Pattern.compile("allowedDependencies = \\{([^}]*)\\}");
    private static final Pattern SOURCE = Pattern.compile(".*\\.(java|m?js|css|html|go|py|sh|lua|xml)");

    private static final Pattern WORD = Pattern.compile("[a-z]+");

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(PAGES)) {
            List<Path> pages =
                    new ArrayList<>(files.filter(file -> file.toString().endsWith(".md"))
                            .sorted()
                            .toList());
            pages.add(README);
            return pages;
        }
    }

    @Test
    void readmeIsShort() {
        assertThat(read(README).lines().count()).isLessThanOrEqualTo(LONGEST_README);
    }

    @Test
    void everyWayToStartTheServiceEndsItWhenItsMemoryRunsOut() throws IOException {
        List<String> starts = new ArrayList<>();
        for (Path page : pages()) {
            START.matcher(read(page))
                    .results()
                    .map(MatchResult::group)
                    .filter(command -> !NO_SERVICE.matcher(command).find())
                    .forEach(starts::add);
        }

        assertThat(starts).allSatisfy(command -> assertThat(command).contains(" -XX:+ExitOnOutOfMemoryError "));
        assertThat(read(Path.of("src/main/launcher/holdfast")))
                .containsPattern("FLAGS='[^']* -XX:\\+ExitOnOutOfMemoryError ");
        assertThat(read(Path.of("pom.xml"))).containsPattern("<jvmArguments>[^<]* -XX:\\+ExitOnOutOfMemoryError<");
    }

    @Test
    void noLinkIsBroken() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            LINK.matcher(withoutCode(read(page)))
                    .results()
                    .map(link -> link.group(1))
                    .filter(target -> !target.matches("https?://.*") && !leadsSomewhere(page, target))
                    .forEach(target -> broken.add(page + " -> " + target));
        }

        assertThat(broken).isEmpty();
    }

    @Test
    void everyPageIsLinked() throws IOException {
        String all = pages().stream().map(DocumentationTest::read).reduce("", String::concat);

        for (Path page : pages()) {
            assertThat(page.equals(README)
                            || all.contains(page.getFileName() + ")")
                            || all.contains(page.getFileName() + "#"))
                    .as("a link to " + page)
                    .isTrue();
        }
    }

    private static String withoutCode(String text) {
        return withoutExamples(text).replaceAll("`[^`\n]*`", "");
    }

    private static String withoutExamples(String text) {
        return text.replaceAll("(?s)```.*?```", "");
    }

    private static boolean leadsSomewhere(Path page, String target) {
        int hash = target.indexOf('#');
        String file = hash < 0 ? target : target.substring(0, hash);
        Path parent = page.getParent();
        Path found = file.isEmpty() ? page : parent == null ? Path.of(file) : parent.resolve(file);
        return Files.exists(found) && (hash < 0 || anchors(found).contains(target.substring(hash + 1)));
    }

    /** Anchors of headings, as the common renderers make them. */
    private static List<String> anchors(Path page) {
        return HEADING.matcher(withoutExamples(read(page)))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    @Test
    void configurationPageHasEveryPropertyAndNoOther() throws IOException {
        List<String> documented = PROPERTY.matcher(read(PAGES.resolve("configuration.md")))
                .results()
                .map(name -> name.group(1))
                .distinct()
                .toList();

        assertThat(documented).containsExactlyInAnyOrderElementsOf(properties().keySet());
    }

    @Test
    void configurationPageHasTheDefaults() throws IOException {
        Map<String, String> documented = new LinkedHashMap<>();
        for (MatchResult row :
                ROW.matcher(read(PAGES.resolve("configuration.md"))).results().toList()) {
            for (MatchResult name : PROPERTY.matcher(row.group(1)).results().toList()) {
                documented.put(name.group(1), row.group(2).replace("`", "").trim());
            }
        }

        properties().forEach((name, value) -> {
            String shown = documented.get(name);
            // The default of some settings depends on the listener's name.
            if (!value.isEmpty() || !name.startsWith(LISTENER)) {
                assertThat(shown).as(name).isEqualTo(value.isEmpty() ? "–" : value);
            }
        });
    }

    /** The values of maps are written by hand: Boot's processor does not look into them. */
    @Test
    void metadataHasTheSettingsOfEachNamedValue() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        MAPS.forEach((map, record) -> settings(map + ".<name>.", record, settings));

        Map<String, String> found = new TreeMap<>(properties());
        found.keySet().removeIf(name -> !name.contains("<name>"));

        assertThat(found).isEqualTo(settings);
    }

    @Test
    void metadataGivesHintsOnlyForPropertiesThatExist() throws IOException {
        JsonNode metadata = JsonMapper.shared().readTree(Files.readString(METADATA));
        List<String> names = new ArrayList<>();
        metadata.get("properties")
                .forEach(property -> names.add(property.get("name").asString()));
        MAPS.keySet().forEach(map -> names.add(map + ".keys"));

        assertThat(metadata.get("hints"))
                .isNotEmpty()
                .allSatisfy(hint -> assertThat(hint.get("name").asString()).isIn(names));
    }

    /** Every property with its default, which is empty if there is none. */
    private static Map<String, String> properties() throws IOException {
        Map<String, String> properties = new TreeMap<>();
        JsonNode metadata = JsonMapper.shared().readTree(Files.readString(METADATA));
        for (JsonNode property : metadata.get("properties")) {
            String name = property.get("name").asString();
            if (name.startsWith("holdfast.") && !MAPS.containsKey(name)) {
                JsonNode value = property.path("defaultValue");
                properties.put(name, value.isMissingNode() || value.isArray() ? "" : value.asString());
            }
        }
        return properties;
    }

    /** Adds the settings of a map's values, as their record has them. */
    private static void settings(String prefix, String record, Map<String, String> properties) {
        Constructor<?> constructor = ClassUtils.resolveClassName(record, null).getDeclaredConstructors()[0];
        for (Parameter setting : constructor.getParameters()) {
            String name = prefix + DataObjectPropertyName.toDashedForm(setting.getName());
            if (setting.getType().isRecord()) {
                settings(name + ".", setting.getType().getName(), properties);
            } else {
                DefaultValue value = setting.getAnnotation(DefaultValue.class);
                properties.put(name, value == null ? "" : String.join(",", value.value()));
            }
        }
    }

    @Test
    void sourceFilesNameTheLicence() throws IOException {
        List<Path> without = new ArrayList<>();
        for (String folder : List.of("src", "frontend")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                without.addAll(files.filter(DocumentationTest::isSource)
                        .filter(file -> read(file)
                                .lines()
                                .limit(5)
                                .noneMatch(line -> line.contains("SPDX-License-Identifier: Apache-2.0")))
                        .toList());
            }
        }

        assertThat(without).isEmpty();
    }

    private static boolean isSource(Path file) {
        return SOURCE.matcher(file.toString()).matches() && !file.toString().contains("node_modules");
    }

    @Test
    void architecturePageHasEveryRoomAndWhatItMayUse() throws IOException {
        Map<String, List<String>> documented = new TreeMap<>();
        ROOM.matcher(read(PAGES.resolve("architecture.md")))
                .results()
                .forEach(row -> documented.put(row.group(1), words(row.group(2))));

        assertThat(documented).isEqualTo(rooms());
    }

    private static Map<String, List<String>> rooms() throws IOException {
        Map<String, List<String>> rooms = new TreeMap<>();
        try (Stream<Path> folders = Files.list(ROOMS)) {
            for (Path room : folders.filter(Files::isDirectory).toList()) {
                List<String> allowed = ALLOWED.matcher(read(room.resolve("package-info.java")))
                        .results()
                        .flatMap(names -> words(names.group(1)).stream())
                        .toList();
                rooms.put(room.getFileName().toString(), allowed);
            }
        }
        return rooms;
    }

    private static List<String> words(String text) {
        return WORD.matcher(text).results().map(MatchResult::group).sorted().toList();
    }
}
