// SPDX-License-Identifier: Apache-2.0
package io.holdfast.time;

import io.github.bucket4j.TimeMeter;

/** The time of token buckets: nanoseconds since {@code start}. Those of the clock may overflow, which a bucket cannot bear. */
public record BucketTime(MonotonicClock clock, long start) implements TimeMeter {

    /** A time that begins now. */
    public static BucketTime of(MonotonicClock clock) {
        return new BucketTime(clock, clock.nanos());
    }

    @Override
    public long currentTimeNanos() {
        return clock.nanos() - start;
    }

    @Override
    public boolean isWallClockBased() {
        return false;
    }
}
