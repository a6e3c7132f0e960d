// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.access.Principal;
import io.holdfast.connection.Admission;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.ConnectionRequest;
import io.holdfast.connection.Transport;
import io.holdfast.connection.TransportHandle;
import io.holdfast.time.Cancellable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends every byte back. All that one read returned leaves in one write; nothing is read while the peer does not read;
 * after its FIN, what has not been sent yet is sent before ours.
 *
 * <p>It hands Netty's buffers back without a copy, and so has no outbox: Netty's own queue is bounded by not reading.
 * Confined to its channel's event loop, but for what {@link TransportHandle} allows from any thread.
 */
final class EchoConnection extends ChannelInboundHandlerAdapter implements TransportHandle, ProtocolHandler {

    static final String KIND = "echo";

    private static final Logger log = LoggerFactory.getLogger(EchoConnection.class);

    private final Pipelines shared;
    private final Channel channel;
    private final @Nullable String label;
    private @Nullable Connection connection;
    private @Nullable ChannelOutboundBuffer queue;
    private @Nullable Cancellable idle;
    private long counted;
    private volatile @Nullable Cancellable closeDeadline;

    /** @param label the connection's name; null for none */
    EchoConnection(Pipelines shared, Channel channel, @Nullable String label) {
        this.shared = shared;
        this.channel = channel;
        this.label = label;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        switch (shared.connections()
                .admit(new ConnectionRequest(Transport.TCP, KIND, remote, label, Principal.NOBODY))) {
            case Admission.Refused refused -> context.close();
            case Admission.Admitted(Connection admitted) -> start(admitted);
        }
    }

    @Override
    public void start(Connection admitted) {
        connection = admitted;
        queue = channel.unsafe().outboundBuffer();
        if (admitted.open(this)) {
            idle = shared.deliveries().keepAlives().closeWhenIdle(admitted);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancel(idle);
        if (connection != null) {
            connection.closed(CloseReason.CLIENT);
        }
        cancel(closeDeadline);
        count(0);
    }

    private static void cancel(@Nullable Cancellable started) {
        if (started != null) {
            started.cancel();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (connection == null) {
            ReferenceCountUtil.release(message);
            return;
        }
        connection.alive();
        count(connection, ((ByteBuf) message).readableBytes());
        context.write(message, context.voidPromise());
    }

    /** Counts what one read returned, and its echo. */
    static void count(Connection connection, int bytes) {
        connection.received(bytes);
        connection.messageReceived();
        connection.sent(bytes);
        connection.messageSent();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        context.flush();
        if (!channel.isWritable()) {
            count(heldBytes());
        }
    }

    /** The size of all buffers in the queue. A read may have filled a small part of one. */
    private long heldBytes() throws Exception {
        ChannelOutboundBuffer waiting = queue;
        if (waiting == null) {
            return 0;
        }
        long[] held = new long[1];
        waiting.forEachFlushedMessage(message -> {
            held[0] += ((ByteBuf) message).capacity();
            return true;
        });
        return held[0];
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        boolean writable = channel.isWritable();
        channel.config().setAutoRead(writable);
        if (writable) {
            count(0);
        }
    }

    /** Only a long queue is counted: most connections never have one. */
    private void count(long queued) {
        shared.deliveries().addQueued(queued - counted);
        if (connection != null) {
            connection.waiting(queued - counted);
        }
        counted = queued;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            closeWhenSent();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            log.debug("{} ended: {}", channel, cause.toString());
        } else {
            log.warn("{} failed", channel, cause);
            if (connection != null) {
                connection.closing(CloseReason.ERROR);
            }
        }
        context.close();
    }

    /** Raw bytes have no goodbye: the peer gets the rest of its echo, then our FIN. */
    @Override
    public void close(CloseReason reason) {
        closeWhenSent();
        Cancellable deadline = shared.timers().after(shared.deliveries().closing(), channel::close);
        closeDeadline = deadline;
        if (!channel.isActive()) {
            deadline.cancel();
        }
    }

    @Override
    public void abort() {
        channel.close();
    }

    private void closeWhenSent() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public long queuedBytes() {
        ChannelOutboundBuffer waiting = queue;
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }
}
