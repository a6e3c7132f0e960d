package io.holdfast.connection;

import java.time.Duration;

/** The bounds of durations in settings. */
public final class Durations {

    private Durations() {}

    /**
     * Checks that a duration is within bounds.
     *
     * @throws IllegalArgumentException naming the property, its value, its bounds and a valid example
     */
    public static void check(String property, Duration value, Duration least, Duration most, String example) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    property + ": " + value + " is not from " + least + " to " + most + "; valid: " + example);
        }
    }
}
