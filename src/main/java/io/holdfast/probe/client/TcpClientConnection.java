package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.LineBasedFrameDecoder;

/** Raw TCP, where the bytes of one read are a message, or lines, where each line is one. */
final class TcpClientConnection extends ClientConnection {

    private final boolean lines;

    TcpClientConnection(Target target, boolean lines, Listener listener) {
        super(target, listener);
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
        opened();
    }

    @Override
    void received(ChannelHandlerContext context, Object message) {
        listener().message(this, (ByteBuf) message);
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
