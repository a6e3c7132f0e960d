package io.holdfast.jetty;

import io.holdfast.net.SocketTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritePendingException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
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
public final class ChannelEndPoint extends AbstractEndPoint {

    private static final Logger log = LoggerFactory.getLogger(ChannelEndPoint.class);

    /** The most that is copied into Netty's memory at a time. */
    private static final int PART = 32 * 1024;

    /** A shorter copy does not count in the memory budget. */
    private static final int LARGE = 4 * 1024;

    /** How long a close waits for bytes that Netty has, if the peer does not read them. */
    private static final int LAST_WRITE_MILLIS = 200;

    private static final AtomicIntegerFieldUpdater<ChannelEndPoint> HANDED =
            AtomicIntegerFieldUpdater.newUpdater(ChannelEndPoint.class, "handed");
    private static final AtomicReferenceFieldUpdater<ChannelEndPoint, @Nullable Write> WRITE =
            AtomicReferenceFieldUpdater.newUpdater(ChannelEndPoint.class, Write.class, "write");

    private final SocketChannel channel;
    private final Connector connector;
    private final LongConsumer queued;
    private final Consumer<EndPoint> closed;

    // Guarded by this.
    private @Nullable ByteBuf input;
    private int countedInput;
    private boolean inputEnded;

    /** Bytes that Netty has and the socket has not. */
    private volatile int handed;

    /** The write that is not over. */
    private volatile @Nullable Write write;

    /** What follows the last write. Confined to the event loop. */
    private @Nullable Runnable last;

    private volatile boolean reset;

    /**
     * @param channel reads only when it is asked to; nothing else is in its pipeline
     * @param queued is told how many bytes more, or less, wait in Netty's memory
     * @param closed is told when the connection has heard of the end
     */
    public ChannelEndPoint(SocketChannel channel, Connector connector, LongConsumer queued, Consumer<EndPoint> closed) {
        super(connector.getScheduler());
        this.channel = channel;
        this.connector = connector;
        this.queued = queued;
        this.closed = closed;
    }

    /** The one that {@code endPoint} is wrapped around. Null for a stream of HTTP/2. */
    static @Nullable ChannelEndPoint of(EndPoint endPoint) {
        Object inner = endPoint;
        while (!(inner instanceof ChannelEndPoint) && inner instanceof EndPoint outer) {
            inner = outer instanceof EndPoint.Wrapper wrapper ? wrapper.unwrap() : outer.getTransport();
        }
        return inner instanceof ChannelEndPoint socket ? socket : null;
    }

    /** Takes what happens to the channel, and gives it to the connector's first protocol. */
    @Override
    public void onOpen() {
        super.onOpen();
        channel.pipeline().addLast(new Events());
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return channel.localAddress();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return channel.remoteAddress();
    }

    @Override
    public Object getTransport() {
        return channel;
    }

    /** As {@link io.holdfast.delivery.Wire#hasVanished}. */
    boolean hasVanished(Duration limit) {
        return SocketTransport.hasVanished(channel, limit);
    }

    // Reading

    private final class Events extends ChannelInboundHandlerAdapter {

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
                endInput();
                tellReader();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof IOException) {
                log.debug("{} failed: {}", channel, cause.toString());
            } else {
                log.warn("{} failed", channel, cause);
            }
            endInput();
            tellReaderOrClose(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            endInput();
            tellReaderOrClose(null);
        }
    }

    private void add(ByteBuf bytes) {
        int added = bytes.readableBytes();
        synchronized (this) {
            if (!isOpen()) {
                bytes.release();
                return;
            }
            if (input == null) {
                input = bytes;
            } else {
                input = joined(input, bytes);
            }
            if (added > LARGE) {
                countedInput += added;
                queued.accept(added);
            }
        }
    }

    /** The caller holds the lock. */
    private void releaseInput() {
        if (input != null) {
            input.release();
            input = null;
        }
        if (countedInput > 0) {
            queued.accept(-countedInput);
            countedInput = 0;
        }
    }

    private ByteBuf joined(ByteBuf first, ByteBuf second) {
        CompositeByteBuf all = first instanceof CompositeByteBuf begun
                ? begun
                : channel.alloc().compositeBuffer(Integer.MAX_VALUE).addComponent(true, first);
        return all.addComponent(true, second);
    }

    private synchronized boolean hasInput() {
        return input != null || inputEnded;
    }

    private synchronized void endInput() {
        inputEnded = true;
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
        if (getFillInterest().getCallbackInvocationType() != InvocationType.BLOCKING) {
            getFillInterest().fillable();
        } else if (isFillInterested()) {
            connector.getExecutor().execute(getFillInterest()::fillable);
        }
    }

    @Override
    protected void needsFillInterest() throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        if (hasInput()) {
            channel.eventLoop().execute(this::tellReader);
        } else if (channel.eventLoop().inEventLoop()) {
            read();
        } else {
            channel.eventLoop().execute(this::read);
        }
    }

    /** With io_uring, a read that begins after the close, which may wait for a write, would keep the socket open. */
    private void read() {
        if (isOpen()) {
            channel.read();
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
            return inputEnded || !isOpen() ? -1 : 0;
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
        if (write == null && remaining <= LARGE - handed) {
            Throwable refused = refusal();
            if (refused != null) {
                callback.failed(refused);
                return;
            }
            if (remaining > 0) {
                hand(buffers);
            }
            callback.succeeded();
        } else {
            writeThrough(callback, buffers);
        }
    }

    /** Tells {@code callback} when the socket has all bytes. */
    void writeThrough(Callback callback, ByteBuffer... buffers) {
        Write begun = new Write(callback, buffers);
        if (!WRITE.compareAndSet(this, null, begun)) {
            throw new WritePendingException();
        }
        if (isNext(handed)) {
            begun.run();
            return;
        }
        try {
            channel.eventLoop().execute(begun);
        } catch (RejectedExecutionException e) {
            begun.over(e);
        }
    }

    /**
     * Whether a task may run at once.
     *
     * @param handed bytes that were given to Netty before: by a task that may still wait for the event loop
     */
    private boolean isNext(int handed) {
        return handed == 0 && channel.eventLoop().inEventLoop();
    }

    private @Nullable Throwable refusal() {
        return isOutputShutdown() ? new EofException("The output has ended") : null;
    }

    /** A write that the socket takes part by part. Its parts are confined to the event loop. */
    private final class Write implements Runnable {

        private final Callback callback;
        private final ByteBuffer[] buffers;

        Write(Callback callback, ByteBuffer[] buffers) {
            this.callback = callback;
            this.buffers = buffers;
        }

        /** Hands Netty the next part. */
        @Override
        public void run() {
            if (write != this) {
                // It was cancelled.
                return;
            }
            Throwable refused = BufferUtil.isEmpty(buffers) ? null : refusal();
            if (refused != null || BufferUtil.isEmpty(buffers)) {
                over(refused);
            } else {
                part(this, buffers).run();
            }
        }

        void over(@Nullable Throwable cause) {
            if (!WRITE.compareAndSet(ChannelEndPoint.this, this, null)) {
                return;
            }
            if (cause == null) {
                callback.succeeded();
            } else {
                callback.failed(cause);
            }
        }
    }

    /** Bytes that Netty has, or gets when this runs. */
    private final class Part implements Runnable, GenericFutureListener<Future<Void>> {

        private final @Nullable Write write;
        private final ByteBuf copy;
        private final int bytes;

        /** @param write of which this is a part, to go on when it is written */
        Part(@Nullable Write write, ByteBuf copy) {
            this.write = write;
            this.copy = copy;
            this.bytes = copy.readableBytes();
        }

        @Override
        public void run() {
            channel.writeAndFlush(copy).addListener(this);
        }

        @Override
        public void operationComplete(Future<Void> written) {
            count(-bytes);
            int left = HANDED.addAndGet(ChannelEndPoint.this, -bytes);
            if (written.isSuccess()) {
                notIdle();
            }
            if (write != null) {
                if (written.isSuccess()) {
                    write.run();
                } else {
                    write.over(written.cause());
                }
            }
            Runnable next = last;
            if (left == 0 && next != null) {
                last = null;
                afterLastWrite(next);
            }
        }
    }

    /** Gives Netty the next bytes of {@code buffers}. */
    private void hand(ByteBuffer... buffers) {
        boolean next = isNext(handed);
        Part part = part(null, buffers);
        if (next) {
            part.run();
        } else {
            onEventLoop(part);
        }
    }

    /** A copy of the next bytes of {@code buffers}: what they belong to may be used again at any time. */
    private Part part(@Nullable Write whole, ByteBuffer... buffers) {
        int bytes = (int) Math.min(PART, BufferUtil.remaining(buffers));
        ByteBuf copy = channel.alloc().directBuffer(bytes, bytes);
        for (ByteBuffer buffer : buffers) {
            int next = Math.min(buffer.remaining(), copy.writableBytes());
            if (next > 0) {
                copy.writeBytes(buffer.slice(buffer.position(), next));
                buffer.position(buffer.position() + next);
            }
        }
        HANDED.addAndGet(this, bytes);
        count(bytes);
        return new Part(whole, copy);
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
        if (handed > PART / 2) {
            return false;
        }
        hand(buffers);
        return BufferUtil.isEmpty(buffers);
    }

    /** Bytes that were written here and that the socket has not taken. */
    int unwrittenBytes() {
        return handed;
    }

    @Override
    public @Nullable Callback cancelWrite(Throwable cause) {
        Write cancelled = WRITE.getAndSet(this, null);
        return cancelled == null ? null : cancelled.callback;
    }

    /** Not used: {@link #write} does not flush. */
    @Override
    protected void onIncompleteFlush() {
        throw new UnsupportedOperationException();
    }

    private void count(int bytes) {
        if (Math.abs(bytes) > LARGE) {
            queued.accept(bytes);
        }
    }

    // Ending

    /** Closes the socket with a TCP reset. */
    void closeWithReset() {
        reset = true;
        close();
        // It may wait for its last write already.
        onEventLoop(this::resetSocket);
    }

    private void resetSocket() {
        if (channel.isActive()) {
            channel.config().setSoLinger(0);
        }
        channel.close();
    }

    @Override
    protected void doShutdownOutput() {
        onEventLoop(() -> afterLastWrite(channel::shutdownOutput));
    }

    @Override
    protected void doClose() {
        onEventLoop(() -> {
            if (reset) {
                resetSocket();
                return;
            }
            afterLastWrite(channel::close);
            if (channel.isOpen()) {
                Future<?> limit =
                        channel.eventLoop().schedule(() -> channel.close(), LAST_WRITE_MILLIS, TimeUnit.MILLISECONDS);
                channel.closeFuture().addListener(closed -> limit.cancel(false));
            }
        });
    }

    /** Both would cancel what Netty has not written yet. */
    private void afterLastWrite(Runnable end) {
        if (handed == 0) {
            end.run();
        } else {
            last = end;
        }
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        Write unfinished = write;
        if (unfinished != null) {
            unfinished.over(cause == null ? new ClosedChannelException() : cause);
        }
        onEventLoop(() -> {
            synchronized (this) {
                releaseInput();
            }
            Connection owner = getConnection();
            if (owner != null) {
                owner.onClose(cause);
            }
            closed.accept(this);
        });
    }

    /** After what runs there now: a connection may close itself while it reads. */
    private void onEventLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            // The service has stopped.
            task.run();
        }
    }
}
