package io.holdfast.fault;

import org.jspecify.annotations.Nullable;

/**
 * What is to go wrong on one connection.
 *
 * @param forcedEnd how it ends; null for no forced end
 */
public record Fault(Delay delay, @Nullable ForcedEnd forcedEnd) {

    /** No fault. */
    public static final Fault NONE = new Fault(Delay.NONE, null);

    public boolean isNone() {
        return delay.isNone() && forcedEnd == null;
    }
}
