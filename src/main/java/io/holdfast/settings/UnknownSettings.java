// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Finds settings that do not exist, which would have no effect.
 *
 * <p>Others set variables of the environment that begin with {@code HOLDFAST_}, too, as Kubernetes does for a service of
 * that name. So only one that resembles a property is reported. A system property is reported as well if it is in a
 * group of this service.
 */
final class UnknownSettings {

    /** A shorter name of a variable is too short to be taken for a mistyped one. */
    private static final int SHORTEST_VARIABLE = 5;

    /** Stands for a secret. It is long enough to be one, and so is accepted as an example. */
    private static final String HIDDEN = "(the secret, which is not shown here)";

    private final KnownSettings known;

    UnknownSettings(KnownSettings known) {
        this.known = known;
    }

    /** Whether some seem to be meant for this service. */
    static boolean isAnyOurs(Iterable<ConfigurationPropertySource> sources) {
        for (ConfigurationPropertySource source : sources) {
            if (source instanceof IterableConfigurationPropertySource iterable
                    && iterable.stream().anyMatch(UnknownSettings::isOurs)) {
                return true;
            }
        }
        return false;
    }

    List<InvalidSettingException> in(Iterable<ConfigurationPropertySource> sources) {
        List<InvalidSettingException> unknown = new ArrayList<>();
        for (ConfigurationPropertySource source : sources) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream()
                        .filter(UnknownSettings::isOurs)
                        .map(name -> problem(name, iterable))
                        .forEach(problem -> {
                            if (problem != null) {
                                unknown.add(problem);
                            }
                        });
            }
        }
        return unknown;
    }

    private static boolean isOurs(ConfigurationPropertyName name) {
        return name.getNumberOfElements() > 1
                && EditDistance.between(name.getElement(0, Form.UNIFORM), KnownSettings.ROOT) <= 1;
    }

    private @Nullable InvalidSettingException problem(
            ConfigurationPropertyName name, IterableConfigurationPropertySource source) {
        String kind = source.getUnderlyingSource() instanceof PropertySource<?> properties ? properties.getName() : "";
        ConfigurationProperty property = source.getConfigurationProperty(name);
        String value = property == null ? "" : String.valueOf(property.getValue());
        if (kind.equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)) {
            String meant = meantVariable(name);
            return meant == null ? null : unknown(name, meant, value);
        }
        if (isKnown(name) || (value.isEmpty() && isGroup(name))) {
            return null;
        }
        String meant = known.similar(text(withoutIndex(name), Form.DASHED));
        if (meant == null
                && kind.equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)
                && siblings(name).isEmpty()) {
            return null;
        }
        return unknown(name, meant, value);
    }

    private boolean isKnown(ConfigurationPropertyName name) {
        String uniform = text(withoutIndex(name), Form.UNIFORM);
        return known.names(uniform).anyMatch(one -> one.replace("-", "").equals(uniform));
    }

    /** A file may have a group without properties. */
    private boolean isGroup(ConfigurationPropertyName name) {
        String prefix = text(name, Form.UNIFORM) + ".";
        return known.names(prefix + "x").anyMatch(one -> one.replace("-", "").startsWith(prefix));
    }

    /** The property that a mistyped variable probably means; null if it is a property, or of somebody else. */
    private @Nullable String meantVariable(ConfigurationPropertyName name) {
        String uniform = text(withoutIndex(name), Form.UNIFORM);
        String given = letters(uniform);
        int length = given.length() - KnownSettings.ROOT.length();
        if (length < SHORTEST_VARIABLE
                || known.names(uniform).anyMatch(one -> letters(one).equals(given))) {
            return null;
        }
        int allowed = Math.min(2, length / 4);
        return known.names(uniform)
                .filter(one -> EditDistance.between(letters(one), given) <= allowed)
                .findFirst()
                .orElse(null);
    }

    private InvalidSettingException unknown(ConfigurationPropertyName name, @Nullable String meant, String value) {
        String given = name.toString();
        if (meant != null) {
            return new InvalidSettingException(
                    given,
                    null,
                    "unknown property; did you mean " + meant + "?",
                    List.of(new Example(meant, isSecret(meant) ? HIDDEN : value), new Example(meant, "")));
        }
        String siblings = siblings(name);
        String there = siblings.isEmpty() ? "its groups are " + groups() : "there are " + siblings;
        return new InvalidSettingException(given, null, "unknown property; " + there, List.of());
    }

    /** The log of a start may be read by many. */
    private static boolean isSecret(String property) {
        return property.endsWith("secret");
    }

    /** The properties of the same group. */
    private String siblings(ConfigurationPropertyName name) {
        String group = name.getNumberOfElements() < 3
                ? ""
                : text(name.chop(name.getNumberOfElements() - 1), Form.DASHED) + ".";
        return group.isEmpty()
                ? ""
                : known.names(group + "x").filter(one -> one.startsWith(group)).collect(Collectors.joining(", "));
    }

    private String groups() {
        return known.groups().values().stream().distinct().sorted().collect(Collectors.joining(", "));
    }

    /** A list's elements are set by the name of the list and an index. */
    private static ConfigurationPropertyName withoutIndex(ConfigurationPropertyName name) {
        return name.isLastElementIndexed() && name.getLastElement(Form.UNIFORM).matches("\\d+")
                ? name.getParent()
                : name;
    }

    private static String text(ConfigurationPropertyName name, Form form) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.getNumberOfElements(); i++) {
            text.append(i == 0 ? "" : ".").append(name.getElement(i, form));
        }
        return text.toString();
    }

    private static String letters(String name) {
        return name.replaceAll("[.-]", "").toLowerCase(Locale.ROOT);
    }
}
