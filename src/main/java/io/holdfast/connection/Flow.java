package io.holdfast.connection;

/**
 * The back pressure of one open connection, for whoever joins it to another one.
 *
 * <p>Safe from any thread.
 */
public interface Flow {

    /** Reads nothing more from the peer until {@link #resumeReading()}; what was read before is still handed on. */
    void pauseReading();

    void resumeReading();

    /** Whether the peer keeps up: false while more waits to be sent than the connection likes to hold. */
    boolean isWritable();

    /** Runs {@code action} each time the peer caught up again, on the thread that found out: it must not block. */
    void onWritable(Runnable action);
}
