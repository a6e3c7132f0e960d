// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.connection.CloseCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.springframework.web.socket.CloseStatus;

/** The frames of a server (RFC 6455, section 5.2). */
final class Frame {

    private Frame() {}

    /**
     * The header of an unmasked frame, as a server sends it.
     *
     * @param first FIN, reserved bits and opcode
     * @param length of the payload, bytes
     */
    static ByteBuffer header(int first, int length) {
        ByteBuffer header = ByteBuffer.allocate(10).put((byte) first);
        if (length < 126) {
            header.put((byte) length);
        } else if (length < 1 << 16) {
            header.put((byte) 126).putShort((short) length);
        } else {
            header.put((byte) 127).putLong(length);
        }
        return header.flip();
    }

    /** The code and reason in a close frame's payload (sections 5.5.1 and 7.4), which may be empty. */
    static CloseStatus closeStatus(ByteBuffer payload) throws ProtocolViolation {
        if (!payload.hasRemaining()) {
            return CloseStatus.NO_STATUS_CODE;
        }
        if (payload.remaining() == 1) {
            throw new ProtocolViolation(CloseStatus.PROTOCOL_ERROR, "a close frame's code has two bytes");
        }
        int code = payload.getShort() & 0xFFFF;
        if (!CloseCode.mayBeSent(code)) {
            throw new ProtocolViolation(CloseStatus.PROTOCOL_ERROR, "close code " + code + " may not be sent");
        }
        try {
            String reason = StandardCharsets.UTF_8.newDecoder().decode(payload).toString();
            return new CloseStatus(code, reason.isEmpty() ? null : reason);
        } catch (CharacterCodingException e) {
            throw new ProtocolViolation(CloseStatus.BAD_DATA, "the close reason is not UTF-8");
        }
    }

    /** The payload of a close frame with {@code status}. */
    static ByteBuffer closePayload(CloseStatus status) {
        if (status.getCode() == CloseStatus.NO_STATUS_CODE.getCode()) {
            return ByteBuffer.allocate(0);
        }
        byte[] reason =
                status.getReason() == null ? new byte[0] : status.getReason().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + reason.length)
                .putShort((short) status.getCode())
                .put(reason)
                .flip();
    }
}
