package io.holdfast.tcp;

import io.holdfast.connection.Connection;
import io.holdfast.connection.LifeSigns;
import io.holdfast.connection.Link;
import io.holdfast.connection.Outbox;
import io.holdfast.connection.OutboxProperties;
import io.holdfast.fault.Fault;
import io.holdfast.fault.FaultyOutbox;
import io.holdfast.time.Cancellable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with raw bytes: each write is a message, and an empty one the last. What is held back makes the channel
 * unwritable, as what waits in the socket does.
 */
final class EchoFault extends TcpCut implements Outbox.Listener {

    private static final int HIGH_WATER = 64 * 1024;
    private static final int WRITABILITY = 1;

    private final FaultyOutbox outbox;
    private @Nullable ChannelHandlerContext context;
    private volatile @Nullable ChannelPromise last;

    EchoFault(
            SocketChannel channel, Fault fault, LifeSigns lifeSigns, ByteBufferPool buffers, OutboxProperties limits) {
        super(channel);
        this.outbox = new FaultyOutbox(fault, lifeSigns, this::write, buffers, limits, this, this);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    void opened(Connection admitted, Link side, @Nullable Cancellable signs) {
        super.opened(admitted, side, signs);
        outbox.start();
    }

    @Override
    public void write(ChannelHandlerContext here, Object message, ChannelPromise promise) {
        ByteBuf bytes = (ByteBuf) message;
        if (bytes.isReadable()) {
            outbox.append(bytes.nioBuffer());
            promise.trySuccess();
            weigh();
        } else {
            last = promise;
            outbox.appendLast();
        }
        bytes.release();
    }

    @Override
    public void flush(ChannelHandlerContext here) {
        outbox.flush();
    }

    private void write(Callback done, ByteBuffer... batch) {
        Objects.requireNonNull(context)
                .writeAndFlush(Unpooled.wrappedBuffer(batch))
                .addListener(written -> {
                    if (written.isSuccess()) {
                        done.succeeded();
                    } else {
                        done.failed(written.cause());
                    }
                });
    }

    @Override
    public void drained() {
        ChannelPromise promise = last;
        if (promise != null && outbox.isSpent()) {
            promise.trySuccess();
        } else if (channel.eventLoop().inEventLoop()) {
            weigh();
        } else {
            channel.eventLoop().execute(this::weigh);
        }
    }

    private void weigh() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        if (waiting != null) {
            waiting.setUserDefinedWritability(WRITABILITY, outbox.pending() <= HIGH_WATER);
        }
    }

    @Override
    public void failed(Throwable cause) {
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext here) {
        outbox.close();
        here.fireChannelInactive();
    }
}
