package io.holdfast.probe.load;

import org.jspecify.annotations.Nullable;

/** The result of one load on one target. */
public interface LoadResult {

    /** The target, as the user gave it. */
    String target();

    /** Whether every connection stayed open, and every message came exactly once. */
    boolean isWell();

    /** Whether no connection reached a server. */
    boolean isUnreachable();

    /** Why the server refused access; null if it did not. */
    @Nullable
    String denied();
}
