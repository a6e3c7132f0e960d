// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is to go wrong on one connection.
 *
 * @param forcedEnd how it ends; null for no forced end
 */
public record Fault(Delay delay, @Nullable ForcedEnd forcedEnd) {

    /** No fault. */
    public static final Fault NONE = new Fault(Delay.NONE, null);

    private static final Duration LONG = Duration.ofSeconds(10);

    /** Whether it keeps memory or a socket of the service for long, on behalf of a client that need not do anything. */
    public boolean holdsResources() {
        return (forcedEnd != null && forcedEnd.mode() == EndMode.STALL)
                || delay.longest().compareTo(LONG) > 0;
    }

    public boolean isNone() {
        return delay.isNone() && forcedEnd == null;
    }
}
