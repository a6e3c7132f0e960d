// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Collects the body of an answer that refuses access, for its reason. Confined to one event loop. */
final class DeniedAnswer {

    /** Of a longer body, the rest is ignored. */
    private static final int MOST = 16 * 1024;

    private final int status;
    private final StringBuilder body = new StringBuilder();

    DeniedAnswer(int status) {
        this.status = status;
    }

    void add(ByteBuf part) {
        int length = Math.min(part.readableBytes(), MOST - body.length());
        // One character per byte, as a part may end inside of a character.
        body.append(part.toString(part.readerIndex(), length, StandardCharsets.ISO_8859_1));
    }

    Ending.Denied denied(@Nullable BearerToken token) {
        String text = new String(body.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return Denials.ofStatus(status, text, token);
    }
}
