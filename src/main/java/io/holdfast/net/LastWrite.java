// SPDX-License-Identifier: Apache-2.0
package io.holdfast.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Ends a socket when it has what Netty was given before. With io_uring, an end would cancel that write; and a close in the middle
 * of a read would leave the socket open, as the next read is begun in spite of it. Confined to the channel's event loop.
 *
 * <p>As a handler it does so for what is behind it in the pipeline and closes by itself, as TLS does after a failure.
 */
@Sharable
public final class LastWrite extends ChannelOutboundHandlerAdapter {

    public static final LastWrite INSTANCE = new LastWrite();

    /** How long a close waits for a peer that does not read. */
    private static final int LIMIT_MILLIS = 200;

    private LastWrite() {}

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        SocketChannel channel = (SocketChannel) context.channel();
        close(channel, context, () -> context.close(promise));
    }

    /**
     * Runs {@code close} after the last write, or a little later than now if the peer does not read.
     *
     * @param end the part of the pipeline that the last write has passed
     */
    static void close(SocketChannel channel, ChannelOutboundInvoker end, Runnable close) {
        if (!isWriting(channel) || channel.config().getSoLinger() == 0) {
            close.run();
            return;
        }
        Future<?> limit = channel.eventLoop().schedule(close, LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        after(channel, end, () -> {
            if (limit.cancel(false)) {
                close.run();
            }
        });
    }

    /** Runs {@code next} after the last write, or when that has failed. */
    static void after(SocketChannel channel, ChannelOutboundInvoker end, Runnable next) {
        if (isWriting(channel)) {
            end.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> next.run());
        } else {
            next.run();
        }
    }

    private static boolean isWriting(SocketChannel channel) {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return channel.isActive() && waiting != null && waiting.totalPendingWriteBytes() > 0;
    }
}
