// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import java.time.Duration;
import java.util.List;

/**
 * How events arrived that the server sent one by one.
 *
 * @param events number of events
 * @param lumps number of groups in which they arrived
 * @param largest events in the largest group
 * @param usuallyLate median delay behind the fastest event, by the server's time stamps
 * @param atMostLate largest delay behind the fastest event
 */
record ArrivalPattern(int events, int lumps, int largest, Duration usuallyLate, Duration atMostLate) {

    /** One event: when the server sent it, by its clock, and when it arrived, by ours. */
    record Arrival(long writtenMillis, long arrivedNanos) {}

    /** Events that arrive closer together than this are one group. */
    static final Duration APART = Duration.ofMillis(10);

    /** A larger median delay is not explained by a network or a busy machine. */
    private static final Duration LATE = Duration.ofMillis(400);

    /** The two clocks need not agree: only the difference of delays between events is used. */
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

    /** Whether an intermediary buffers them. A busy machine delays a few events; a buffer delays most of them, and longer. */
    boolean isBuffered() {
        return lumps * 2 < events && usuallyLate.compareTo(LATE) > 0;
    }
}
