package io.holdfast.fault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The signs of life that a connection is to give.
 *
 * @param interval from one to the next; null for none at all
 */
public record Beat(Kind kind, @Nullable Duration interval) {

    /** What a sign of life looks like. */
    public enum Kind {
        /** None is given. */
        NONE,
        /** What readers of the format pass over. */
        COMMENT,
        /** The transport's ping, or an event called so. */
        PING,
        /** A message like any other. */
        DATA
    }

    static final Beat NONE = new Beat(Kind.NONE, null);
}
