// SPDX-License-Identifier: Apache-2.0
package io.holdfast.access;

/** A permission that cannot be used. The message names the field, its value and what is valid. */
public final class BadPermissionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String valid;

    /**
     * @param field as {@code subscribe}
     * @param value as it was given
     * @param valid the values that are accepted, with an example, as {@code at most 256 patterns, as news.**}
     */
    BadPermissionException(String field, Object value, String valid) {
        super(field + ": '" + Shown.text(value.toString()) + "' can't be used. Valid: " + valid + ".");
        this.valid = valid;
    }

    /** The message, which has no words but our own and the value: it may be shown to whoever sent the value. */
    public String sentence() {
        return String.valueOf(getMessage());
    }

    /** What follows the value of a setting in a sentence. */
    String rule() {
        return "can't be used; valid: " + valid;
    }
}
