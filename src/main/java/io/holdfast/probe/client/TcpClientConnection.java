// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.LineBasedFrameDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Raw TCP, where the bytes of one read are a message, or lines, where each line is one. On lines, the token is sent in
 * the first command.
 */
final class TcpClientConnection extends ClientConnection {

    private final boolean lines;

    TcpClientConnection(Target target, boolean lines, Listener listener, @Nullable BearerToken token) {
        super(target, listener, token);
        this.lines = lines;
    }

    @Override
    void speak(ChannelPipeline pipeline) {
        if (lines) {
            pipeline.addLast(new LineBasedFrameDecoder(MAX_MESSAGE));
        }
    }

    @Override
    void connected(ChannelHandlerContext context) {
        BearerToken token = token();
        if (lines && token != null) {
            // The service answers later commands after it, so its answer need not be awaited.
            context.writeAndFlush(ByteBufUtil.writeAscii(context.alloc(), token.command() + "\n"));
        }
        opened();
    }

    @Override
    void received(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        Ending.Denied denied = lines ? Denials.ofEvent(bytes, token()) : null;
        if (denied == null) {
            listener().message(this, bytes);
        } else {
            heard(denied);
            context.close();
        }
    }

    @Override
    public void write(ByteBuf message) {
        channel().write(message);
        if (lines) {
            channel().write(ByteBufUtil.writeAscii(channel().alloc(), "\n"));
        }
    }

    /** Raw TCP has no goodbye but the FIN. */
    @Override
    public void close() {
        abort();
    }
}
