// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import io.holdfast.delivery.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EventListener;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A Jetty end point as a {@link Wire}, for a connection that takes the place of an HTTP one. */
public abstract class JettyConnection implements Connection, Connection.UpgradeTo, SocketCounts.Counted, Wire {

    /** Of a DATA frame. */
    private static final int FRAME_HEADER = 9;

    private final EndPoint endPoint;
    private final Connector connector;
    private final ReadInterest readInterest;

    /** The current write, if it is not one to the socket itself. */
    private volatile @Nullable WrappedWrite wrapped;

    // Each is written by one thread at a time: the one that reads, and the one that writes.
    private long bytesIn;
    private long bytesOut;

    private long requestsBefore;

    @SuppressWarnings("this-escape") // nothing is read before the connection is opened
    protected JettyConnection(EndPoint endPoint, Connector connector) {
        this.endPoint = endPoint;
        this.connector = connector;
        this.readInterest = new ReadInterest(endPoint, this::onFillable);
    }

    @Override
    public final EndPoint getEndPoint() {
        return endPoint;
    }

    protected final Connector connector() {
        return connector;
    }

    /** Reads what is there, on the event loop. */
    protected abstract void onFillable();

    /** Calls {@link #onFillable} once, when there is something to read. */
    protected final void awaitReadable() {
        readInterest.register();
    }

    /**
     * Continues the counters of the HTTP connection before it. Called before this connection is opened.
     *
     * @param before among the bytes that were read are those that belong to this connection already
     */
    final void startCountersAt(SocketCounts before) {
        bytesIn = before.bytesIn();
        bytesOut = before.bytesOut();
        requestsBefore = before.requests();
    }

    @Override
    public final SocketCounts counts() {
        return new SocketCounts(bytesIn, bytesOut, requestsBefore);
    }

    /** Counts bytes that were read. */
    protected final void received(int bytes) {
        bytesIn += bytes;
    }

    /**
     * Bytes read from the socket, those of the HTTP request included. Over HTTP/2 the payload alone, as a socket's other bytes
     * are of all its streams.
     */
    @Override
    public final long getBytesIn() {
        return bytesIn;
    }

    /** Bytes written to the socket, those of the HTTP response included. Over HTTP/2 those of the stream's DATA frames. */
    @Override
    public final long getBytesOut() {
        return bytesOut;
    }

    @Override
    public final void write(ByteBuffer[] bytes, Completion done) {
        ByteBuffer[] parts = bytes;
        if (endPoint instanceof Http2EndPoint) {
            parts = new ByteBuffer[] {Http2EndPoint.inOne(bytes)};
            bytesOut += FRAME_HEADER;
        }
        bytesOut += BufferUtil.remaining(parts);
        if (endPoint instanceof ChannelEndPoint socket) {
            socket.write(parts, done);
        } else {
            WrappedWrite begun = new WrappedWrite(parts, done);
            wrapped = begun;
            endPoint.write(begun, parts);
        }
    }

    /** A write through TLS or a stream of HTTP/2. */
    private final class WrappedWrite implements Callback {

        private final ByteBuffer[] parts;
        private final Completion done;

        WrappedWrite(ByteBuffer[] parts, Completion done) {
            this.parts = parts;
            this.done = done;
        }

        @Override
        public void succeeded() {
            wrapped = null;
            done.written();
        }

        @Override
        public void failed(Throwable cause) {
            wrapped = null;
            done.failed(cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    @Override
    public final long unwrittenBytes() {
        WrappedWrite current = wrapped;
        long bytes = current == null ? 0 : BufferUtil.remaining(current.parts);
        ChannelEndPoint socket = ChannelEndPoint.of(endPoint);
        return socket == null ? bytes : bytes + socket.unwrittenBytes();
    }

    @Override
    public boolean hasVanished(Duration limit) {
        ChannelEndPoint socket = ChannelEndPoint.of(endPoint);
        return socket != null && socket.hasVanished(limit);
    }

    /** Jetty counts the messages of HTTP alone. */
    @Override
    public final long getMessagesIn() {
        return 0;
    }

    @Override
    public final long getMessagesOut() {
        return 0;
    }

    @Override
    public final long getCreatedTimeStamp() {
        return endPoint.getCreatedTimeStamp();
    }

    /** Nobody listens: the delivery hears of what happens. */
    @Override
    public final void addEventListener(EventListener listener) {}

    @Override
    public final void removeEventListener(EventListener listener) {}

    /** It waits for a next request. Meanwhile heartbeats and deadlines are ours, and there is no such timeout. */
    @Override
    public final boolean onIdleExpired(TimeoutException timeout) {
        return true;
    }

    @Override
    public void pauseReading() {
        readInterest.pause();
    }

    @Override
    public void resumeReading() {
        readInterest.resume();
    }

    @Override
    public void readOnce() {
        readInterest.once();
    }

    @Override
    public void shutdownOutput() {
        endPoint.shutdownOutput();
    }

    @Override
    public void close() {
        endPoint.close();
    }

    /** Closes the socket with a TCP reset, whatever wraps it; a stream of HTTP/2 with RST_STREAM. */
    @Override
    public void reset() {
        if (endPoint instanceof Http2EndPoint stream) {
            stream.reset();
            return;
        }
        ChannelEndPoint socket = ChannelEndPoint.of(endPoint);
        if (socket != null) {
            socket.closeWithReset();
        }
        endPoint.close();
    }
}
