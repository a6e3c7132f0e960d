// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Chunked transfer coding (RFC 9112, section 7.1). */
final class Chunk {

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Chunk() {}

    /** {@code content}, which is not empty, as a chunk. */
    static ByteBuffer of(ByteBuffer content) {
        byte[] size = Integer.toHexString(content.remaining()).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(size.length + content.remaining() + 2 * CRLF.length)
                .put(size)
                .put(CRLF)
                .put(content.duplicate())
                .put(CRLF)
                .flip();
    }

    /** What ends a body. */
    static ByteBuffer last() {
        return ByteBuffer.wrap(LAST);
    }
}
