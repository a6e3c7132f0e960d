// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The settings that decide which beans there are. Spring's ahead-of-time processing looks at them when the jar is built, so
 * that the beans which it generates are right only for the same values.
 */
final class ConditionSettings {

    /** Where the build keeps them, by name. */
    static final String FILE = "META-INF/holdfast/condition-settings.properties";

    /** What is looked at, but decides nothing; the port only together with {@code management.server.port}. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("server.port", "spring.application.pid", "spring.application.version");

    private ConditionSettings() {}

    /**
     * What each of {@code names} is set to, with all that is set below it, as the elements of a list.
     *
     * @param names of settings or of variables of the environment
     */
    static SortedMap<String, String> of(ConfigurableEnvironment environment, Set<String> names) {
        SortedMap<String, String> values = new TreeMap<>();
        Set<String> relevant =
                names.stream().filter(name -> !WITHOUT_EFFECT.contains(name)).collect(Collectors.toSet());
        relevant.forEach(name -> values.put(name, Objects.requireNonNullElse(environment.getProperty(name), "")));
        SortedMap<ConfigurationPropertyName, String> below = below(environment, relevant);
        below.forEach((name, value) -> values.merge(
                Objects.requireNonNull(ancestor(name, relevant)), name + "=" + value, (all, one) -> all + "\n" + one));
        return values;
    }

    private static SortedMap<ConfigurationPropertyName, String> below(
            ConfigurableEnvironment environment, Set<String> names) {
        SortedMap<ConfigurationPropertyName, String> found = new TreeMap<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource listed) {
                listed.stream().filter(name -> ancestor(name, names) != null).forEach(name -> {
                    ConfigurationProperty property = source.getConfigurationProperty(name);
                    if (property != null) {
                        found.putIfAbsent(name, String.valueOf(property.getValue()));
                    }
                });
            }
        }
        return found;
    }

    /** The longest of {@code names} that {@code name} is below; null if there is none. */
    private static @Nullable String ancestor(ConfigurationPropertyName name, Set<String> names) {
        for (int size = name.getNumberOfElements() - 1; size > 0; size--) {
            String parent = name.chop(size).toString();
            if (names.contains(parent)) {
                return parent;
            }
        }
        return null;
    }

    /** The name of one that is not as it was; null if all are. */
    static @Nullable String changed(ConfigurableEnvironment environment, Map<String, String> before) {
        SortedMap<String, String> now = of(environment, before.keySet());
        return now.entrySet().stream()
                .filter(setting -> !setting.getValue().equals(before.get(setting.getKey())))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }
}
