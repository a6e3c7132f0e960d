package io.holdfast.connection;

/** What a client may call its connection, in the query parameter {@code label}, to find it again in the list of all. */
public final class Label {

    /** For who sent another. */
    public static final String VALID = "1 to 64 letters, digits, dots, hyphens or underscores, as label=my-laptop";

    private Label() {}

    public static boolean isValid(String label) {
        return label.matches("[A-Za-z0-9._-]{1,64}");
    }
}
