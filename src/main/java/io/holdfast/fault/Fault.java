package io.holdfast.fault;

import org.jspecify.annotations.Nullable;

/**
 * What is to go wrong on one connection.
 *
 * @param cut null for none
 */
public record Fault(Lag lag, @Nullable Cut cut) {

    /** Nothing. */
    public static final Fault NONE = new Fault(Lag.NONE, null);

    public boolean isNone() {
        return lag.isNone() && cut == null;
    }
}
