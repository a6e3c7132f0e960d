// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.util.List;

/**
 * Splits the input into lines, and knows how much of a line has arrived. The peer's FIN ends the last line as a line feed
 * does. Confined to the event loop.
 */
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
            if (received == 0
                    && bytes.isReadable()
                    && bytes.getByte(bytes.readerIndex()) == Preamble.HANDSHAKE_RECORD) {
                // No command begins with it. Nobody waits for the end of this line.
                bytes.release();
                throw new TlsRecordException();
            }
            received += bytes.readableBytes();
        }
        super.channelRead(context, input);
    }

    /** A socket that is gone already may have lost the rest of the line. */
    @Override
    protected void decodeLast(ChannelHandlerContext context, ByteBuf input, List<Object> lines) throws Exception {
        super.decodeLast(context, input, lines);
        if (context.channel().isActive() && input.isReadable()) {
            int last = input.writerIndex() - 1;
            int length = input.getByte(last) == '\r' ? input.readableBytes() - 1 : input.readableBytes();
            lines.add(input.readRetainedSlice(length));
            input.skipBytes(input.readableBytes());
        }
    }

    /** Bytes that have arrived. */
    long received() {
        return received;
    }

    /** Bytes of a line that has begun and is not complete. */
    int incompleteBytes() {
        return actualReadableBytes();
    }

    /** Bytes of the buffer that holds them. */
    int bufferBytes() {
        return internalBuffer().capacity();
    }
}
