// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/** The properties of this service, and the records that they are bound to. */
final class KnownSettings {

    static final String ROOT = "holdfast";

    static final KnownSettings NONE = new KnownSettings();

    /** Stands for any name of an element of a map. */
    private static final String ANY = "*";

    private static final String MAP = "java.util.Map<";

    private final List<String> names = new ArrayList<>();
    private final Map<Class<?>, String> groups = new LinkedHashMap<>();

    private KnownSettings() {}

    static KnownSettings read() {
        KnownSettings known = new KnownSettings();
        Metadata.own().stream()
                .filter(property -> property.name().startsWith(ROOT + "."))
                .forEach(known::add);
        return known;
    }

    private void add(Metadata.Property property) {
        if (!property.source().isEmpty()) {
            Class<?> source = ClassUtils.resolveClassName(property.source(), null);
            ConfigurationProperties group = source.getAnnotation(ConfigurationProperties.class);
            if (group != null) {
                groups.put(source, group.value());
            }
        }
        if (!property.type().startsWith(MAP)) {
            names.add(property.name().replace("<name>", ANY));
        }
    }

    /** The records that have them, each with its prefix. */
    Map<Class<?>, String> groups() {
        return groups;
    }

    /** All names, where those of a map's elements have the element that {@code given} has. */
    Stream<String> names(String given) {
        String[] elements = StringUtils.delimitedListToStringArray(given, ".");
        return names.stream().map(name -> {
            int any = StringUtils.countOccurrencesOf(name.substring(0, Math.max(0, name.indexOf(ANY))), ".");
            return any == 0 || any >= elements.length ? name : name.replace(ANY, elements[any]);
        });
    }

    /** The name that was probably meant; null if none is similar. */
    @Nullable
    String similar(String given) {
        int allowed = Math.max(2, (given.length() - ROOT.length()) / 4);
        return names(given)
                .filter(name -> !name.contains(ANY))
                .filter(name -> EditDistance.between(name, given) <= allowed
                        || last(name).equals(last(given)))
                .min(Comparator.comparingInt(name -> EditDistance.between(name, given)))
                .orElse(null);
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
