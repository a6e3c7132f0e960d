// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A client's side of permessage-deflate without context takeover (RFC 7692, section 7.2). */
final class Deflated {

    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private Deflated() {}

    /** The payload that {@code message} is sent as. */
    static byte[] of(byte[] message) {
        try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
            deflater.setInput(message);
            byte[] out = new byte[message.length + message.length / 100 + 64];
            int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
            return Arrays.copyOf(out, length - TAIL.length);
        }
    }

    /** The message that was sent as {@code payload}, which must be complete. */
    static byte[] inflate(byte[] payload) {
        try (Inflater inflater = new Inflater(true)) {
            byte[] input = Arrays.copyOf(payload, payload.length + TAIL.length);
            System.arraycopy(TAIL, 0, input, payload.length, TAIL.length);
            inflater.setInput(input);
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            byte[] piece = new byte[16 * 1024];
            for (int length = inflater.inflate(piece); length > 0; length = inflater.inflate(piece)) {
                message.write(piece, 0, length);
            }
            if (!inflater.needsInput()) {
                throw new AssertionError("payload goes on after its end");
            }
            return message.toByteArray();
        } catch (DataFormatException e) {
            throw new AssertionError("payload is not a deflate stream", e);
        }
    }
}
