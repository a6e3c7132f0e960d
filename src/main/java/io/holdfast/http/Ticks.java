// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The schedule of a stream's ticks. Ticks stay at multiples of the interval since the start, so that delays do not add up.
 * Ticks that a slow reader missed are skipped.
 *
 * <p>Confined to the code that writes the stream. Times are nanoseconds of the monotonic clock.
 */
final class Ticks {

    /** What to do now. */
    sealed interface Step {

        /** Send these bytes, then ask again. */
        record Send(String text, int ticks) implements Step {}

        /** Do nothing for this long. */
        record Wait(long nanos) implements Step {}

        /** The stream is over. */
        record End() implements Step {}
    }

    /** Bytes of one write when the client sets the pace: enough to keep a socket busy. */
    static final int BATCH = 32 * 1024;

    private final StreamFormat format;
    private final String message;
    private final long interval;
    private final long last;
    private final @Nullable Long endsAt;
    private final InstantSource clock;
    private final int batch;

    private long number;
    private long nextTick;

    /**
     * @param number of the last tick that the client has seen, 0 if none
     * @param now nanoseconds of the monotonic clock
     * @param batch bytes that leave together if the client sets the pace; 0 for each tick by itself
     */
    Ticks(StreamFormat format, StreamParameters parameters, long number, InstantSource clock, long now, int batch) {
        this.format = format;
        this.message = format.escape(parameters.message());
        this.interval = parameters.interval().toNanos();
        Long count = parameters.count();
        this.last = count == null ? Long.MAX_VALUE : count;
        Duration duration = parameters.duration();
        this.endsAt = duration == null ? null : (Long) (now + duration.toNanos());
        this.clock = clock;
        this.batch = batch;
        this.number = number;
        this.nextTick = now;
    }

    /** Whether the client sets the pace. */
    boolean isUnpaced() {
        return interval == 0;
    }

    Step next(long now) {
        if (number >= last || (endsAt != null && now - endsAt >= 0)) {
            return new Step.End();
        }
        if (isUnpaced()) {
            return batch();
        }
        if (now - nextTick >= 0) {
            nextTick += interval;
            if (now - nextTick >= 0) {
                nextTick += ((now - nextTick) / interval + 1) * interval;
            }
            return new Step.Send(tick(), 1);
        }
        long wait = nextTick - now;
        return new Step.Wait(endsAt == null ? wait : Math.min(wait, endsAt - now));
    }

    private Step.Send batch() {
        StringBuilder text = new StringBuilder(batch);
        int ticks = 0;
        do {
            text.append(tick());
            ticks++;
        } while (text.length() < batch && number < last);
        return new Step.Send(text.toString(), ticks);
    }

    private String tick() {
        number++;
        return format.tick(number, clock.instant(), message);
    }
}
