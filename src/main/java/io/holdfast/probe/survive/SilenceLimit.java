// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The longest silence that a connection survives.
 *
 * @param lived the longest silence that was survived
 * @param died the shortest silence that was not
 * @param at the limit: observed, or the middle of the two
 * @param observed whether the end was seen when it happened
 * @param witness the connection that shows the limit best
 */
record SilenceLimit(Duration lived, Duration died, Duration at, boolean observed, TrialResult witness) {

    /** Two times with a smaller difference count as equal. */
    private static final double PRECISION = 0.1;

    /** The limit that {@code held} show; null if none of them died. */
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
                .filter(one -> one.outcome() instanceof SilenceOutcome.Cut && !isOver(one.deadAfter(), shortest))
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

    /** Half of the limit, so that one heartbeat may be lost or late: in whole seconds, or tenths if it is less than one. */
    Duration heartbeat() {
        long half = at.toMillis() / 2;
        long step = half < 1000 ? 100 : 1000;
        return Duration.ofMillis(Math.max(step, half - half % step));
    }

    /** Whether the limit is known precisely enough. */
    boolean isPrecise() {
        return observed || !isOver(died, lived);
    }

    /** Whether a longer silence was survived. Then silence is not the reason for the endings. */
    boolean isRefutedBy(List<TrialResult> held) {
        return held.stream().anyMatch(one -> isOver(one.stood(), died));
    }

    /** Whether the limit is this timeout. */
    boolean is(Duration timeout) {
        return !isOver(at, timeout) && !isOver(timeout, at);
    }

    private static boolean isOver(Duration one, Duration other) {
        return one.toNanos() > other.toNanos() * (1 + PRECISION);
    }

    /** The silences to try next: between the two, and the longer one again. */
    List<Duration> between(int count) {
        double least = Math.max((double) lived.toNanos(), died.toNanos() / 20.0);
        double step = Math.pow(died.toNanos() / least, 1.0 / count);
        return IntStream.rangeClosed(1, count)
                .mapToObj(index -> Duration.ofNanos((long) (least * Math.pow(step, index))))
                .toList();
    }
}
