// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

/**
 * The back pressure of one open connection, for code that joins it to another one. Safe from any thread.
 */
public interface BackPressure {

    /** Reads nothing more from the peer until {@link #resumeReading()}. What was read before is still handed on. */
    void pauseReading();

    void resumeReading();

    /** Whether the peer keeps up: false while more bytes wait to be sent than the connection likes to hold. */
    boolean isWritable();

    /** Runs {@code action} each time the peer has caught up, on the thread that noticed: it must not block. */
    void onWritable(Runnable action);
}
