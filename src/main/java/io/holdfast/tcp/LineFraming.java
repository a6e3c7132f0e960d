// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.connection.CloseReason;
import io.holdfast.delivery.Framing;
import io.holdfast.delivery.Goodbye;
import io.holdfast.delivery.HeartbeatSpec;
import io.holdfast.session.Events;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One event a line of UTF-8. A peer that ends the connection itself is told no goodbye. */
final class LineFraming implements Framing {

    static final LineFraming INSTANCE = new LineFraming();

    private static final ByteBuffer[] NOTHING = {};

    private LineFraming() {}

    @Override
    public Pongs pongs() {
        return Pongs.OPTIONAL;
    }

    @Override
    public ByteBuffer payload(String event) {
        return ByteBuffer.wrap((event + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ByteBuffer[] frame(ByteBuffer payload) {
        return new ByteBuffer[] {payload};
    }

    @Override
    public ByteBuffer[] heartbeat(HeartbeatSpec.Kind kind, long sentAt) {
        return frame(payload(kind == HeartbeatSpec.Kind.DATA ? Events.heartbeat() : Events.ping()));
    }

    @Override
    public ByteBuffer[] goodbye(Goodbye goodbye) {
        return goodbye.reason() == CloseReason.CLIENT ? NOTHING : frame(payload(goodbye.json()));
    }
}
