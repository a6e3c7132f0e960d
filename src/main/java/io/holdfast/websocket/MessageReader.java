package io.holdfast.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Assembles messages from pieces of payload. A handler of partial messages gets each piece at once, any other handler
 * gets the whole message. Text is checked to be UTF-8.
 *
 * <p>Confined to the thread that reads. The message of a piece shares its buffer: it is valid until the handler
 * returns.
 */
final class MessageReader {

    private static final byte[] NOTHING = {};
    private static final char REPLACEMENT = '\uFFFD';

    private final boolean partial;

    // The message that is being assembled, for a handler of whole messages.
    private @Nullable ByteArrayOutputStream whole;
    // The first bytes of a character whose other bytes have not come yet.
    private byte[] carried = NOTHING;

    MessageReader(boolean partial) {
        this.partial = partial;
    }

    /** The message that {@code payload} is or completes; null if there is none to hand on yet. */
    @Nullable
    WebSocketMessage<?> read(int opcode, ByteBuffer payload, boolean last) throws ProtocolViolation {
        if (partial || (last && whole == null)) {
            return message(opcode, payload, last);
        }
        if (whole == null) {
            whole = new ByteArrayOutputStream(2 * payload.remaining());
        }
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        whole.writeBytes(bytes);
        if (!last) {
            return null;
        }
        ByteBuffer complete = ByteBuffer.wrap(whole.toByteArray());
        whole = null;
        return message(opcode, complete, true);
    }

    private @Nullable WebSocketMessage<?> message(int opcode, ByteBuffer payload, boolean last)
            throws ProtocolViolation {
        if (opcode == Opcode.BINARY) {
            return new BinaryMessage(payload, last);
        }
        String text = decode(payload, last);
        return text.isEmpty() && !last ? null : new TextMessage(text, last);
    }

    private String decode(ByteBuffer payload, boolean last) throws ProtocolViolation {
        byte[] bytes = new byte[carried.length + payload.remaining()];
        System.arraycopy(carried, 0, bytes, 0, carried.length);
        payload.get(bytes, carried.length, payload.remaining());
        int length = last ? bytes.length : bytes.length - openCharacter(bytes);
        carried = length == bytes.length ? NOTHING : Arrays.copyOfRange(bytes, length, bytes.length);
        // The fast decoder replaces malformed bytes. Only if its replacement character occurs, the strict decoder
        // checks.
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            checkUtf8(ByteBuffer.wrap(bytes, 0, length));
        }
        return text;
    }

    private static void checkUtf8(ByteBuffer bytes) throws ProtocolViolation {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes);
        } catch (CharacterCodingException e) {
            throw new ProtocolViolation(CloseStatus.BAD_DATA, "text is not UTF-8");
        }
    }

    /** The number of bytes at the end of {@code bytes} that begin a character but do not complete it. */
    private static int openCharacter(byte[] bytes) {
        for (int back = 1; back <= Math.min(3, bytes.length); back++) {
            int b = bytes[bytes.length - back] & 0xFF;
            if (b < 0x80) {
                return 0;
            }
            if (b >= 0xC0) {
                int length = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
                return length > back ? back : 0;
            }
        }
        return 0;
    }
}
