// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.delivery.Framing;
import io.holdfast.delivery.Goodbye;
import io.holdfast.delivery.HeartbeatSpec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * The body of a streamed response: an event is text of the stream's format, each in a chunk of its own if the response is
 * chunked (RFC 9112, section 7.1).
 *
 * @param heartbeat the text of a heartbeat, which readers of the format skip unless they asked for another one; empty for
 *     none
 * @param goodbye the text of a goodbye; empty for none
 */
record StreamFraming(boolean chunked, Function<HeartbeatSpec.Kind, String> heartbeat, Function<Goodbye, String> goodbye)
        implements Framing {

    private static final ByteBuffer[] NOTHING = {};

    /** For a body that is one answer. */
    static StreamFraming ofAnswer(boolean chunked) {
        return new StreamFraming(chunked, kind -> "", reason -> "");
    }

    @Override
    public Pongs pongs() {
        return Pongs.NONE;
    }

    @Override
    public ByteBuffer payload(String event) {
        return ByteBuffer.wrap(event.getBytes(StandardCharsets.UTF_8));
    }

    /** An empty chunk would end the body. */
    @Override
    public ByteBuffer[] frame(ByteBuffer payload) {
        return payload.hasRemaining() ? new ByteBuffer[] {chunked ? Chunk.of(payload) : payload} : NOTHING;
    }

    @Override
    public ByteBuffer[] heartbeat(HeartbeatSpec.Kind kind, long sentAt) {
        return frame(payload(heartbeat.apply(kind)));
    }

    @Override
    public ByteBuffer[] goodbye(Goodbye last) {
        ByteBuffer text = payload(goodbye.apply(last));
        if (!chunked) {
            return new ByteBuffer[] {text};
        }
        return text.hasRemaining() ? new ByteBuffer[] {Chunk.of(text), Chunk.last()} : new ByteBuffer[] {Chunk.last()};
    }
}
