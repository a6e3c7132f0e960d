// SPDX-License-Identifier: Apache-2.0
package io.holdfast.net;

import io.holdfast.connection.Sockets;
import io.holdfast.connection.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/**
 * Closes accepted sockets that are over the limit. Pauses a listener that cannot accept. Confined to the listener's
 * event loop.
 */
final class AcceptHandler extends ChannelInboundHandlerAdapter {

    private final Transport kind;
    private final Sockets sockets;
    private final OpenSockets open;
    private final ChannelFutureListener closed;
    private boolean paused;

    /**
     * @param kind what the limit's refusals are counted as
     * @param open the sockets of all listeners of that kind
     */
    AcceptHandler(Transport kind, Sockets sockets, OpenSockets open) {
        this.kind = kind;
        this.sockets = sockets;
        this.open = open;
        this.closed = socket -> open.closed();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        Channel socket = (Channel) accepted;
        open.opened();
        if (sockets.admit(kind)) {
            socket.closeFuture().addListener(closed);
            context.fireChannelRead(accepted);
        } else {
            socket.unsafe().closeForcibly();
            open.closed();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (paused) {
            return;
        }
        paused = true;
        sockets.acceptFailed(kind, cause);
        context.channel().config().setAutoRead(false);
        context.executor()
                .schedule(
                        () -> {
                            paused = false;
                            context.channel().config().setAutoRead(true);
                        },
                        Sockets.ACCEPT_PAUSE.toMillis(),
                        TimeUnit.MILLISECONDS);
    }
}
