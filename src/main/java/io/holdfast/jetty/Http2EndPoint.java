// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Channel;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;

/**
 * One stream of an HTTP/2 session as an end point: bytes are the payload of DATA frames, the end of output is END_STREAM, a
 * reset is RST_STREAM. What happens to it does not affect the session's other streams.
 *
 * <p>One write at a time. Reading is confined to one thread at a time; all else is safe from any thread.
 */
public final class Http2EndPoint implements EndPoint, HTTP2Channel.Server {

    private static final Callback NOTHING = Callback.from(InvocationType.NON_BLOCKING, () -> {});

    private final HTTP2Stream stream;
    private final AtomicReference<@Nullable Callback> reader = new AtomicReference<>();
    private volatile @Nullable Connection connection;
    private volatile boolean inputEnded;

    // Guarded by this.
    private Stream.@Nullable Data unread;
    private boolean writing;
    private boolean endAsked;
    private boolean endWritten;
    private volatile boolean closed;

    Http2EndPoint(HTTP2Stream stream) {
        this.stream = stream;
    }

    /** Takes the stream over from HTTP, whose answer has begun. */
    void take(Connection successor) {
        stream.setAttachment(this);
        upgrade(successor);
        if (stream.isClosed()) {
            // The client reset it while HTTP had it.
            close(null);
        }
    }

    /** Whether the client has ended its side, though what it sent may not have been read. */
    public boolean isInputComplete() {
        return stream.isRemotelyClosed();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return socket().getLocalSocketAddress();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return socket().getRemoteSocketAddress();
    }

    @Override
    public SslSessionData getSslSessionData() {
        return socket().getSslSessionData();
    }

    /** Of the whole session. */
    private EndPoint socket() {
        return stream.getSession().getEndPoint();
    }

    @Override
    public long getCreatedTimeStamp() {
        return socket().getCreatedTimeStamp();
    }

    @Override
    public Object getTransport() {
        return stream;
    }

    // Writing

    /** @param buffers one, or several that are copied into one */
    @Override
    public void write(Callback callback, ByteBuffer... buffers) {
        ByteBuffer bytes = inOne(buffers);
        boolean refused;
        synchronized (this) {
            refused = endAsked || closed;
            writing = !refused;
        }
        if (refused) {
            callback.failed(new EofException("The output has ended"));
        } else {
            stream.data(new DataFrame(stream.getId(), bytes, false), new Write(callback));
        }
    }

    static ByteBuffer inOne(ByteBuffer... buffers) {
        if (buffers.length == 1) {
            return buffers[0];
        }
        ByteBuffer one = ByteBuffer.allocate((int) BufferUtil.remaining(buffers));
        for (ByteBuffer buffer : buffers) {
            one.put(buffer);
        }
        return one.flip();
    }

    private final class Write extends Callback.Nested {

        Write(Callback callback) {
            super(callback);
        }

        /** Before the writer is told, as it may write again at once. */
        private void over() {
            boolean end;
            synchronized (Http2EndPoint.this) {
                writing = false;
                end = endAsked;
            }
            if (end) {
                writeEnd();
            }
        }

        @Override
        public void succeeded() {
            over();
            super.succeeded();
        }

        @Override
        public void failed(Throwable cause) {
            over();
            super.failed(cause);
        }
    }

    @Override
    public void shutdownOutput() {
        synchronized (this) {
            if (endAsked) {
                return;
            }
            endAsked = true;
            if (writing) {
                return;
            }
        }
        writeEnd();
    }

    private void writeEnd() {
        stream.data(
                new DataFrame(stream.getId(), BufferUtil.EMPTY_BUFFER, true),
                Callback.from(InvocationType.NON_BLOCKING, this::ended, failure -> ended()));
    }

    private void ended() {
        synchronized (this) {
            endWritten = true;
            if (!closed && !stream.isClosed()) {
                // The client has not ended its side.
                return;
            }
        }
        if (closed) {
            leave();
        } else {
            close(null);
        }
    }

    @Override
    public synchronized boolean isOutputShutdown() {
        return endAsked;
    }

    @Override
    public boolean flush(ByteBuffer... buffers) {
        throw new UnsupportedOperationException("write is what sends");
    }

    @Override
    public @Nullable Callback cancelWrite(Throwable cause) {
        close(cause);
        return null;
    }

    // Ending

    @Override
    public boolean isOpen() {
        return !closed;
    }

    /** Ends the stream: in good order if all that was written has left, otherwise as {@link #reset} does. */
    @Override
    public void close(@Nullable Throwable cause) {
        end(cause, cause != null);
    }

    /** Ends the stream with RST_STREAM. */
    public void reset() {
        end(null, true);
    }

    private void end(@Nullable Throwable cause, boolean atOnce) {
        boolean reset;
        boolean ended;
        Stream.Data left;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            reset = atOnce || writing;
            ended = endWritten;
            left = unread;
            unread = null;
        }
        if (left != null) {
            left.release();
        }
        if (reset) {
            reset(ErrorCode.CANCEL_STREAM_ERROR);
        } else if (ended) {
            leave();
        } else {
            shutdownOutput();
        }
        Connection owner = connection;
        if (owner != null) {
            owner.onClose(cause);
        }
    }

    /** The client need not send the rest of its side. */
    private void leave() {
        reset(ErrorCode.NO_ERROR);
        // Jetty keeps a stream whose two sides have ended if nobody reads the end of its input.
        stream.getSession().removeStream(stream);
    }

    private void reset(ErrorCode code) {
        if (!stream.isClosed() && !stream.isReset()) {
            stream.reset(new OwnReset(stream.getId(), code), NOTHING);
        }
    }

    // Reading

    @Override
    public int fill(ByteBuffer room) throws IOException {
        while (!inputEnded) {
            Stream.Data data = next();
            if (data == null) {
                if (closed) {
                    throw new EOFException("The stream is closed");
                }
                return 0;
            }
            int filled = move(data.frame().getByteBuffer(), room);
            finish(data);
            if (filled > 0) {
                return filled;
            }
            if (room.remaining() == room.capacity()) {
                return 0;
            }
        }
        return -1;
    }

    private Stream.@Nullable Data next() {
        synchronized (this) {
            Stream.Data begun = unread;
            if (begun != null) {
                unread = null;
                return begun;
            }
        }
        return stream.readData();
    }

    private static int move(ByteBuffer from, ByteBuffer to) {
        int position = BufferUtil.flipToFill(to);
        int length = Math.min(from.remaining(), to.remaining());
        to.put(to.position(), from, from.position(), length);
        to.position(to.position() + length);
        from.position(from.position() + length);
        BufferUtil.flipToFlush(to, position);
        return length;
    }

    /** Keeps what is left of {@code data}, or releases it. */
    private void finish(Stream.Data data) {
        if (data.frame().getByteBuffer().hasRemaining()) {
            synchronized (this) {
                if (!closed) {
                    unread = data;
                    return;
                }
            }
        } else if (data.frame().isEndStream()) {
            inputEnded = true;
        }
        data.release();
    }

    @Override
    public boolean isInputShutdown() {
        return inputEnded;
    }

    @Override
    public void fillInterested(Callback callback) {
        if (!tryFillInterested(callback)) {
            throw new ReadPendingException();
        }
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        if (!reader.compareAndSet(null, callback)) {
            return false;
        }
        boolean readable;
        synchronized (this) {
            readable = unread != null;
        }
        if (readable) {
            tellReader();
        } else {
            stream.demand();
        }
        return true;
    }

    @Override
    public boolean isFillInterested() {
        return reader.get() != null;
    }

    private void tellReader() {
        Callback waiting = reader.getAndSet(null);
        if (waiting != null) {
            waiting.succeeded();
        }
    }

    @Override
    public @Nullable Runnable onDataAvailable() {
        tellReader();
        return null;
    }

    /** What follows the data of a tunnel or of a request that was answered is not for anybody. */
    @Override
    public @Nullable Runnable onTrailer(HeadersFrame frame) {
        return null;
    }

    // Failures and timeouts

    @Override
    public Runnable onFailure(Throwable failure, Callback callback) {
        close(failure);
        return callback::succeeded;
    }

    /** Heartbeats and deadlines are ours. */
    @Override
    public void onTimeout(TimeoutException timeout, BiConsumer<Runnable, Boolean> consumer) {
        consumer.accept(() -> {}, false);
    }

    /** A session with an open stream is in use, though nothing passes. */
    @Override
    public boolean isIdle() {
        return false;
    }

    @Override
    public long getIdleTimeout() {
        return stream.getIdleTimeout();
    }

    @Override
    public void setIdleTimeout(long idleTimeout) {
        stream.setIdleTimeout(idleTimeout);
    }

    // The connection that has it

    @Override
    public @Nullable Connection getConnection() {
        return connection;
    }

    @Override
    public void setConnection(Connection owner) {
        connection = owner;
    }

    @Override
    public void upgrade(Connection successor) {
        connection = successor;
        successor.onOpen();
    }

    @Override
    public void onOpen() {}

    @Override
    public void onClose(@Nullable Throwable cause) {}

    @Override
    public String toString() {
        return "stream " + stream.getId() + " of " + stream.getSession();
    }
}
