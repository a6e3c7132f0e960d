// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import io.holdfast.connection.ConnectionRequest;
import io.holdfast.connection.Connections;
import io.holdfast.connection.LimitProperties;
import io.holdfast.connection.Registry;
import io.holdfast.memory.MemoryBudget;
import io.holdfast.memory.MemoryProperties;
import io.holdfast.settings.Defaults;
import io.holdfast.time.Timers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Opens deliveries as a service with its defaults has them, each to a socket that takes all bytes at once. */
public final class OpenDeliveries {

    private final Connections connections = Registry.create();
    private final ConnectionRequest request = Registry.request();
    private final Deliveries deliveries;

    public OpenDeliveries(Timers timers) {
        deliveries = new Deliveries(
                timers,
                new KeepAlives(timers, Defaults.of(HeartbeatProperties.class), Defaults.of(IdleProperties.class)),
                Defaults.of(OutboxProperties.class),
                Defaults.of(LimitProperties.class),
                new MemoryBudget(Defaults.of(MemoryProperties.class)),
                connections);
    }

    /** A delivery of a connection of its own. */
    public Delivery open() {
        Delivery delivery = deliveries.create(
                Registry.admit(connections, request),
                new TakingWire(),
                new PlainFraming(),
                HeartbeatSpec.NONE,
                OutboundDecorator.NONE,
                new Quiet());
        if (!delivery.open()) {
            throw new IllegalStateException("closed before it opened");
        }
        return delivery;
    }

    private static final class Quiet implements DeliveryListener {

        @Override
        public void opened(Delivery delivery) {}

        @Override
        public void closed() {}
    }

    /** The bytes of the text, and nothing around them. */
    private static final class PlainFraming implements Framing {

        private static final ByteBuffer[] NOTHING = {};

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
}
