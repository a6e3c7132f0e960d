package io.holdfast.access;

/** A permission that cannot be used. The message names the field, its value and what is valid. */
public final class BadPermissionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_SHOWN = 100;

    /**
     * @param field as {@code subscribe}
     * @param value as it was given
     * @param valid what is valid, with an example; not a whole sentence
     */
    BadPermissionException(String field, Object value, String valid) {
        super(field + ": '" + shown(value.toString()) + "' can't be used. Valid: " + valid + ".");
    }

    private static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }
}
