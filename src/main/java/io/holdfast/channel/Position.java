// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A position in a channel's history, the same on every transport: {@code epoch:offset}.
 *
 * @param epoch names one unbroken history; when a history is lost, another epoch follows
 * @param offset of a message, growing by one from 1; 0 is before the first
 */
public record Position(String epoch, long offset) {

    private static final Pattern TEXT = Pattern.compile("([A-Za-z0-9]{1,32}):(\\d{1,18})");

    /** Reads what {@link #toString} wrote; null for any other text. */
    public static @Nullable Position parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches() ? new Position(parts.group(1), Long.parseLong(parts.group(2))) : null;
    }

    /** Whether this one comes after {@code other} in the same history. */
    public boolean isAfter(Position other) {
        return epoch.equals(other.epoch) && offset > other.offset;
    }

    Position next() {
        return new Position(epoch, offset + 1);
    }

    @Override
    public String toString() {
        return epoch + ":" + offset;
    }
}
