// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Redis works, as the log tells it: one line when it begins to fail, and one when it works again. A failing server
 * fails a thousand times a second, and some of its commands may succeed meanwhile. Safe from any thread.
 */
final class RedisState {

    private static final Logger log = LoggerFactory.getLogger(RedisState.class);

    /** Without a failure for this time, it works again. */
    private static final long QUIET = TimeUnit.SECONDS.toNanos(2);

    private final LongSupplier nanos;

    // Guarded by this.
    private boolean failing;
    private long lastFailure;

    /** @param nanos as {@code MonotonicClock.nanos} */
    RedisState(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A command, a check or an attempt to connect failed. */
    synchronized void failed(Throwable cause) {
        lastFailure = nanos.getAsLong();
        if (!failing) {
            failing = true;
            log.warn("Redis fails: {}", root(cause).toString());
        }
    }

    private static Throwable root(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** It was found for the first time, which has a line of its own. */
    synchronized void connected() {
        failing = false;
    }

    /** A check was answered that was made at {@code askedAt}. */
    synchronized void answered(long askedAt) {
        if (failing && askedAt - lastFailure >= QUIET) {
            failing = false;
            log.info("Redis works again");
        }
    }
}
