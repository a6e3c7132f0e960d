// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.net.LastWrite;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one connection. A close sends close_notify before the FIN, if the peer reads it soon: {@link LastWrite}, which is before
 * it, does not wait for long. Netty's own close would, and would log it. Confined to the event loop, but for what
 * says otherwise.
 */
final class TlsHandler extends SslHandler {

    TlsHandler(SSLEngine engine) {
        super(engine);
        // The deadline is that of all that comes before the protocol.
        setHandshakeTimeoutMillis(0);
    }

    /** The TLS of a channel; null if it has none. Safe from any thread. */
    static @Nullable TlsHandler of(Channel channel) {
        return channel.pipeline().get(TlsHandler.class);
    }

    /** Ends our side: close_notify, and then a FIN. Safe from any thread. */
    void shutdownOutput(SocketChannel channel) {
        closeOutbound().addListener(sent -> channel.shutdownOutput());
    }

    /** Ends TLS before the socket, unless the peer is to see a reset. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        SocketChannel channel = (SocketChannel) context.channel();
        if (channel.isActive()
                && !channel.isOutputShutdown()
                && channel.config().getSoLinger() != 0
                && handshakeFuture().isSuccess()) {
            closeOutbound();
        }
        context.close(promise);
    }
}
