package io.holdfast.probe.survive;

import java.time.Duration;
import java.util.List;

/**
 * How the events of a stream arrived that were written one by one.
 *
 * @param events that came
 * @param lumps in which they came
 * @param largest events in one lump
 * @param usuallyLate by how much half of them came later than the promptest, by the server's stamps
 * @param atMostLate by how much the latest did
 */
record ArrivalPattern(int events, int lumps, int largest, Duration usuallyLate, Duration atMostLate) {

    /** One event of a stream: when the server wrote it by its clock, and when it came by ours. */
    record Arrival(long writtenMillis, long arrivedNanos) {}

    /** Events that are written further apart than this, and come closer together, came in a lump. */
    static final Duration APART = Duration.ofMillis(10);

    /** Half of the events later than this is more than a network or a busy machine makes them. */
    private static final Duration LATE = Duration.ofMillis(400);

    /** The two clocks need not agree: what counts is how much later than others an event came. */
    static ArrivalPattern of(List<Arrival> arrivals) {
        List<Long> late = arrivals.stream().map(ArrivalPattern::offset).sorted().toList();
        long promptest = late.isEmpty() ? 0 : late.getFirst();
        int lumps = 0;
        int size = 0;
        int largest = 0;
        for (int i = 0; i < arrivals.size(); i++) {
            boolean together = i > 0
                    && arrivals.get(i).arrivedNanos() - arrivals.get(i - 1).arrivedNanos() < APART.toNanos();
            size = together ? size + 1 : 1;
            lumps += together ? 0 : 1;
            largest = Math.max(largest, size);
        }
        return new ArrivalPattern(
                arrivals.size(),
                lumps,
                largest,
                Duration.ofNanos(late.isEmpty() ? 0 : late.get(late.size() / 2) - promptest),
                Duration.ofNanos(late.isEmpty() ? 0 : late.getLast() - promptest));
    }

    private static long offset(Arrival arrival) {
        return arrival.arrivedNanos()
                - Duration.ofMillis(arrival.writtenMillis()).toNanos();
    }

    /** Whether something held them back: what is busy for a moment delays a few, a buffer most of them, and for long. */
    boolean isBuffered() {
        return lumps * 2 < events && usuallyLate.compareTo(LATE) > 0;
    }
}
