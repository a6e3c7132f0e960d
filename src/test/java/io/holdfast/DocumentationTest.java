package io.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What can be checked of the documentation by a machine. */
class DocumentationTest {

    private static final Path README = Path.of("README.md");
    private static final Path PAGES = Path.of("src/docs");
    private static final Path METADATA = Path.of("target/classes/META-INF/spring-configuration-metadata.json");

    private static final int LONGEST_README = 220;

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern PROPERTY = Pattern.compile("`(holdfast\\.[a-z0-9.<>-]*[a-z0-9])`");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`holdfast[^|]*) \\| ([^|]*) \\|.*$");

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
        return text.replaceAll("(?s)```.*?```", "").replaceAll("`[^`\n]*`", "");
    }

    private static boolean leadsSomewhere(Path page, String target) {
        int hash = target.indexOf('#');
        String file = hash < 0 ? target : target.substring(0, hash);
        Path parent = page.getParent();
        Path found = file.isEmpty() ? page : parent == null ? Path.of(file) : parent.resolve(file);
        return Files.exists(found) && (hash < 0 || anchors(found).contains(target.substring(hash + 1)));
    }

    /** As the common renderers make them of headings. */
    private static List<String> anchors(Path page) {
        return HEADING.matcher(read(page))
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
                .filter(name -> !name.startsWith("holdfast.tcp.listeners."))
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

        properties()
                .forEach((name, value) ->
                        assertThat(documented.get(name)).as(name).isEqualTo(value.isEmpty() ? "–" : value));
    }

    /** The settings of a listener are those of a map's values, which the metadata does not list. */
    private static Map<String, String> properties() throws IOException {
        Map<String, String> properties = new TreeMap<>();
        JsonNode metadata = JsonMapper.shared().readTree(Files.readString(METADATA));
        for (JsonNode property : metadata.get("properties")) {
            String name = property.get("name").asString();
            if (name.startsWith("holdfast.") && !name.equals("holdfast.tcp.listeners")) {
                JsonNode value = property.path("defaultValue");
                properties.put(name, value.isMissingNode() || value.isArray() ? "" : value.asString());
            }
        }
        return properties;
    }
}
