// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.compare;

import io.holdfast.probe.result.Percentiles;
import org.HdrHistogram.Histogram;

/** Sums the measurements of one way to push. For one thread at a time, as {@link Tally}. */
final class PushTally {

    private final Push way;
    private final Histogram arrival = Tally.histogram();
    private long bytes;
    private long repeated;

    PushTally(Push way) {
        this.way = way;
    }

    Push way() {
        return way;
    }

    void arrived(long nanos) {
        arrival.recordValue(nanos);
    }

    /**
     * A subscriber has received all messages.
     *
     * @param events without the first
     * @param length their bytes
     */
    void ended(int events, long length) {
        repeated += events;
        bytes += length;
    }

    /** Whether a subscriber has received all messages. */
    boolean isMeasured() {
        return repeated > 0;
    }

    Pushed cost() {
        return new Pushed(way, arrival.getTotalCount(), Percentiles.of(arrival), (double) bytes / repeated);
    }
}
