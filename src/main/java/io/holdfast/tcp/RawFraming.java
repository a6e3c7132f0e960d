// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.delivery.Framing;
import io.holdfast.delivery.Goodbye;
import io.holdfast.delivery.HeartbeatSpec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Raw bytes, which have neither heartbeats nor a goodbye. */
final class RawFraming implements Framing {

    static final RawFraming INSTANCE = new RawFraming();

    private static final ByteBuffer[] NOTHING = {};

    private RawFraming() {}

    @Override
    public Pongs pongs() {
        return Pongs.NONE;
    }

    @Override
    public ByteBuffer payload(String event) {
        return ByteBuffer.wrap(event.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ByteBuffer[] frame(ByteBuffer payload) {
        return new ByteBuffer[] {payload};
    }

    @Override
    public ByteBuffer[] heartbeat(HeartbeatSpec.Kind kind, long sentAt) {
        return NOTHING;
    }

    @Override
    public ByteBuffer[] goodbye(Goodbye goodbye) {
        return NOTHING;
    }
}
