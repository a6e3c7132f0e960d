// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Durations as text. */
final class TextFormat {

    private static final List<Duration> ROUND = List.of(
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(15),
            Duration.ofSeconds(20),
            Duration.ofSeconds(25),
            Duration.ofSeconds(30),
            Duration.ofSeconds(45),
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofHours(1));

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

    /** The longest round duration up to {@code most}. */
    static Duration roundedDown(Duration most) {
        return ROUND.stream()
                .filter(round -> round.compareTo(most) <= 0)
                .reduce((shorter, longer) -> longer)
                .orElse(most);
    }

    /** The shortest round duration above {@code least}. */
    static Duration roundedUp(Duration least) {
        return ROUND.stream()
                .filter(round -> round.compareTo(least) > 0)
                .findFirst()
                .orElse(least.multipliedBy(2));
    }
}
