// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name that a client gives its connection, in the query parameter {@code label}, to find it in the list of all. */
public final class Label {

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private Label() {}

    /**
     * Checks a label.
     *
     * @return null if none was given, or an empty one
     * @throws BadParameterException if it has other characters or is too long
     */
    public static @Nullable String of(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (!VALID.matcher(text).matches()) {
            throw new BadParameterException(
                    "label", text, "1 to 64 letters, digits, dots, hyphens or underscores, as label=my-laptop");
        }
        return text;
    }
}
