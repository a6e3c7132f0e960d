// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The properties that Spring Boot's annotation processor found when the code was compiled. */
final class Metadata {

    private static final String FILE = "META-INF/spring-configuration-metadata.json";

    private Metadata() {}

    /**
     * @param type of its values, as the file writes it; empty if it has none
     * @param usual its default; null if there is none
     * @param source the class that declares it; empty if there is none
     */
    record Property(String name, String type, @Nullable String usual, String source) {}

    /** Those of this service. */
    static List<Property> own() {
        // The service's own classes are first on the class path.
        return read(Objects.requireNonNull(Metadata.class.getClassLoader().getResource(FILE)));
    }

    /** Those of all libraries, too. It takes a while. */
    static List<Property> all() {
        try {
            List<Property> all = new ArrayList<>();
            Collections.list(Metadata.class.getClassLoader().getResources(FILE))
                    .forEach(file -> all.addAll(read(file)));
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Property> read(URL file) {
        try (InputStream json = file.openStream()) {
            return JsonMapper.shared().readTree(json).path("properties").values().stream()
                    .map(Metadata::property)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Property property(JsonNode property) {
        JsonNode usual = property.path("defaultValue");
        return new Property(
                property.path("name").asString(),
                property.path("type").asString(""),
                usual.isValueNode() ? usual.asString() : null,
                property.path("sourceType").asString(""));
    }
}
