// SPDX-License-Identifier: Apache-2.0
package io.holdfast.time;

/**
 * A clock for measuring intervals. It never goes back and is unrelated to the time of day.
 *
 * <p>The service has one, a bean. Everything that measures time is handed this one, so that a test can move it.
 */
@FunctionalInterface
public interface MonotonicClock {

    /** Nanoseconds since an arbitrary origin. Only the difference of two readings has a meaning. */
    long nanos();
}
