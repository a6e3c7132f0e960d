// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import io.holdfast.memory.SharedBytes;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * What one connection has to send. {@link Outbox} is the plain one; a decorator around it, chosen when the connection is
 * accepted, may send later or not at all.
 *
 * <p>Safe from any thread. Nothing blocks, and nothing is dropped without a result that says so.
 */
public interface Outbound {

    /** Hears about the queue, on the thread that caused it. */
    interface Listener {

        /** A write begins. */
        void writing();

        /** All that was added has been handed to the socket. */
        void drained();

        /** The socket failed. Nothing more will be sent. */
        void failed(Throwable cause);

        /** {@code bytes} more wait for the peer to read, or fewer if negative. May be called with a lock held. */
        void waiting(long bytes);
    }

    /** The connection is open. Called once, before anything is added. */
    default void start() {}

    /**
     * Adds one message, copied. It is sent with the next {@link #flush}.
     *
     * @param parts of the message, each read to its end
     * @return false if nothing can be added any more
     */
    boolean append(ByteBuffer... parts);

    /** As {@link #append}, for bytes that end no message: a part of one, a ping, a heartbeat. */
    boolean appendPart(ByteBuffer... parts);

    /**
     * Adds one message by reference. It is sent with the next {@link #flush}.
     *
     * @param message counted in the memory budget once, however many connections have to send it
     * @return false if nothing can be added any more
     */
    boolean offer(SharedBytes message);

    /** Adds one message, copied, as the last one. What is queued is still sent. */
    boolean appendLast(ByteBuffer... parts);

    /** Sends everything that was added. If the socket is busy, it is sent when the current write ends. */
    void flush();

    /** Discards everything that is not being written yet. Used for a peer that does not read. */
    void discardQueued();

    /** Ends it: nothing more is sent, and nothing is kept. */
    void close();

    /** Whether the last message was added and all has been handed to the socket. */
    boolean isFinished();

    /** Whether more waits than {@link OutboxProperties} allow: the peer is a slow consumer. */
    boolean isFull();

    /** Whether less than half of what may wait does wait. */
    boolean hasRoom();

    /** Whether all that was added has been handed on, so that a source may add more. */
    boolean isCaughtUp();

    /** Bytes added and not yet handed to the socket. */
    long pendingBytes();

    /** How long what was added may be held back before it is sent. */
    default Duration delay() {
        return Duration.ZERO;
    }
}
