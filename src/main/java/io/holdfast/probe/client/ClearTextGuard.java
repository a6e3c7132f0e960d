package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** Recognises a server that answers clear text with an alert of TLS. Looks at the first bytes only. */
final class ClearTextGuard extends ChannelInboundHandlerAdapter {

    /** Content type of an alert, and the major version of all TLS (RFC 8446, section 5.1). */
    private static final int ALERT = 0x1503;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        context.pipeline().remove(this);
        if (message instanceof ByteBuf bytes
                && bytes.readableBytes() >= 2
                && bytes.getUnsignedShort(bytes.readerIndex()) == ALERT) {
            ReferenceCountUtil.release(message);
            context.fireExceptionCaught(
                    new WrongProtocolException("the server speaks TLS there; use https://, wss:// or tls://"));
        } else {
            context.fireChannelRead(message);
        }
    }
}
