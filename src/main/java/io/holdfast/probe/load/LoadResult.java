package io.holdfast.probe.load;

/** The result of one load on one target. */
public interface LoadResult {

    /** The target, as the user gave it. */
    String target();

    /** Whether every connection stayed open, and every message came exactly once. */
    boolean isWell();

    /** Whether no connection reached a server. */
    boolean isUnreachable();
}
