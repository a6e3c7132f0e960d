// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.util.ClassUtils;
import org.springframework.util.PlaceholderResolutionException;
import org.springframework.util.unit.DataSize;

/** Says of values that cannot be read what they are not, with an example. */
final class BindFailures {

    private BindFailures() {}

    /** A rule that was broken, or a value that cannot be converted. */
    static InvalidSettingException explain(BindException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidSettingException invalid) {
                return invalid;
            }
            if (cause instanceof PlaceholderResolutionException placeholder) {
                return explain(
                        name(failure),
                        written(failure),
                        "has a placeholder that is not set: " + placeholder.getPlaceholder(),
                        failure.getTarget().getType().resolve());
            }
        }
        Class<?> type = failure.getTarget().getType().resolve(Object.class);
        return explain(name(failure), written(failure), "is not " + words(type), type);
    }

    private static String name(BindException failure) {
        ConfigurationProperty property = failure.getProperty();
        return (property == null ? failure.getName() : property.getName()).toString();
    }

    private static @Nullable String written(BindException failure) {
        ConfigurationProperty property = failure.getProperty();
        return property == null ? null : String.valueOf(property.getValue());
    }

    /** A value of a property that only its metadata tells the type of. */
    static InvalidSettingException explain(String property, @Nullable Object value) {
        Class<?> type = Metadata.all().stream()
                .filter(one -> one.name().equals(property) && ClassUtils.isPresent(one.type(), null))
                .<Class<?>>map(one -> ClassUtils.resolveClassName(one.type(), null))
                .findFirst()
                .orElse(Object.class);
        return explain(property, value == null ? null : value.toString(), "is not " + words(type), type);
    }

    private static InvalidSettingException explain(
            String property, @Nullable String value, String reason, @Nullable Class<?> type) {
        List<Example> examples = Stream.concat(
                        Metadata.all().stream()
                                .filter(one -> one.name().equals(property))
                                .map(Metadata.Property::usual)
                                .filter(Objects::nonNull),
                        examples(type).stream())
                .map(example -> new Example(property, example))
                .toList();
        return new InvalidSettingException(property, value, reason, examples);
    }

    /** What values of a type are, in words. */
    private static String words(Class<?> type) {
        Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
        if (boxed == Integer.class) {
            return "a whole number up to " + Integer.MAX_VALUE;
        }
        if (Number.class.isAssignableFrom(boxed)) {
            return "a number";
        }
        if (boxed == Boolean.class) {
            return "true or false";
        }
        if (boxed == Duration.class) {
            return "a duration: a number with ms, s, m, h or d";
        }
        if (boxed == DataSize.class) {
            return "a size: a number with B, KB, MB or GB";
        }
        if (boxed == InetAddress.class) {
            return "an address, or a name that has one";
        }
        return boxed.isEnum() ? "one of " + String.join(", ", constants(boxed)) : "valid";
    }

    private static List<String> examples(@Nullable Class<?> type) {
        Class<?> boxed = type == null ? Object.class : ClassUtils.resolvePrimitiveIfNecessary(type);
        if (Number.class.isAssignableFrom(boxed)) {
            // Ports, if they are free among the settings.
            return List.of("8888", "8889", "8890", "1");
        }
        if (boxed == Boolean.class) {
            return List.of("true");
        }
        if (boxed == Duration.class) {
            return List.of("10s", "1s", "100ms");
        }
        if (boxed == DataSize.class) {
            return List.of("64MB", "64KB");
        }
        if (boxed == InetAddress.class) {
            return List.of("127.0.0.1");
        }
        return boxed.isEnum() ? constants(boxed) : List.of();
    }

    private static List<String> constants(Class<?> type) {
        List<String> constants = new ArrayList<>();
        for (Object constant : Objects.requireNonNull(type.getEnumConstants())) {
            constants.add(((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        return constants;
    }
}
