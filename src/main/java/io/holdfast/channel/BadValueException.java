// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import org.jspecify.annotations.Nullable;

/** A value from a client that cannot be used, with what would be valid. All of it may be sent to the client. */
public final class BadValueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_SHOWN = 100;

    private final String code;
    private final String field;
    private final @Nullable String value;
    private final String valid;

    /**
     * @param code as in an {@code error} event, as {@code bad-channel}
     * @param field as the client knows it
     * @param value null if there is none, or if it would not help
     * @param valid the values that are accepted, with an example
     */
    public BadValueException(String code, String field, @Nullable String value, String valid) {
        super(code + ": " + field);
        this.code = code;
        this.field = field;
        this.value = value == null ? null : shown(value);
        this.valid = valid;
    }

    private static String shown(String value) {
        String beginning = value.codePointCount(0, value.length()) <= MAX_SHOWN
                ? value
                : value.substring(0, value.offsetByCodePoints(0, MAX_SHOWN)) + "…";
        return Surrogates.escapeLone(beginning);
    }

    public String code() {
        return code;
    }

    public String field() {
        return field;
    }

    public @Nullable String value() {
        return value;
    }

    public String valid() {
        return valid;
    }

    /** The error as a sentence. */
    public String sentence() {
        return "'" + field + "' " + (value == null ? "can't be used" : "can't be '" + value + "'") + "; valid: " + valid
                + ".";
    }
}
