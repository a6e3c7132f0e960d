// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.CloseStatus;

/**
 * Parses what a client sends (RFC 6455, section 5) as it arrives. Payload is unmasked in place and handed on at once,
 * so a frame of any size needs no memory of its own.
 *
 * <p>Confined to the thread that reads. Holds only numbers while no frame is being received.
 */
final class FrameParser {

    /** Receives frames, in order. A buffer is valid only during the call. */
    interface Sink {

        /**
         * A piece of a data message.
         *
         * @param compressed the message's RSV1 bit, the same for all its pieces
         * @param last whether the message ends with this piece
         */
        void data(int opcode, boolean compressed, ByteBuffer payload, boolean last) throws ProtocolViolation;

        /** A whole control frame; {@code payload} has at most 125 bytes. */
        void control(int opcode, ByteBuffer payload) throws ProtocolViolation;
    }

    private static final int MAX_HEADER = 14;
    private static final int MAX_CONTROL_PAYLOAD = 125;

    private long maxMessage;
    private final boolean compressionAllowed;

    // A header or control payload that arrived in part.
    private byte @Nullable [] partial;
    private int partialLength;

    private boolean inPayload;
    private boolean fin;
    private int opcode;
    private int mask;
    private long remaining;

    // The data message that is being received: CONTINUATION if there is none.
    private int message = Opcode.CONTINUATION;
    private boolean messageCompressed;
    private long messageLength;

    /** @param maxMessage bytes of a message's payload on the wire, over all its frames */
    FrameParser(long maxMessage, boolean compressionAllowed) {
        this.maxMessage = maxMessage;
        this.compressionAllowed = compressionAllowed;
    }

    void maxMessage(long bytes) {
        maxMessage = bytes;
    }

    /** Whether a frame or a message has begun and is not complete. */
    boolean isIncomplete() {
        return partial != null || inPayload || message != Opcode.CONTINUATION;
    }

    /** Consumes all of {@code bytes}, and changes their content. */
    void parse(ByteBuffer bytes, Sink sink) throws ProtocolViolation {
        bytes.order(ByteOrder.BIG_ENDIAN);
        while (inPayload || bytes.hasRemaining()) {
            if (!inPayload && !readHeader(bytes)) {
                return;
            }
            if (Opcode.isControl(opcode) ? !readControl(bytes, sink) : !readData(bytes, sink)) {
                return;
            }
        }
    }

    private boolean readHeader(ByteBuffer bytes) throws ProtocolViolation {
        if (partial == null) {
            int length = headerLength(bytes);
            if (length > 0 && length <= bytes.remaining()) {
                startFrame(bytes);
                return true;
            }
            partial = new byte[MAX_HEADER];
            partialLength = 0;
        }
        while (bytes.hasRemaining()) {
            partial[partialLength++] = bytes.get();
            ByteBuffer header = ByteBuffer.wrap(partial, 0, partialLength);
            if (headerLength(header) == partialLength) {
                partial = null;
                startFrame(header);
                return true;
            }
        }
        return false;
    }

    /** The length of the header at the start of {@code bytes}; 0 if too few bytes are there to know it. */
    private static int headerLength(ByteBuffer bytes) throws ProtocolViolation {
        if (bytes.remaining() < 2) {
            return 0;
        }
        int second = bytes.get(bytes.position() + 1);
        if (second >= 0) {
            throw new ProtocolViolation(CloseStatus.PROTOCOL_ERROR, "frames from a client must be masked");
        }
        return switch (second & 0x7F) {
            case 126 -> 8;
            case 127 -> MAX_HEADER;
            default -> 6;
        };
    }

    private void startFrame(ByteBuffer header) throws ProtocolViolation {
        int first = header.get();
        int length7 = header.get() & 0x7F;
        remaining = switch (length7) {
            case 126 -> header.getShort() & 0xFFFF;
            case 127 -> header.getLong();
            default -> length7;
        };
        mask = header.getInt();
        fin = (first & 0x80) != 0;
        opcode = first & 0x0F;
        boolean rsv1 = (first & 0x40) != 0;
        boolean mayBeCompressed = compressionAllowed && (opcode == Opcode.TEXT || opcode == Opcode.BINARY);
        if ((first & 0x30) != 0 || (rsv1 && !mayBeCompressed)) {
            throw new ProtocolViolation(CloseStatus.PROTOCOL_ERROR, "a reserved bit is set that was not negotiated");
        }
        switch (opcode) {
            case Opcode.TEXT, Opcode.BINARY -> startMessage(rsv1);
            case Opcode.CONTINUATION -> continueMessage();
            case Opcode.CLOSE, Opcode.PING, Opcode.PONG -> checkControl();
            default -> throw new ProtocolViolation(CloseStatus.PROTOCOL_ERROR, "unknown opcode " + opcode);
        }
        inPayload = true;
    }

    private void startMessage(boolean compressed) throws ProtocolViolation {
        if (message != Opcode.CONTINUATION) {
            throw new ProtocolViolation(CloseStatus.PROTOCOL_ERROR, "a message began inside another one");
        }
        message = opcode;
        messageCompressed = compressed;
        messageLength = 0;
        addToMessage();
    }

    private void continueMessage() throws ProtocolViolation {
        if (message == Opcode.CONTINUATION) {
            throw new ProtocolViolation(CloseStatus.PROTOCOL_ERROR, "nothing to continue");
        }
        addToMessage();
    }

    private void addToMessage() throws ProtocolViolation {
        // In this order, a declared length near 2^63 cannot overflow the sum.
        if (remaining < 0 || remaining > maxMessage - messageLength) {
            throw new ProtocolViolation(CloseStatus.TOO_BIG_TO_PROCESS, "message over " + maxMessage + " bytes");
        }
        messageLength += remaining;
    }

    private void checkControl() throws ProtocolViolation {
        if (!fin || remaining > MAX_CONTROL_PAYLOAD || remaining < 0) {
            throw new ProtocolViolation(
                    CloseStatus.PROTOCOL_ERROR,
                    "control frames are whole and at most " + MAX_CONTROL_PAYLOAD + " bytes");
        }
    }

    private boolean readData(ByteBuffer bytes, Sink sink) throws ProtocolViolation {
        if (remaining > 0 && !bytes.hasRemaining()) {
            return false;
        }
        int length = (int) Math.min(remaining, bytes.remaining());
        ByteBuffer payload = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        unmask(payload);
        remaining -= length;
        boolean frameEnds = remaining == 0;
        boolean last = frameEnds && fin;
        int kind = message;
        inPayload = !frameEnds;
        if (last) {
            message = Opcode.CONTINUATION;
        }
        if (length > 0 || last) {
            sink.data(kind, messageCompressed, payload, last);
        }
        return true;
    }

    private boolean readControl(ByteBuffer bytes, Sink sink) throws ProtocolViolation {
        int length = (int) remaining;
        if (partial == null && bytes.remaining() >= length) {
            ByteBuffer payload = bytes.slice(bytes.position(), length);
            bytes.position(bytes.position() + length);
            finishControl(payload, sink);
            return true;
        }
        if (partial == null) {
            partial = new byte[length];
            partialLength = 0;
        }
        int available = Math.min(length - partialLength, bytes.remaining());
        bytes.get(partial, partialLength, available);
        partialLength += available;
        if (partialLength < length) {
            return false;
        }
        ByteBuffer payload = ByteBuffer.wrap(partial);
        partial = null;
        finishControl(payload, sink);
        return true;
    }

    private void finishControl(ByteBuffer payload, Sink sink) throws ProtocolViolation {
        inPayload = false;
        unmask(payload);
        sink.control(opcode, payload);
    }

    /** Unmasks {@code payload} in place and turns the mask to where the next piece of the frame begins. */
    private void unmask(ByteBuffer payload) {
        int length = payload.limit();
        int i = 0;
        if (mask != 0) {
            long wide = ((mask & 0xFFFFFFFFL) << 32) | (mask & 0xFFFFFFFFL);
            for (; i <= length - Long.BYTES; i += Long.BYTES) {
                payload.putLong(i, payload.getLong(i) ^ wide);
            }
            for (; i < length; i++) {
                payload.put(i, (byte) (payload.get(i) ^ (mask >>> (24 - 8 * (i & 3)))));
            }
            mask = Integer.rotateLeft(mask, 8 * (length & 3));
        }
    }
}
