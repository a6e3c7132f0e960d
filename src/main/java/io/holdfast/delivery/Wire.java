// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * What a transport does with bytes. A {@link Delivery} decides when.
 *
 * <p>No method blocks. All are safe from any thread, but {@link #write} is called by one thread at a time and not again
 * before its completion was told.
 */
public interface Wire {

    /** Hears what became of a write. */
    interface Completion {

        /** All bytes of the batch were handed to the socket. */
        void written();

        /** The socket failed. Nothing more can be written. */
        void failed(Throwable cause);
    }

    /**
     * Writes all of {@code batch}, in order, and tells {@code completion}, possibly before it returns.
     *
     * @param batch the transport may move the buffers' positions
     */
    void write(ByteBuffer[] batch, Completion completion);

    /** Bytes of the current write that the socket has not taken yet; 0 if there is none. It falls while the peer reads. */
    long unwrittenBytes();

    /**
     * Whether the peer's machine has acknowledged nothing for {@code limit}, although something was sent, as far as the
     * kernel tells. A peer that does not read is acknowledged by its machine.
     */
    default boolean hasVanished(Duration limit) {
        return false;
    }

    /** Stops reading from the socket. What was read before is still handled. */
    void pauseReading();

    /** Reads on after {@link #pauseReading}. */
    void resumeReading();

    /** Reads once although reading is paused. Only a read shows that the peer has ended its side. */
    void readOnce();

    /** Sends a FIN: the peer reads an end of input. */
    void shutdownOutput();

    /** The last byte was written: ends our side as the protocol does, by a FIN or by giving the socket back to HTTP. */
    default void endOutput() {
        shutdownOutput();
    }

    /** Ends our side within what the protocol sends, so that the peer sees that something is missing. */
    default void breakOff() {
        shutdownOutput();
    }

    /** Closes the socket. */
    void close();

    /** Closes the socket with a TCP reset. */
    void reset();
}
