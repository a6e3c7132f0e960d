package io.holdfast.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * What a client sent ahead while its stream was under way, and whose the socket is: the stream's until that is over, then
 * once HTTP's. Both may change at the same moment. Safe from any thread.
 */
final class NextRequest {

    private @Nullable ByteBuffer bytes;
    private boolean streamOver;
    private boolean handedBack;

    synchronized void keep(ByteBuffer come) {
        if (come.hasRemaining()) {
            bytes = come;
        }
    }

    /** Null if nothing came. */
    synchronized @Nullable ByteBuffer bytes() {
        return bytes;
    }

    /**
     * Reads into {@code room} and keeps what came, unless the stream is over.
     *
     * @return as {@link EndPoint#fill}
     */
    synchronized int read(EndPoint endPoint, ByteBuffer room) throws IOException {
        int filled = streamOver ? 0 : endPoint.fill(room);
        keep(room);
        return filled;
    }

    /** The stream is over; false if that was known. */
    synchronized boolean endStream() {
        boolean first = !streamOver;
        streamOver = true;
        return first;
    }

    synchronized boolean isStreamOver() {
        return streamOver;
    }

    /** HTTP is to have the socket; false if it had been given it. */
    synchronized boolean handBack() {
        boolean first = !handedBack;
        handedBack = true;
        return first;
    }
}
