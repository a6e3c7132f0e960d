package io.holdfast.tcp;

import io.holdfast.connection.Traffic;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends every byte back. All that was read in one go leaves in one write; while the peer does not read, nothing is read
 * from it; after its FIN what is still in flight is sent before ours.
 *
 * <p>One instance serves all connections, each on its event loop.
 */
@Sharable
final class EchoPipeline extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(EchoPipeline.class);

    private final Traffic.Counts traffic;

    EchoPipeline(Traffic.Counts traffic) {
        this.traffic = traffic;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        traffic.connectionOpened();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        traffic.connectionClosed();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        int length = ((ByteBuf) message).readableBytes();
        traffic.messageIn();
        traffic.bytesIn(length);
        traffic.messageOut();
        traffic.bytesOut(length);
        context.write(message, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            context.writeAndFlush(context.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            log.debug("{} ended: {}", context.channel(), cause.toString());
        } else {
            log.warn("{} failed", context.channel(), cause);
        }
        context.close();
    }
}
