package io.holdfast.tcp;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Link;
import io.holdfast.fault.Cut;
import io.holdfast.fault.Exit;
import io.holdfast.time.Cancellable;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a channel. It stands first in the pipeline, so that after the cut nothing passes it. As a handler it is confined to
 * the event loop; what {@link Exit} has may be called from any thread.
 */
class TcpCut extends ChannelDuplexHandler implements Exit {

    final SocketChannel channel;
    private @Nullable Connection connection;
    private @Nullable Link link;
    private @Nullable Cancellable heartbeat;
    private volatile boolean stalled;
    private volatile boolean discarding;

    TcpCut(SocketChannel channel) {
        this.channel = channel;
    }

    /** @param signs the signs of life to stop at the cut; null for none */
    void opened(Connection admitted, Link side, @Nullable Cancellable signs) {
        connection = admitted;
        link = side;
        heartbeat = signs;
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (!stalled) {
            context.read();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (stalled || discarding) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && (stalled || discarding)) {
            channel.close();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void ending() {
        if (connection != null) {
            connection.ending(CloseReason.FAULT);
        }
    }

    @Override
    public void close(Cut cut) {
        if (link != null) {
            link.close(CloseReason.FAULT);
        }
    }

    @Override
    public void reset() {
        fallSilent();
        channel.config().setSoLinger(0);
        channel.close();
    }

    @Override
    public void stall() {
        fallSilent();
        stalled = true;
        channel.config().setAutoRead(false);
    }

    @Override
    public void halfClose() {
        fallSilent();
        discarding = true;
        channel.shutdownOutput();
        channel.config().setAutoRead(true);
    }

    private void fallSilent() {
        if (heartbeat != null) {
            heartbeat.cancel();
        }
    }

    @Override
    public void abort() {
        channel.close();
    }
}
