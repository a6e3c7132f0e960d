// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * The clock of one load: which moments are measured, and when messages are due. Moments are nanoseconds since the start.
 * Safe from any thread.
 */
final class Timing {

    private final long base = System.nanoTime();
    private volatile long from = Long.MAX_VALUE;
    private volatile long until = Long.MAX_VALUE;

    /** Called for each message that is due. */
    interface Due {

        void due(long number, long moment);
    }

    long now() {
        return System.nanoTime() - base;
    }

    /** Measures what is due in the next {@code nanos}. After that nothing is due any more. */
    void count(long nanos) {
        // It starts a little later, so that all threads agree on whether a moment is measured.
        long begin = now() + TimeUnit.MILLISECONDS.toNanos(1);
        until = begin + nanos;
        from = begin;
    }

    /** Measures no longer. */
    void stop() {
        until = Math.min(until, now());
    }

    /** How long was measured. */
    double seconds() {
        return Math.max(0, until - from) / 1e9;
    }

    /** How many of a count that was for each second; 0 if nothing was measured. */
    double perSecond(long count) {
        return seconds() == 0 ? 0 : count / seconds();
    }

    boolean counts(long moment) {
        return moment >= from && moment < until;
    }

    boolean isOver(long moment) {
        return moment >= until;
    }

    /** Calls {@code due} {@code rate} times per second until the end. A late call does not move the later ones. */
    Thread pace(double rate, Due due) {
        long start = now();
        return Thread.ofPlatform().daemon().name("pace").start(() -> {
            long number = 0;
            for (long moment = start; !isOver(moment); moment = start + (long) (number * 1e9 / rate)) {
                long wait = moment - now();
                if (wait > 0) {
                    LockSupport.parkNanos(wait);
                } else {
                    due.due(number, moment);
                    number++;
                }
            }
        });
    }

    /** A histogram for times up to an hour, with three digits, that all event loops may record into. */
    static ConcurrentHistogram histogram() {
        return new ConcurrentHistogram(TimeUnit.HOURS.toNanos(1), 3);
    }
}
