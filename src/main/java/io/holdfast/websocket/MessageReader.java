// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.memory.MemoryPart;
import io.holdfast.memory.ReceiveBuffer;
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
 * gets the whole message, which is counted in the memory budget until {@link #release}. Text is checked to be UTF-8, piece
 * by piece.
 *
 * <p>Confined to the thread that reads, except for {@link #close}. The message of a piece shares its buffer: it is valid
 * until the handler returns.
 */
final class MessageReader {

    private static final byte[] NOTHING = {};
    private static final char REPLACEMENT = '\uFFFD';

    private final boolean partial;
    private final MemoryPart memory;

    // The message that is being assembled, for a handler of whole messages.
    private volatile @Nullable ReceiveBuffer whole;
    private volatile boolean closed;
    // The first bytes of a character whose other bytes have not come yet.
    private byte[] carried = NOTHING;

    MessageReader(boolean partial, MemoryPart memory) {
        this.partial = partial;
        this.memory = memory;
    }

    /**
     * The message that {@code payload} is or completes; null if there is none to hand on yet.
     *
     * @param most bytes that a message may have
     */
    @Nullable
    WebSocketMessage<?> read(int opcode, ByteBuffer payload, boolean last, int most) throws ProtocolViolation {
        ReceiveBuffer collected = whole;
        if (partial || (last && collected == null)) {
            return message(opcode, payload, last);
        }
        if (collected == null) {
            collected = new ReceiveBuffer(memory, most);
            whole = collected;
            if (closed) {
                collected.release();
            }
        }
        if (opcode == Opcode.TEXT) {
            decode(payload.duplicate(), last);
        }
        byte[] complete = null;
        if (!collected.add(payload) || (last && (complete = collected.complete()) == null)) {
            throw new ProtocolViolation(CloseStatus.SERVICE_OVERLOAD, memory.property() + " is reached");
        }
        if (complete == null) {
            return null;
        }
        return opcode == Opcode.BINARY ? new BinaryMessage(complete) : new TextMessage(complete);
    }

    /** Nothing more is read. Safe from any thread. */
    void close() {
        closed = true;
        release();
    }

    /** Gives the memory of a message back, which is handled or abandoned. */
    void release() {
        ReceiveBuffer collected = whole;
        if (collected != null) {
            collected.release();
            whole = null;
        }
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
