package io.holdfast.tcp;

import io.holdfast.connection.Sockets;
import io.holdfast.connection.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes accepted sockets that are over the limit. Pauses a listener that cannot accept, as when the process has no file
 * descriptors left: another try would fail at once, without end. Confined to the listener's event loop.
 */
final class AcceptHandler extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(AcceptHandler.class);

    private static final int PAUSE_SECONDS = 1;

    private final String listener;
    private final Sockets sockets;
    private final AtomicInteger open;
    private boolean paused;

    /** @param open the sockets of all listeners */
    AcceptHandler(String listener, Sockets sockets, AtomicInteger open) {
        this.listener = listener;
        this.sockets = sockets;
        this.open = open;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        Channel socket = (Channel) accepted;
        open.incrementAndGet();
        if (sockets.admit(Transport.TCP)) {
            socket.closeFuture().addListener(closed -> open.decrementAndGet());
            context.fireChannelRead(accepted);
        } else {
            socket.unsafe().closeForcibly();
            open.decrementAndGet();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (paused) {
            return;
        }
        paused = true;
        log.warn("TCP listener '{}' cannot accept connections now: {}", listener, cause.toString());
        context.channel().config().setAutoRead(false);
        context.executor()
                .schedule(
                        () -> {
                            paused = false;
                            context.channel().config().setAutoRead(true);
                        },
                        PAUSE_SECONDS,
                        TimeUnit.SECONDS);
    }
}
