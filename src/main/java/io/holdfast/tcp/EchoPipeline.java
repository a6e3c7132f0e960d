package io.holdfast.tcp;

import io.holdfast.connection.Admission;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.connection.LifeSigns;
import io.holdfast.connection.Link;
import io.holdfast.connection.SilenceWatch;
import io.holdfast.connection.Transport;
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
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends every byte back. All that was read in one go leaves in one write; while the peer does not read, nothing is read
 * from it; after its FIN what is still in flight is sent before ours.
 *
 * <p>Confined to its connection's event loop, but for what {@link Link} allows from any thread.
 */
final class EchoPipeline extends ChannelInboundHandlerAdapter implements Link {

    private static final Logger log = LoggerFactory.getLogger(EchoPipeline.class);

    /** How long a peer may take to read what is left before the socket is closed all the same. */
    private static final Duration CLOSE_TIME = Duration.ofSeconds(1);

    private final Connections connections;
    private final LifeSigns lifeSigns;
    private final Channel channel;
    private final @Nullable TcpCut cut;
    private @Nullable Connection connection;
    private @Nullable SilenceWatch idle;

    /** @param cut what is to go wrong; null for nothing */
    EchoPipeline(Connections connections, LifeSigns lifeSigns, Channel channel, @Nullable TcpCut cut) {
        this.connections = connections;
        this.lifeSigns = lifeSigns;
        this.channel = channel;
        this.cut = cut;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        switch (connections.admit(Transport.TCP, "echo", remote, null)) {
            case Admission.Refused refused -> context.close();
            case Admission.Admitted(Connection admitted) -> {
                connection = admitted;
                admitted.opened(this);
                idle = lifeSigns.idle(admitted);
                if (cut != null) {
                    cut.opened(admitted, this, null);
                }
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (idle != null) {
            idle.cancel();
        }
        if (connection != null) {
            connection.closed(CloseReason.CLIENT);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (connection == null) {
            ReferenceCountUtil.release(message);
            return;
        }
        int length = ((ByteBuf) message).readableBytes();
        connection.alive();
        connection.received(length);
        connection.messageReceived();
        connection.sent(length);
        connection.messageSent();
        context.write(message, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        channel.config().setAutoRead(channel.isWritable());
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
                connection.ending(CloseReason.ERROR);
            }
        }
        context.close();
    }

    /** Raw bytes have no goodbye: the peer sees what it was owed, then our FIN. */
    @Override
    public void close(CloseReason reason) {
        closeWhenSent();
        lifeSigns.after(CLOSE_TIME, channel::close);
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
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }
}
