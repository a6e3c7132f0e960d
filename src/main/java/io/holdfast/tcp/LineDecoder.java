package io.holdfast.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LineBasedFrameDecoder;

/** Splits the input into lines, and knows how much of a line has arrived. Confined to the event loop. */
final class LineDecoder extends LineBasedFrameDecoder {

    // Other threads may read it a moment late.
    private long received;

    /** @param longest bytes of a line */
    LineDecoder(int longest) {
        super(longest, true, true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object input) throws Exception {
        if (input instanceof ByteBuf bytes) {
            received += bytes.readableBytes();
        }
        super.channelRead(context, input);
    }

    /** Bytes that have arrived. */
    long received() {
        return received;
    }

    /** Bytes of a line that has begun and is not complete. */
    int incompleteBytes() {
        return actualReadableBytes();
    }
}
