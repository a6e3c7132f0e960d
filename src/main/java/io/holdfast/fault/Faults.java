// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import io.holdfast.delivery.KeepAlives;
import io.holdfast.delivery.OutboundDecorator;
import io.holdfast.delivery.OutboxProperties;
import io.holdfast.memory.MemoryBudget;
import io.holdfast.memory.MemoryPart;
import io.holdfast.time.Timers;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Makes the decorator that carries out a connection's fault. */
@Component
public final class Faults {

    private final Timers timers;
    private final KeepAlives keepAlives;
    private final long maxHeldBytes;
    private final MemoryPart sending;

    Faults(Timers timers, KeepAlives keepAlives, OutboxProperties outbox, MemoryBudget memory) {
        this.sending = memory.sending();
        this.timers = timers;
        this.keepAlives = keepAlives;
        this.maxHeldBytes = outbox.bytes().toBytes() / 2;
    }

    /** What stands before the outbox of a connection with {@code fault}: nothing if there is no fault. */
    public OutboundDecorator decorator(Fault fault) {
        return fault.isNone()
                ? OutboundDecorator.NONE
                : (delivery, outbox) -> new FaultyOutbox(this, fault, delivery, outbox);
    }

    Timers timers() {
        return timers;
    }

    /** Counts what is held back. */
    MemoryPart sending() {
        return sending;
    }

    /** After this many bytes a source has to wait. */
    long maxHeldBytes() {
        return maxHeldBytes;
    }

    /** How long a socket on which nothing passes any more is kept. */
    Duration longestStall() {
        return keepAlives.longestIdle();
    }
}
