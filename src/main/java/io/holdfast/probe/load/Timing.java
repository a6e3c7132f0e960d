package io.holdfast.probe.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * The clock of a run, and the part of it that counts. Moments are nanoseconds from its start. Safe from any thread.
 */
final class Timing {

    private final long base = System.nanoTime();
    private volatile long from = Long.MAX_VALUE;
    private volatile long until = Long.MAX_VALUE;

    /** Is told of each message that is due. */
    interface Due {

        void due(long number, long moment);
    }

    long now() {
        return System.nanoTime() - base;
    }

    /** What is due in the next {@code nanos} counts. After that nothing is due any more. */
    void count(long nanos) {
        // A little later, so that all threads agree on whether a moment counts.
        long begin = now() + TimeUnit.MILLISECONDS.toNanos(1);
        until = begin + nanos;
        from = begin;
    }

    boolean counts(long moment) {
        return moment >= from && moment < until;
    }

    boolean isOver(long moment) {
        return moment >= until;
    }

    void sleepUntilOver() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(Math.max(0, until - now()));
    }

    /** Calls {@code due} {@code rate} times a second until it is over: later ones as planned if an earlier one was late. */
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

    /** Up to an hour, to three digits; recorded into by all event loops. */
    static ConcurrentHistogram histogram() {
        return new ConcurrentHistogram(TimeUnit.HOURS.toNanos(1), 3);
    }
}
