package io.holdfast.tcp;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses a listener that cannot accept, as when the process has no file descriptors left: another try would fail at once,
 * without end. Confined to the listener's event loop.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(AcceptFailures.class);

    private static final int PAUSE_SECONDS = 1;

    private final String listener;
    private boolean paused;

    AcceptFailures(String listener) {
        this.listener = listener;
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
