// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A setting that cannot be used: it stops the start, and is explained without a stack trace. */
public final class InvalidSettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String property;
    private final @Nullable String value;
    private final String reason;
    private final transient List<Example> examples;

    /**
     * @param property its full name
     * @param value null if it is not the value that is wrong
     * @param reason what follows the value in a sentence, as {@code is not a number}; without a value, what is wrong
     * @param examples what to set instead, the best one first. The first one that is accepted, with all other settings
     *     as they are, is recommended
     */
    public InvalidSettingException(String property, @Nullable String value, String reason, List<Example> examples) {
        super(sentence(property, value, reason) + valid(property, examples));
        this.property = property;
        this.value = value;
        this.reason = reason;
        this.examples = List.copyOf(examples);
    }

    private static String sentence(String property, @Nullable String value, String reason) {
        return property + ": " + (value == null ? "" : "'" + value + "' ") + reason;
    }

    private static String valid(String property, List<Example> examples) {
        if (examples.isEmpty()) {
            return "";
        }
        Example example = examples.getFirst();
        return "; valid: " + (example.property().equals(property) ? example.value() : example);
    }

    String property() {
        return property;
    }

    @Nullable
    String value() {
        return value;
    }

    List<Example> examples() {
        return examples;
    }

    /** With the value as the operator wrote it. */
    String description(@Nullable String written) {
        boolean isShown = value == null || written == null || written.contains(value);
        return sentence(property, isShown ? value : written, reason);
    }
}
