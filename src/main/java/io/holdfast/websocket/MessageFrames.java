package io.holdfast.websocket;

import io.holdfast.channel.Form;
import io.holdfast.channel.Message;
import io.holdfast.session.Events;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** A channel's message as a whole frame, the same for all connections: compression here keeps nothing between messages. */
final class MessageFrames {

    /** An unmasked text frame. */
    static final Form PLAIN = message -> frame(0x80 | Opcode.TEXT, message.as(Events.MESSAGE));

    /** The same, compressed (RFC 7692, section 7.2.1). */
    static final Form COMPRESSED = message -> frame(0xC0 | Opcode.TEXT, compressed(message));

    /** What a flush ends with, and a message leaves out. */
    private static final int TAIL = 4;

    private MessageFrames() {}

    private static ByteBuffer frame(int first, ByteBuffer payload) {
        ByteBuffer header = Frame.header(first, payload.remaining());
        return ByteBuffer.allocate(header.remaining() + payload.remaining())
                .put(header)
                .put(payload)
                .flip();
    }

    private static ByteBuffer compressed(Message message) {
        ByteBuffer json = message.as(Events.MESSAGE);
        // A stored block of deflate adds 5 bytes for at most 16 KB, a flush a few more.
        byte[] out = new byte[json.remaining() + json.remaining() / 1000 + 64];
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(json);
            int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
            return ByteBuffer.wrap(out, 0, length - TAIL);
        } finally {
            deflater.end();
        }
    }
}
