// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Checks one setting when its record is made, so that a bad value stops the start.
 *
 * <p>Every method throws an {@link InvalidSettingException} that names the property, its value, what is valid, and an
 * example that is accepted.
 *
 * @param property its full name, as {@code holdfast.drain.window}
 * @param example a valid value
 */
public record Setting(String property, String example) {

    /** Checks a number: from {@code least} to {@code most}. */
    public void number(@Nullable Integer value, int least, int most) {
        require(
                value != null && value >= least && value <= most,
                value,
                most == Integer.MAX_VALUE ? "a number from " + least : "a number from " + least + " to " + most);
    }

    /** Checks a duration: from {@code least} to {@code most}. */
    public void duration(Duration value, Duration least, Duration most) {
        require(
                value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                text(value),
                "a duration from " + text(least) + " to " + text(most));
    }

    /** Checks a size: at least {@code least}. */
    public void size(DataSize value, DataSize least) {
        require(value.compareTo(least) >= 0, text(value), "a size from " + text(least));
    }

    /** Checks a size: from {@code least} to {@code most}. */
    public void size(DataSize value, DataSize least, DataSize most) {
        require(
                value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                text(value),
                "a size from " + text(least) + " to " + text(most));
    }

    /**
     * Checks a text.
     *
     * @param valid what the pattern matches, in words
     */
    public void text(String value, Pattern pattern, String valid) {
        require(pattern.matcher(value).matches(), value, valid);
    }

    /**
     * Checks a text by other means.
     *
     * @param valid what is valid, in words
     */
    public void value(String value, boolean isValid, String valid) {
        require(isValid, value, valid);
    }

    /**
     * Checks a text that has to be there.
     *
     * @param valid what is valid, in words
     */
    public void required(@Nullable String value, Predicate<String> isValid, String valid) {
        require(value != null && isValid.test(value), value, valid);
    }

    private void require(boolean valid, @Nullable Object value, String bounds) {
        if (!valid) {
            String reason = value == null ? "not set; it has to be " + bounds : "is not " + bounds;
            throw new InvalidSettingException(
                    property, value == null ? null : value.toString(), reason, List.of(new Example(property, example)));
        }
    }

    /** As settings write it, in the largest unit that divides it. */
    public static String text(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        int nanos = duration.toNanosPart();
        if (nanos % 1_000 != 0) {
            return duration.toNanos() + "ns";
        }
        if (nanos % 1_000_000 != 0) {
            return duration.toNanos() / 1_000 + "us";
        }
        if (nanos != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** As settings write it, in the largest unit that divides it. */
    public static String text(DataSize size) {
        long bytes = size.toBytes();
        if (bytes == 0 || bytes % 1024 != 0) {
            return bytes + "B";
        }
        if (bytes % (1024 * 1024) != 0) {
            return bytes / 1024 + "KB";
        }
        if (bytes % (1024 * 1024 * 1024) != 0) {
            return bytes / (1024 * 1024) + "MB";
        }
        return bytes / (1024 * 1024 * 1024) + "GB";
    }
}
