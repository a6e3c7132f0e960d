// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.delivery.Framing;
import io.holdfast.delivery.Goodbye;
import io.holdfast.delivery.HeartbeatSpec;
import io.holdfast.session.Events;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.springframework.web.socket.CloseStatus;

/** Whole, uncompressed frames of RFC 6455. An event is a text message, the goodbye a close frame. */
final class WebSocketFraming implements Framing {

    static final WebSocketFraming INSTANCE = new WebSocketFraming();

    private static final int FIN = 0x80;
    private static final ByteBuffer[] NOTHING = {};

    private WebSocketFraming() {}

    @Override
    public Pongs pongs() {
        return Pongs.REQUIRED;
    }

    @Override
    public ByteBuffer payload(String event) {
        return ByteBuffer.wrap(event.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ByteBuffer[] frame(ByteBuffer payload) {
        return frame(Opcode.TEXT, payload);
    }

    private static ByteBuffer[] frame(int opcode, ByteBuffer payload) {
        return new ByteBuffer[] {Frame.header(FIN | opcode, payload.remaining()), payload};
    }

    @Override
    public ByteBuffer[] heartbeat(HeartbeatSpec.Kind kind, long sentAt) {
        return switch (kind) {
            case PING ->
                frame(
                        Opcode.PING,
                        ByteBuffer.allocate(Long.BYTES).putLong(sentAt).flip());
            case DATA -> frame(payload(Events.heartbeat()));
            case NONE, COMMENT -> NOTHING;
        };
    }

    @Override
    public ByteBuffer[] goodbye(Goodbye goodbye) {
        CloseStatus status = new CloseStatus(goodbye.code(), goodbye.text().isEmpty() ? null : goodbye.text());
        return frame(Opcode.CLOSE, Frame.closePayload(status));
    }
}
