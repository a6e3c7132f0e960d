// SPDX-License-Identifier: Apache-2.0
package io.holdfast.net;

import io.holdfast.delivery.Wire;
import io.holdfast.delivery.Wire.Completion;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.nio.ByteBuffer;
import java.nio.channels.WritePendingException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The last handler of a socket's pipeline, and what writes to the socket. Bytes are copied into Netty's memory part by part, and
 * counted while they are there.
 *
 * <p>What a subclass does with input is confined to the event loop. All that is here is safe from any thread.
 */
public abstract class SocketHandler extends ChannelInboundHandlerAdapter {

    /** The most that is copied into Netty's memory at a time. */
    protected static final int PART = 32 * 1024;

    /** A shorter copy does not count in the memory budget. */
    protected static final int LARGE = 4 * 1024;

    private static final AtomicIntegerFieldUpdater<SocketHandler> HANDED =
            AtomicIntegerFieldUpdater.newUpdater(SocketHandler.class, "handed");
    private static final AtomicReferenceFieldUpdater<SocketHandler, @Nullable Write> WRITE =
            AtomicReferenceFieldUpdater.newUpdater(SocketHandler.class, Write.class, "write");

    private final SocketChannel channel;
    private final LongConsumer queued;

    /** Bytes that Netty has and the socket has not. */
    private volatile int handed;

    /** The write that is not over. */
    private volatile @Nullable Write write;

    /** @param queued is told how many bytes more, or less, wait in Netty's memory */
    protected SocketHandler(SocketChannel channel, LongConsumer queued) {
        this.channel = channel;
        this.queued = queued;
    }

    protected final SocketChannel channel() {
        return channel;
    }

    /** A write that the socket takes part by part. Its parts are confined to the event loop. */
    public abstract static class Write {

        private final ByteBuffer[] buffers;

        /**
         * Nothing is written yet.
         *
         * @param buffers their positions move
         */
        protected Write(ByteBuffer... buffers) {
            this.buffers = buffers;
        }

        /**
         * Tells the writer. Called once, on any thread.
         *
         * @param cause null if the socket has all bytes */
        public abstract void over(@Nullable Throwable cause);

        private int remaining() {
            int bytes = 0;
            for (ByteBuffer buffer : buffers) {
                bytes += buffer.remaining();
            }
            return bytes;
        }
    }

    private static final class BatchWrite extends Write {

        private final Completion completion;

        BatchWrite(ByteBuffer[] batch, Completion completion) {
            super(batch);
            this.completion = completion;
        }

        @Override
        public void over(@Nullable Throwable cause) {
            if (cause == null) {
                completion.written();
            } else {
                completion.failed(cause);
            }
        }
    }

    /** As {@link Wire#write}. */
    public final void write(ByteBuffer[] batch, Completion completion) {
        begin(new BatchWrite(batch, completion));
    }

    /**
     * Writes all of it.
     *
     * @throws WritePendingException if the one before is not over */
    protected final void begin(Write begun) {
        if (!WRITE.compareAndSet(this, null, begun)) {
            throw new WritePendingException();
        }
        if (isNext()) {
            writePart(begun);
            return;
        }
        try {
            channel.eventLoop().execute(() -> writePart(begun));
        } catch (RejectedExecutionException e) {
            over(begun, e);
        }
    }

    /** The write that is not over, which is forgotten: it is told nothing more. */
    protected final @Nullable Write cancelWrite() {
        return WRITE.getAndSet(this, null);
    }

    protected final boolean isWriting() {
        return write != null;
    }

    /** Why nothing can be written; null if something can. */
    protected @Nullable Throwable refusal() {
        return null;
    }

    /** The socket has taken something. */
    protected void progressed() {}

    @SuppressWarnings("ReferenceEquality") // another one may have begun
    private void writePart(Write current) {
        if (write != current) {
            // It was cancelled.
            return;
        }
        boolean complete = current.remaining() == 0;
        Throwable refused = complete ? null : refusal();
        if (complete || refused != null) {
            over(current, refused);
        } else {
            part(current, current.buffers).run();
        }
    }

    private void over(Write ended, @Nullable Throwable cause) {
        if (WRITE.compareAndSet(this, ended, null)) {
            ended.over(cause);
        }
    }

    /** Whether what is written now may go to Netty at once: nothing that waits for the event loop is to go before. */
    private boolean isNext() {
        return handed == 0 && channel.eventLoop().inEventLoop();
    }

    /** Gives Netty the next bytes of {@code buffers}, at most {@link #PART}. Nobody is told when the socket has them. */
    protected final void hand(ByteBuffer... buffers) {
        boolean next = isNext();
        Part part = part(null, buffers);
        if (next) {
            part.run();
        } else {
            onEventLoop(part);
        }
    }

    /** Bytes that Netty has, or gets when this runs. */
    private final class Part implements Runnable, GenericFutureListener<Future<Void>> {

        private final @Nullable Write whole;
        private final ByteBuf copy;
        private final int bytes;

        /** @param whole of which this is a part, to go on when it is written */
        Part(@Nullable Write whole, ByteBuf copy) {
            this.whole = whole;
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
            HANDED.addAndGet(SocketHandler.this, -bytes);
            if (written.isSuccess()) {
                progressed();
            }
            if (whole != null) {
                if (written.isSuccess()) {
                    writePart(whole);
                } else {
                    SocketHandler.this.over(whole, written.cause());
                }
            }
        }
    }

    /** A copy of the next bytes of {@code buffers}: what they belong to may be used again at any time. */
    private Part part(@Nullable Write whole, ByteBuffer... buffers) {
        int bytes = 0;
        for (ByteBuffer buffer : buffers) {
            bytes = Math.min(PART, bytes + buffer.remaining());
        }
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

    /** Counts bytes that are there from now on, or, if negative, no more. */
    protected final void count(int bytes) {
        if (Math.abs(bytes) > LARGE) {
            queued.accept(bytes);
        }
    }

    /** Bytes that Netty has and the socket has not. */
    protected final int handed() {
        return handed;
    }

    /** As {@link Wire#unwrittenBytes}. */
    public final long unwrittenBytes() {
        Write current = write;
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        if (pending == null) {
            return 0;
        }
        // Netty counts what the socket has taken of a part, and something for each part.
        long inNetty = pending.totalPendingWriteBytes();
        int given = handed;
        return (inNetty == 0 ? given : Math.min(given, inNetty)) + (current == null ? 0 : current.remaining());
    }

    /** As {@link Wire#hasVanished}. */
    public final boolean hasVanished(Duration limit) {
        return SocketTransport.hasVanished(channel, limit);
    }

    /** Sends a FIN after the last write. */
    protected final void sendFin() {
        onEventLoop(() -> LastWrite.after(channel, channel, channel::shutdownOutput));
    }

    /** Closes the socket after the last write, or a little later than now if the peer does not read. */
    protected final void closeSocket() {
        onEventLoop(() -> LastWrite.close(channel, channel, channel::close));
    }

    /** Closes the socket with a TCP reset. */
    protected final void resetSocket() {
        onEventLoop(() -> {
            if (channel.isActive()) {
                channel.config().setSoLinger(0);
            }
            channel.close();
        });
    }

    /** After what runs there now: a connection may close itself while it reads. */
    protected final void onEventLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            // The service has stopped.
            task.run();
        }
    }
}
