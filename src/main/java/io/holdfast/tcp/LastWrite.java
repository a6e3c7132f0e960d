package io.holdfast.tcp;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Closes a socket when TLS has written its last record: an alert, or close_notify. With io_uring, a close would cancel that write;
 * and one in the middle of a read would leave the socket open, as the next read is begun in spite of it. It is before the handler
 * of TLS, which closes by itself after a failure.
 */
@Sharable
final class LastWrite extends ChannelOutboundHandlerAdapter {

    static final LastWrite INSTANCE = new LastWrite();

    /** For a peer that does not read. */
    private static final int LIMIT_MILLIS = 200;

    private LastWrite() {}

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        SocketChannel channel = (SocketChannel) context.channel();
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        if (!channel.isActive()
                || waiting == null
                || waiting.totalPendingWriteBytes() == 0
                || channel.config().getSoLinger() == 0) {
            context.close(promise);
            return;
        }
        Future<?> limit =
                context.executor().schedule(() -> context.close(promise), LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (limit.cancel(false)) {
                context.close(promise);
            }
        });
    }
}
