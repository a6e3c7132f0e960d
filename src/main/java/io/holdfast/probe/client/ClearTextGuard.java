// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Recognises a server that speaks TLS, where clear text was sent: by its alert, or by the text of an answer that says so. Looks at
 * the first bytes only.
 */
final class ClearTextGuard extends ChannelInboundHandlerAdapter {

    /** Content type of an alert, and the major version of all TLS (RFC 8446, section 5.1). */
    private static final int ALERT = 0x1503;

    /** What Holdfast, nginx, Go's server and Apache answer. */
    private static final Pattern ANSWER =
            Pattern.compile("HTTP/1\\.\\d 400 (?s:.*)(port takes TLS|HTTPS port|HTTPS server|SSL-enabled server port)");

    /** Bytes of an answer that are looked at. */
    private static final int MOST = 1024;

    private final Target target;

    ClearTextGuard(Target target) {
        this.target = target;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        context.pipeline().remove(this);
        if (message instanceof ByteBuf bytes && isFromTls(bytes)) {
            ReferenceCountUtil.release(message);
            context.fireExceptionCaught(
                    new WrongProtocolException("the server speaks TLS there; use " + target.server(true)));
        } else {
            context.fireChannelRead(message);
        }
    }

    private static boolean isFromTls(ByteBuf bytes) {
        int start = bytes.readerIndex();
        int length = bytes.readableBytes();
        return length >= 2
                && (bytes.getUnsignedShort(start) == ALERT
                        || (bytes.getByte(start) == 'H'
                                && ANSWER.matcher(bytes.toString(
                                                start, Math.min(length, MOST), StandardCharsets.ISO_8859_1))
                                        .lookingAt()));
    }
}
