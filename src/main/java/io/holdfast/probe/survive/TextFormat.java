package io.holdfast.probe.survive;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Durations and foreign text as people read them. */
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

    private static final int LONGEST_TEXT = 80;

    private TextFormat() {}

    /** To three figures at most: 250ms, 3.02s, 59s, 1m30s, 2h; what it makes without a fraction a setting takes. */
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

    /** As a setting would have it: in whole seconds, if it is that by a tenth. */
    static String setting(Duration duration) {
        Duration whole = Duration.ofSeconds(Math.round(duration.toMillis() / 1000.0));
        boolean near = whole.minus(duration).abs().multipliedBy(10).compareTo(whole) <= 0;
        return of(near && !whole.isZero() ? whole : duration);
    }

    /** The longest round duration that is at most {@code most}. */
    static Duration roundedDown(Duration most) {
        return ROUND.stream()
                .filter(round -> round.compareTo(most) <= 0)
                .reduce((shorter, longer) -> longer)
                .orElse(most);
    }

    /** The shortest round duration that is over {@code least}. */
    static Duration roundedUp(Duration least) {
        return ROUND.stream()
                .filter(round -> round.compareTo(least) > 0)
                .findFirst()
                .orElse(least.multipliedBy(2));
    }

    /** What a peer sent, fit for a terminal. */
    static String printable(String foreign) {
        String plain = foreign.replaceAll("\\p{Cntrl}|\\p{Cf}", "?");
        return plain.length() > LONGEST_TEXT ? plain.substring(0, LONGEST_TEXT) + "…" : plain;
    }
}
