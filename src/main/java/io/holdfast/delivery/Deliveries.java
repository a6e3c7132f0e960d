package io.holdfast.delivery;

import io.holdfast.connection.Connection;
import io.holdfast.connection.LimitProperties;
import io.holdfast.time.Timers;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Makes the {@link Delivery} of each accepted connection, and holds what all of them share. */
@Component
public final class Deliveries {

    private final Timers timers;
    private final KeepAlives keepAlives;
    private final OutboxProperties outbox;
    private final Duration closing;
    private final ChunkPool chunks = new ChunkPool();

    Deliveries(Timers timers, KeepAlives keepAlives, OutboxProperties outbox, LimitProperties limits) {
        this.timers = timers;
        this.keepAlives = keepAlives;
        this.outbox = outbox;
        this.closing = limits.closing();
    }

    /** The delivery of an admitted connection. It does nothing before {@link Delivery#open}. */
    public Delivery create(
            Connection connection,
            Wire wire,
            Framing framing,
            HeartbeatSpec heartbeat,
            OutboundDecorator decorator,
            DeliveryListener listener) {
        return new Delivery(this, connection, wire, framing, heartbeat, decorator, listener);
    }

    Timers timers() {
        return timers;
    }

    public KeepAlives keepAlives() {
        return keepAlives;
    }

    Outbox outbox(Wire wire, Outbound.Listener listener) {
        return new Outbox(wire, chunks, outbox, listener);
    }

    /** How long a peer may take to read its goodbye and to end its side. */
    public Duration closing() {
        return closing;
    }
}
