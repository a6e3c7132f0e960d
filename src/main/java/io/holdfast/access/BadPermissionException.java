package io.holdfast.access;

/** A permission that cannot be used. The message names the field, its value and what is valid. */
public final class BadPermissionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_SHOWN = 100;

    /**
     * @param field as {@code subscribe}
     * @param value as it was given
     * @param valid the values that are accepted, with an example, as {@code at most 256 patterns, as news.**}
     */
    BadPermissionException(String field, Object value, String valid) {
        super(field + ": '" + shown(value.toString()) + "' can't be used. Valid: " + valid + ".");
    }

    /** The message, which has no words but our own and the value: it may be shown to whoever sent the value. */
    public String sentence() {
        return String.valueOf(getMessage());
    }

    /** It may be printed on a terminal. */
    private static String shown(String text) {
        String plain = text.replaceAll("\\p{Cntrl}|\\p{Cf}", "?");
        return plain.length() <= MAX_SHOWN ? plain : plain.substring(0, MAX_SHOWN) + "…";
    }
}
