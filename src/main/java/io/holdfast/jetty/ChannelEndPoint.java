// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import io.holdfast.net.SocketHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadPendingException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Netty channel as a Jetty end point. What is written within one round of the event loop goes to the kernel together, which is
 * what makes many small writes to many sockets cheap.
 *
 * <p>Callbacks that do not block run on the event loop. One write at a time; all methods are safe from any thread.
 */
public final class ChannelEndPoint extends SocketHandler implements EndPoint {

    private static final Logger log = LoggerFactory.getLogger(ChannelEndPoint.class);

    private static final AtomicReferenceFieldUpdater<ChannelEndPoint, @Nullable Callback> READER =
            AtomicReferenceFieldUpdater.newUpdater(ChannelEndPoint.class, Callback.class, "reader");

    private final Connector connector;
    private final Consumer<EndPoint> ended;
    private final long created = System.currentTimeMillis();

    private volatile @Nullable Connection connection;

    /** Waits for input. */
    private volatile @Nullable Callback reader;

    /** Null while nothing is closed for being idle. */
    private volatile @Nullable Idle idle;

    // Guarded by this.
    private @Nullable ByteBuf input;
    private int countedInput;
    private boolean inputComplete;

    // Changed only under the lock.
    private volatile boolean inputShutdown;
    private volatile boolean outputShutdown;
    private volatile boolean closed;

    /**
     * @param channel reads only when it is asked to; nothing else is in its pipeline
     * @param queued is told how many bytes more, or less, wait in Netty's memory
     * @param ended is told when the connection has heard of the end
     */
    public ChannelEndPoint(SocketChannel channel, Connector connector, LongConsumer queued, Consumer<EndPoint> ended) {
        super(channel, queued);
        this.connector = connector;
        this.ended = ended;
    }

    /** The one that {@code endPoint} is wrapped around. Null for a stream of HTTP/2. */
    static @Nullable ChannelEndPoint of(EndPoint endPoint) {
        Object inner = endPoint;
        while (!(inner instanceof ChannelEndPoint) && inner instanceof EndPoint outer) {
            inner = outer instanceof EndPoint.Wrapper wrapper ? wrapper.unwrap() : outer.getTransport();
        }
        return inner instanceof ChannelEndPoint socket ? socket : null;
    }

    /** Takes what happens to the channel. */
    @Override
    public void onOpen() {
        channel().pipeline().addLast(this);
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return channel().localAddress();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return channel().remoteAddress();
    }

    @Override
    public long getCreatedTimeStamp() {
        return created;
    }

    @Override
    public Object getTransport() {
        return channel();
    }

    // Reading

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        add((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (hasInput()) {
            tellReader();
        } else if (isFillInterested()) {
            read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            completeInput();
            tellReader();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            log.debug("{} failed: {}", channel(), cause.toString());
        } else {
            log.warn("{} failed", channel(), cause);
        }
        completeInput();
        tellReaderOrClose(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        completeInput();
        tellReaderOrClose(null);
    }

    private void add(ByteBuf bytes) {
        int added = bytes.readableBytes();
        synchronized (this) {
            if (closed) {
                bytes.release();
                return;
            }
            input = input == null ? bytes : joined(input, bytes);
            if (added > LARGE) {
                countedInput += added;
                count(added);
            }
        }
    }

    private ByteBuf joined(ByteBuf first, ByteBuf second) {
        CompositeByteBuf all = first instanceof CompositeByteBuf begun
                ? begun
                : channel().alloc().compositeBuffer(Integer.MAX_VALUE).addComponent(true, first);
        return all.addComponent(true, second);
    }

    private synchronized void releaseInput() {
        if (input != null) {
            input.release();
            input = null;
        }
        if (countedInput > 0) {
            count(-countedInput);
            countedInput = 0;
        }
    }

    private synchronized boolean hasInput() {
        return input != null || inputComplete;
    }

    private synchronized void completeInput() {
        inputComplete = true;
    }

    /** A reader takes a failure for the end of the input, as with Jetty's own end points: it is no fault of the service. */
    private void tellReaderOrClose(@Nullable Throwable cause) {
        if (isFillInterested()) {
            tellReader();
        } else {
            close(cause);
        }
    }

    private void tellReader() {
        Callback waiting = reader;
        if (waiting == null) {
            return;
        }
        if (waiting.getInvocationType() == InvocationType.BLOCKING) {
            connector.getExecutor().execute(this::callReader);
        } else {
            callReader();
        }
    }

    private void callReader() {
        Callback waiting = READER.getAndSet(this, null);
        if (waiting != null) {
            waiting.succeeded();
        }
    }

    private boolean failReader(Throwable cause) {
        Callback waiting = READER.getAndSet(this, null);
        if (waiting != null) {
            waiting.failed(cause);
        }
        return waiting != null;
    }

    @Override
    public void fillInterested(Callback callback) {
        if (!tryFillInterested(callback)) {
            throw new ReadPendingException();
        }
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        notIdle();
        if (!READER.compareAndSet(this, null, callback)) {
            return false;
        }
        if (closed) {
            failReader(new ClosedChannelException());
        } else if (hasInput()) {
            onEventLoop(this::tellReader);
        } else if (channel().eventLoop().inEventLoop()) {
            read();
        } else {
            onEventLoop(this::read);
        }
        return true;
    }

    @Override
    public boolean isFillInterested() {
        return reader != null;
    }

    /** With io_uring, a read that begins after the close, which may wait for a write, would keep the socket open. */
    private void read() {
        if (!closed) {
            channel().read();
        }
    }

    @Override
    public int fill(ByteBuffer room) {
        int filled = move(room);
        if (filled < 0) {
            shutdownInput();
        } else if (filled > 0) {
            notIdle();
        }
        return filled;
    }

    private synchronized int move(ByteBuffer room) {
        ByteBuf from = input;
        if (from == null) {
            return inputComplete || closed ? -1 : 0;
        }
        int position = BufferUtil.flipToFill(room);
        int filled = Math.min(room.remaining(), from.readableBytes());
        from.readBytes(room.slice(room.position(), filled));
        room.position(room.position() + filled);
        BufferUtil.flipToFlush(room, position);
        if (!from.isReadable()) {
            releaseInput();
        } else if (from instanceof CompositeByteBuf parts) {
            parts.discardReadComponents();
        }
        return filled;
    }

    // Writing

    /**
     * Tells {@code callback} when the socket has all bytes, or earlier: a few bytes are as good as written when Netty has them.
     */
    @Override
    public void write(Callback callback, ByteBuffer... buffers) {
        long remaining = BufferUtil.remaining(buffers);
        if (isWriting() || remaining > LARGE - handed()) {
            begin(new CallbackWrite(callback, buffers));
            return;
        }
        Throwable refused = refusal();
        if (refused != null) {
            callback.failed(refused);
            return;
        }
        if (remaining > 0) {
            hand(buffers);
        }
        callback.succeeded();
    }

    private static final class CallbackWrite extends Write {

        private final Callback callback;

        CallbackWrite(Callback callback, ByteBuffer... buffers) {
            super(buffers);
            this.callback = callback;
        }

        @Override
        public void over(@Nullable Throwable cause) {
            if (cause == null) {
                callback.succeeded();
            } else {
                callback.failed(cause);
            }
        }
    }

    @Override
    protected @Nullable Throwable refusal() {
        return isOutputShutdown() ? new EofException("The output has ended") : null;
    }

    /** For TLS, whose records are as good as written when Netty has them. */
    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        if (isOutputShutdown()) {
            throw new EofException("The output has ended");
        }
        if (BufferUtil.isEmpty(buffers)) {
            return true;
        }
        if (handed() > PART / 2) {
            return false;
        }
        hand(buffers);
        return BufferUtil.isEmpty(buffers);
    }

    @Override
    public @Nullable Callback cancelWrite(Throwable cause) {
        return cancelWrite() instanceof CallbackWrite cancelled ? cancelled.callback : null;
    }

    // Ending

    private void shutdownInput() {
        boolean both;
        synchronized (this) {
            if (inputShutdown || closed) {
                return;
            }
            inputShutdown = true;
            both = outputShutdown;
        }
        if (both) {
            close(null);
        }
    }

    @Override
    public boolean isInputShutdown() {
        return inputShutdown || closed;
    }

    @Override
    public void shutdownOutput() {
        boolean both;
        synchronized (this) {
            if (outputShutdown || closed) {
                return;
            }
            outputShutdown = true;
            both = inputShutdown;
        }
        if (both) {
            close(null);
        } else {
            sendFin();
        }
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown || closed;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    /** The connection is told on the event loop. */
    @Override
    public void close(@Nullable Throwable cause) {
        end(cause, false);
    }

    /** Closes the socket with a TCP reset, also if it closes already. */
    void closeWithReset() {
        if (!end(null, true)) {
            resetSocket();
        }
    }

    /** @return false if it has ended before */
    private boolean end(@Nullable Throwable cause, boolean reset) {
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
        }
        if (reset) {
            resetSocket();
        } else {
            closeSocket();
        }
        Idle timeout = idle;
        if (timeout != null) {
            timeout.onClose();
        }
        Throwable reason = cause == null ? new ClosedChannelException() : cause;
        failReader(reason);
        Write unfinished = cancelWrite();
        if (unfinished != null) {
            unfinished.over(reason);
        }
        onEventLoop(() -> {
            releaseInput();
            Connection owner = connection;
            if (owner != null) {
                owner.onClose(cause);
            }
            ended.accept(this);
        });
        return true;
    }

    @Override
    public void onClose(@Nullable Throwable cause) {}

    // The time without traffic

    private final class Idle extends IdleTimeout {

        Idle() {
            super(connector.getScheduler());
        }

        @Override
        public boolean isOpen() {
            return ChannelEndPoint.this.isOpen();
        }

        @Override
        protected void onIdleExpired(TimeoutException timeout) {
            Connection owner = connection;
            if ((owner == null || owner.onIdleExpired(timeout)) && !failReader(timeout)) {
                close(timeout);
            }
        }
    }

    @Override
    protected void progressed() {
        notIdle();
    }

    private void notIdle() {
        Idle timeout = idle;
        if (timeout != null) {
            timeout.notIdle();
        }
    }

    /** @return in ms, 0 if there is none */
    @Override
    public long getIdleTimeout() {
        Idle timeout = idle;
        return timeout == null ? 0 : timeout.getIdleTimeout();
    }

    /** @param millis none if it is not positive */
    @Override
    public synchronized void setIdleTimeout(long millis) {
        Idle timeout = idle;
        if (millis > 0) {
            if (timeout == null) {
                timeout = new Idle();
                idle = timeout;
            }
            timeout.setIdleTimeout(millis);
        } else if (timeout != null) {
            timeout.setIdleTimeout(0);
            idle = null;
        }
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

    /** The one before may have read bytes that are the successor's. */
    @Override
    public void upgrade(Connection successor) {
        Connection before = Objects.requireNonNull(connection);
        ByteBuffer read = before instanceof Connection.UpgradeFrom reader ? reader.onUpgradeFrom() : null;
        before.onClose(null);
        // It may have an end point of its own, around this one.
        before.getEndPoint().setConnection(successor);
        if (BufferUtil.hasContent(read)) {
            ((Connection.UpgradeTo) successor).onUpgradeTo(read);
        }
        successor.onOpen();
    }

    @Override
    public String toString() {
        return "end point of " + channel();
    }
}
