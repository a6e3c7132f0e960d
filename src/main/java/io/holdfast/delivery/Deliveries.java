// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.connection.LimitProperties;
import io.holdfast.memory.MemoryBudget;
import io.holdfast.memory.MemoryPart;
import io.holdfast.time.Timers;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.springframework.stereotype.Component;

/** Makes the {@link Delivery} of each accepted connection, and holds what all of them share. */
@Component
public final class Deliveries {

    /** Connections that are closed at a time, before the memory is looked at again. */
    private static final int MOST_RELIEVED = 64;

    /** While nothing can be closed, the connections are not searched with each message that is sent. */
    private static final Duration NEXT_LOOK = Duration.ofMillis(100);

    private final Timers timers;
    private final KeepAlives keepAlives;
    private final OutboxProperties outbox;
    private final LimitProperties limits;
    private final MemoryPart receiving;
    private final MemoryPart sending;
    private final ChunkPool chunks = new ChunkPool();
    private final Connections connections;
    private final AtomicBoolean relieving = new AtomicBoolean();

    Deliveries(
            Timers timers,
            KeepAlives keepAlives,
            OutboxProperties outbox,
            LimitProperties limits,
            MemoryBudget memory,
            Connections connections) {
        this.timers = timers;
        this.keepAlives = keepAlives;
        this.outbox = outbox;
        this.limits = limits;
        this.receiving = memory.receiving();
        this.sending = memory.sending();
        this.connections = connections;
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
        return new Outbox(wire, chunks, sending, outbox, listener);
    }

    /** Counts bytes that a transport queues itself, or counts them no more if {@code bytes} is negative. */
    public void addQueued(long bytes) {
        sending.add(bytes);
        relieveMemory();
    }

    /** Closes the connections with the longest queues if all queues together are over the budget. */
    void relieveMemory() {
        if (sending.isOver() && relieving.compareAndSet(false, true)) {
            timers.after(Duration.ZERO, () -> {
                Duration pause = closeLongestQueues() ? Duration.ZERO : NEXT_LOOK;
                timers.after(pause, () -> {
                    relieving.set(false);
                    // Those who sent meanwhile found it under way, and may send nothing more.
                    relieveMemory();
                });
            });
        }
    }

    /** Whether there was one to close. */
    private boolean closeLongestQueues() {
        long excess = sending.used() - sending.limit();
        List<Queue> longest = connections.open().stream()
                .map(connection -> new Queue(connection, connection.queuedBytes()))
                .filter(queue -> queue.bytes() > 0)
                .sorted(Comparator.comparingLong(Queue::bytes).reversed())
                .limit(MOST_RELIEVED)
                .toList();
        for (Queue queue : longest) {
            if (excess <= 0) {
                break;
            }
            // Its last chunk counts whole.
            excess -= Math.max(queue.bytes(), ChunkPool.SIZE);
            // It does not read, so it would not read a goodbye either.
            queue.connection().abort(CloseReason.SLOW_CONSUMER);
        }
        return !longest.isEmpty();
    }

    /** The length of a queue at one moment. */
    private record Queue(Connection connection, long bytes) {}

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
