package io.holdfast.delivery;

import io.holdfast.connection.Connection;
import io.holdfast.connection.LimitProperties;
import io.holdfast.memory.MemoryBudget;
import io.holdfast.memory.MemoryPart;
import io.holdfast.time.Timers;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.springframework.stereotype.Component;

/** Makes the {@link Delivery} of each accepted connection, and holds what all of them share. */
@Component
public final class Deliveries {

    private final Timers timers;
    private final KeepAlives keepAlives;
    private final OutboxProperties outbox;
    private final LimitProperties limits;
    private final MemoryPart receiving;
    private final ChunkPool chunks = new ChunkPool();

    Deliveries(
            Timers timers,
            KeepAlives keepAlives,
            OutboxProperties outbox,
            LimitProperties limits,
            MemoryBudget memory) {
        this.timers = timers;
        this.keepAlives = keepAlives;
        this.outbox = outbox;
        this.limits = limits;
        this.receiving = memory.receiving();
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

    /** The memory for what is being received. */
    public MemoryPart receiving() {
        return receiving;
    }

    /** How long a peer may take to read its goodbye and to end its side. */
    public Duration closing() {
        return limits.closing();
    }

    /**
     * Starts a deadline for something that has begun to arrive.
     *
     * @param received bytes that have arrived so far
     * @param paused whether the silence is ours, since nothing is read
     * @param tooSlow called once, unless the deadline is cancelled before
     */
    public ProgressDeadline progressDeadline(LongSupplier received, BooleanSupplier paused, Runnable tooSlow) {
        return new ProgressDeadline(timers, limits, received, paused, tooSlow).start();
    }
}
