// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import java.time.Duration;
import java.util.Locale;

/** Durations as text. */
final class TextFormat {

    private TextFormat() {}

    /** At most three digits: 250ms, 3.02s, 59s, 1m30s, 2h. Without a fraction it is a valid setting. */
    static String of(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + "ms";
        }
        if (millis < 10_000) {
            return trimmed(String.format(Locale.ROOT, "%.2f", millis / 1000.0)) + "s";
        }
        if (millis < 60_000) {
            return trimmed(String.format(Locale.ROOT, "%.1f", millis / 1000.0)) + "s";
        }
        Duration whole = Duration.ofSeconds(Math.round(millis / 1000.0));
        return part(whole.toHours(), "h") + part(whole.toMinutesPart(), "m") + part(whole.toSecondsPart(), "s");
    }

    private static String trimmed(String number) {
        return number.replaceFirst("\\.?0+$", "");
    }

    private static String part(long count, String unit) {
        return count == 0 ? "" : count + unit;
    }

    /** As a setting: rounded to whole seconds if that changes it by at most a tenth. */
    static String setting(Duration duration) {
        Duration whole = Duration.ofSeconds(Math.round(duration.toMillis() / 1000.0));
        boolean near = whole.minus(duration).abs().multipliedBy(10).compareTo(whole) <= 0;
        return of(near && !whole.isZero() ? whole : duration);
    }
}
