// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.channel.Encoding;
import io.holdfast.channel.Message;
import io.holdfast.session.Events;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/**
 * A channel's message as a whole frame. All connections share it: compression keeps no state from message to message.
 */
final class MessageFrames {

    /** An unmasked text frame. */
    static final Encoding PLAIN = message -> frame(0x80 | Opcode.TEXT, message.as(Events.MESSAGE));

    /** The same, compressed (RFC 7692, section 7.2.1). */
    static final Encoding COMPRESSED = message -> frame(0xC0 | Opcode.TEXT, compressed(message));

    private MessageFrames() {}

    private static ByteBuffer frame(int first, ByteBuffer payload) {
        ByteBuffer header = Frame.header(first, payload.remaining());
        return ByteBuffer.allocate(header.remaining() + payload.remaining())
                .put(header)
                .put(payload)
                .flip();
    }

    private static ByteBuffer compressed(Message message) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            return PerMessageDeflate.compress(deflater, message.as(Events.MESSAGE), true);
        } finally {
            deflater.end();
        }
    }
}
