package io.holdfast.jetty;

import io.holdfast.delivery.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A Jetty end point as a {@link Wire}, for a connection that takes the place of an HTTP one. */
public abstract class JettyConnection extends AbstractConnection
        implements Connection.UpgradeTo, SocketCounts.Counted, Wire, Callback {

    /** Of a DATA frame. */
    private static final int FRAME_HEADER = 9;

    private final Connector connector;
    private final ReadInterest readInterest;

    // The current write; set before it begins.
    private volatile @Nullable Completion completion;
    private volatile ByteBuffer @Nullable [] batch;

    // Each is written by one thread at a time: the one that reads, and the one that writes.
    private long bytesIn;
    private long bytesOut;

    private long requestsBefore;

    @SuppressWarnings("this-escape") // nothing is read before the connection is opened
    protected JettyConnection(EndPoint endPoint, Connector connector) {
        super(endPoint, connector.getExecutor());
        this.connector = connector;
        this.readInterest = new ReadInterest(endPoint, this::onFillable);
    }

    protected final Connector connector() {
        return connector;
    }

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
    public void write(ByteBuffer[] bytes, Completion done) {
        ByteBuffer[] parts = bytes;
        if (getEndPoint() instanceof Http2EndPoint) {
            parts = new ByteBuffer[] {Http2EndPoint.inOne(bytes)};
            bytesOut += FRAME_HEADER;
        }
        for (ByteBuffer part : parts) {
            bytesOut += part.remaining();
        }
        completion = done;
        batch = parts;
        if (getEndPoint() instanceof ChannelEndPoint socket) {
            socket.writeThrough(this, parts);
        } else {
            getEndPoint().write(this, parts);
        }
    }

    @Override
    public final void succeeded() {
        batch = null;
        Completion done = completion;
        if (done != null) {
            done.written();
        }
    }

    @Override
    public final void failed(Throwable cause) {
        batch = null;
        Completion done = completion;
        if (done != null) {
            done.failed(cause);
        }
    }

    @Override
    public final InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public long unwrittenBytes() {
        ByteBuffer[] current = batch;
        long bytes = 0;
        if (current != null) {
            for (ByteBuffer part : current) {
                bytes += part.remaining();
            }
        }
        ChannelEndPoint socket = ChannelEndPoint.of(getEndPoint());
        return socket == null ? bytes : bytes + socket.unwrittenBytes();
    }

    @Override
    public boolean hasVanished(Duration limit) {
        ChannelEndPoint socket = ChannelEndPoint.of(getEndPoint());
        return socket != null && socket.hasVanished(limit);
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
        getEndPoint().shutdownOutput();
    }

    @Override
    public void close() {
        getEndPoint().close();
    }

    /** Closes the socket with a TCP reset, whatever wraps it; a stream of HTTP/2 with RST_STREAM. */
    @Override
    public void reset() {
        if (getEndPoint() instanceof Http2EndPoint stream) {
            stream.reset();
            return;
        }
        ChannelEndPoint socket = ChannelEndPoint.of(getEndPoint());
        if (socket != null) {
            socket.closeWithReset();
        }
        getEndPoint().close();
    }
}
