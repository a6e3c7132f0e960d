package io.holdfast.tcp;

import io.holdfast.access.Principal;
import io.holdfast.connection.Admission;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.ConnectionRequest;
import io.holdfast.connection.Transport;
import io.holdfast.delivery.Delivery;
import io.holdfast.delivery.Wire;
import io.holdfast.net.SocketTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Netty channel as a {@link Wire}, and the last handler of its pipeline. Handling input is confined to the channel's
 * event loop; what {@link Wire} has is safe from any thread.
 */
abstract class TcpConnection extends ChannelInboundHandlerAdapter implements Wire, ProtocolHandler {

    private static final Logger log = LoggerFactory.getLogger(TcpConnection.class);

    /** A larger batch is handed to Netty in parts: it copies them into memory of its own. */
    private static final int LARGE_BATCH = 64 * 1024;

    /** A shorter copy does not count in the memory budget. */
    private static final int LARGE_COPY = 4 * 1024;

    private static final int RESET_CHECK_MILLIS = 500;

    private final Pipelines shared;
    private final String kind;
    private final SocketChannel channel;
    private final Principal principal;
    private @Nullable Delivery delivery;

    /** Bytes of the batch that Netty has not been given yet. */
    private volatile int waiting;

    /**
     * @param kind what the connection is for, as {@code echo}
     * @param principal who the peer is when it connects
     */
    TcpConnection(Pipelines shared, String kind, SocketChannel channel, Principal principal) {
        this.principal = principal;
        this.shared = shared;
        this.kind = kind;
        this.channel = channel;
    }

    /** Makes the delivery of this connection, which was admitted. */
    abstract Delivery deliver(Connection admitted);

    /** Handles what was read. The buffer is released afterwards. */
    abstract void handle(Delivery open, ByteBuf bytes);

    /** Null before it was admitted. */
    final @Nullable Delivery delivery() {
        return delivery;
    }

    /** All that was there has been handled. */
    void readComplete(Delivery open) {}

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ConnectionRequest request =
                new ConnectionRequest(Transport.TCP, kind, channel.remoteAddress(), null, principal);
        switch (shared.connections().admit(request)) {
            case Admission.Refused refused -> context.close();
            case Admission.Admitted(Connection admitted) -> start(admitted);
        }
    }

    @Override
    public void start(Connection admitted) {
        Delivery opening = deliver(admitted);
        delivery = opening;
        opening.open();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (delivery != null) {
            delivery.closed(CloseReason.CLIENT);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (delivery != null && delivery.isOpen()) {
                delivery.beginRead();
                delivery.connection().alive();
                handle(delivery, bytes);
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (delivery != null) {
            delivery.endRead();
            readComplete(delivery);
            if (!channel.config().isAutoRead() && SocketTransport.isReset(channel)) {
                channel.close();
            }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && delivery != null) {
            delivery.inputEnded();
            closeWhenReset();
        }
    }

    /** A peer that has sent its FIN may read on, and reset the connection at any time. */
    private void closeWhenReset() {
        if (SocketTransport.isReset(channel)) {
            channel.close();
        } else if (channel.isActive()) {
            channel.eventLoop().schedule(this::closeWhenReset, RESET_CHECK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (delivery == null || cause instanceof IOException) {
            log.debug("{} ended: {}", channel, cause.toString());
            channel.close();
        } else if (cause instanceof TooLongFrameException) {
            delivery.connection().close(CloseReason.TOO_BIG);
        } else {
            log.warn("{} failed", channel, cause);
            delivery.connection().close(CloseReason.ERROR);
        }
    }

    @Override
    public void write(ByteBuffer[] batch, Completion completion) {
        if (channel.eventLoop().inEventLoop()) {
            writeHere(batch, completion);
            return;
        }
        try {
            channel.eventLoop().execute(() -> writeHere(batch, completion));
        } catch (RejectedExecutionException e) {
            completion.failed(e);
        }
    }

    private void writeHere(ByteBuffer[] batch, Completion completion) {
        int bytes = size(batch);
        if (bytes <= LARGE_BATCH) {
            hand(bytes, batch).addListener(written -> tell(completion, written));
        } else {
            writeFrom(0, bytes, batch, completion);
        }
    }

    /** @param left bytes of the batch from {@code first} on */
    private void writeFrom(int first, int left, ByteBuffer[] batch, Completion completion) {
        int end = first + 1;
        int bytes = batch[first].remaining();
        while (end < batch.length && bytes + batch[end].remaining() <= LARGE_BATCH) {
            bytes += batch[end++].remaining();
        }
        int next = end;
        int rest = left - bytes;
        waiting = rest;
        hand(bytes, Arrays.copyOfRange(batch, first, next)).addListener(written -> {
            if (written.isSuccess() && next < batch.length) {
                writeFrom(next, rest, batch, completion);
            } else {
                tell(completion, written);
            }
        });
    }

    /** Netty's copy counts while the peer does not read it. */
    private ChannelFuture hand(int bytes, ByteBuffer... parts) {
        ChannelFuture write = channel.writeAndFlush(Unpooled.wrappedBuffer(parts));
        if (bytes > LARGE_COPY && !write.isDone()) {
            shared.deliveries().addQueued(bytes);
            write.addListener(written -> shared.deliveries().addQueued(-bytes));
        }
        return write;
    }

    private static int size(ByteBuffer... batch) {
        int bytes = 0;
        for (ByteBuffer part : batch) {
            bytes += part.remaining();
        }
        return bytes;
    }

    private static void tell(Completion completion, Future<?> written) {
        if (written.isSuccess()) {
            completion.written();
        } else {
            completion.failed(written.cause());
        }
    }

    @Override
    public long unwrittenBytes() {
        ChannelOutboundBuffer handed = channel.unsafe().outboundBuffer();
        return handed == null ? 0 : waiting + handed.totalPendingWriteBytes();
    }

    @Override
    public boolean hasVanished(Duration limit) {
        return SocketTransport.hasVanished(channel, limit);
    }

    @Override
    public void pauseReading() {
        channel.config().setAutoRead(false);
    }

    @Override
    public void resumeReading() {
        channel.config().setAutoRead(true);
    }

    @Override
    public void readOnce() {
        channel.read();
    }

    @Override
    public void shutdownOutput() {
        TlsHandler tls = TlsHandler.of(channel);
        if (tls == null) {
            channel.shutdownOutput();
        } else {
            tls.shutdownOutput(channel);
        }
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void reset() {
        channel.config().setSoLinger(0);
        channel.close();
    }
}
