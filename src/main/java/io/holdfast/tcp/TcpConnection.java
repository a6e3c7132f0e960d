// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.access.Principal;
import io.holdfast.connection.Admission;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.ConnectionRequest;
import io.holdfast.connection.Transport;
import io.holdfast.delivery.Delivery;
import io.holdfast.delivery.Wire;
import io.holdfast.net.SocketHandler;
import io.holdfast.net.SocketTransport;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.TooLongFrameException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Netty channel as a {@link Wire}. Handling input is confined to the channel's event loop; what {@link Wire} has is safe from
 * any thread.
 */
abstract class TcpConnection extends SocketHandler implements Wire, ProtocolHandler {

    private static final Logger log = LoggerFactory.getLogger(TcpConnection.class);

    private static final int RESET_CHECK_MILLIS = 500;

    private final Pipelines shared;
    private final Principal principal;
    private final @Nullable String label;
    private @Nullable Delivery delivery;

    /**
     * @param principal who the peer is when it connects
     * @param label the connection's name; null for none
     */
    TcpConnection(Pipelines shared, SocketChannel channel, Principal principal, @Nullable String label) {
        super(channel, shared.queued());
        this.principal = principal;
        this.shared = shared;
        this.label = label;
    }

    /** What the connection is for, as {@code echo}. */
    abstract String kind();

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
                new ConnectionRequest(Transport.TCP, kind(), channel().remoteAddress(), label, principal);
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
            if (!channel().config().isAutoRead() && SocketTransport.isReset(channel())) {
                channel().close();
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
        if (SocketTransport.isReset(channel())) {
            channel().close();
        } else if (channel().isActive()) {
            channel().eventLoop().schedule(this::closeWhenReset, RESET_CHECK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (delivery == null || cause instanceof IOException) {
            log.debug("{} ended: {}", channel(), cause.toString());
            channel().close();
        } else if (cause instanceof TooLongFrameException) {
            delivery.connection().close(CloseReason.TOO_BIG);
        } else {
            log.warn("{} failed", channel(), cause);
            delivery.connection().close(CloseReason.ERROR);
        }
    }

    @Override
    public void pauseReading() {
        channel().config().setAutoRead(false);
    }

    @Override
    public void resumeReading() {
        channel().config().setAutoRead(true);
    }

    @Override
    public void readOnce() {
        channel().read();
    }

    @Override
    public void shutdownOutput() {
        TlsHandler tls = TlsHandler.of(channel());
        if (tls == null) {
            channel().shutdownOutput();
        } else {
            tls.shutdownOutput(channel());
        }
    }

    @Override
    public void close() {
        channel().close();
    }

    @Override
    public void reset() {
        channel().config().setSoLinger(0);
        channel().close();
    }
}
