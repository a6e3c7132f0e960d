// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a next request that came while a stream was being sent, and who owns the socket: the stream until it is
 * over, then HTTP, once. Both may change at the same time. Safe from any thread.
 */
final class PipelinedInput {

    private @Nullable ByteBuffer bytes;
    private boolean streamOver;
    private boolean handedBack;

    synchronized void keep(ByteBuffer received) {
        if (received.hasRemaining()) {
            bytes = received;
        }
    }

    /** Null if there are none. */
    synchronized @Nullable ByteBuffer bytes() {
        return bytes;
    }

    /**
     * Reads into {@code room} and keeps what was read. Does nothing when the stream has ended.
     *
     * @return as {@link EndPoint#fill}
     */
    synchronized int read(EndPoint endPoint, ByteBuffer room) throws IOException {
        int filled = streamOver ? 0 : endPoint.fill(room);
        keep(room);
        return filled;
    }

    /** Ends the stream; false if it was over already. */
    synchronized boolean endStream() {
        boolean first = !streamOver;
        streamOver = true;
        return first;
    }

    synchronized boolean isStreamOver() {
        return streamOver;
    }

    /** Gives the socket to HTTP; false if HTTP has it already. */
    synchronized boolean handBack() {
        boolean first = !handedBack;
        handedBack = true;
        return first;
    }
}
