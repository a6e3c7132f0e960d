package io.holdfast.probe.survive;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The silence that a connection does not outlive.
 *
 * @param lived the longest silence that lived
 * @param died the shortest that did not
 * @param at the limit: observed, or the middle between the two
 * @param observed whether the end itself was seen, during the silence
 * @param witness the connection that shows it best
 */
record SilenceLimit(Duration lived, Duration died, Duration at, boolean observed, TrialResult witness) {

    /** Apart from one another by less, two figures are the same one. */
    private static final double PRECISION = 0.1;

    /** What {@code held} show; null if none of them died. */
    static @Nullable SilenceLimit of(List<TrialResult> held) {
        List<TrialResult> died = held.stream()
                .filter(TrialResult::died)
                .sorted(Comparator.comparing(TrialResult::deadAfter))
                .toList();
        if (died.isEmpty()) {
            return null;
        }
        Duration shortest = died.getFirst().deadAfter();
        List<TrialResult> seen = died.stream()
                .filter(one -> one.fate() instanceof SilenceOutcome.Cut && !isOver(one.deadAfter(), shortest))
                .toList();
        if (!seen.isEmpty()) {
            TrialResult middle = seen.get(seen.size() / 2);
            return new SilenceLimit(
                    longest(held, middle.deadAfter()), middle.deadAfter(), middle.deadAfter(), true, middle);
        }
        Duration lived = longest(held, shortest);
        return new SilenceLimit(lived, shortest, lived.plus(shortest).dividedBy(2), false, died.getFirst());
    }

    private static Duration longest(List<TrialResult> held, Duration below) {
        return held.stream()
                .map(TrialResult::stood)
                .filter(stood -> stood.compareTo(below) < 0)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** Short enough for one to be lost or late. */
    Duration heartbeat() {
        return TextFormat.roundedDown(at.dividedBy(2));
    }

    /** Whether the figure is good enough. */
    boolean isPrecise() {
        return observed || !isOver(died, lived);
    }

    /** Whether some lived where this says that they can't: then it is not the silence that they die of. */
    boolean isRefutedBy(List<TrialResult> held) {
        return held.stream().anyMatch(one -> isOver(one.stood(), died));
    }

    private static boolean isOver(Duration one, Duration other) {
        return one.toNanos() > other.toNanos() * (1 + PRECISION);
    }

    /** Silences between the two, and the longer one once more, to be held next. */
    List<Duration> between(int count) {
        double least = Math.max((double) lived.toNanos(), died.toNanos() / 20.0);
        double step = Math.pow(died.toNanos() / least, 1.0 / count);
        return IntStream.rangeClosed(1, count)
                .mapToObj(index -> Duration.ofNanos((long) (least * Math.pow(step, index))))
                .toList();
    }
}
