package io.holdfast.http;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * When a stream sends what. Ticks keep to the beat that began with the stream, so that delays don't add up; those that a
 * slow reader made impossible are skipped, not made up for.
 *
 * <p>Confined to whoever writes the stream. Time is nanoseconds of any monotonic clock.
 */
final class Ticks {

    /** What is to be done now. */
    sealed interface Step {

        /** Send these bytes, then ask again. */
        record Send(String text, int ticks) implements Step {}

        /** Nothing to do for this long. */
        record Wait(long nanos) implements Step {}

        /** The stream is over. */
        record End() implements Step {}
    }

    /** What leaves in one write when the client sets the pace: enough to keep a socket busy, no more. */
    private static final int BATCH = 32 * 1024;

    private final StreamFormat format;
    private final String message;
    private final long interval;
    private final long last;
    private final @Nullable Long endsAt;
    private final InstantSource clock;
    private final int batch;

    private long number;
    private long nextTick;

    /** @param number of the last tick that the client has seen, 0 if none */
    Ticks(StreamFormat format, StreamParameters parameters, long number, InstantSource clock, long now) {
        this(format, parameters, number, clock, now, BATCH);
    }

    /** @param batch bytes that leave together when the client sets the pace; 0 for each tick by itself */
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
