// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import io.holdfast.memory.MemoryPart;
import io.holdfast.memory.SharedBytes;
import io.holdfast.time.Cancellable;
import io.holdfast.time.Timers;
import java.util.ArrayDeque;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Messages that are held back until they are due, in order. Guarded by its owner's lock. */
final class HeldMessages {

    /** How the outbox was given it. */
    enum Kind {
        /** Ends no message. */
        PART,
        MESSAGE,
        /** Nothing comes after it. */
        LAST
    }

    record HeldMessage(Kind kind, SharedBytes bytes, long due) {}

    /** Bytes of the place of a message. */
    private static final int COST = 32;

    private final Delay delay;
    private final Timers timers;
    private final MemoryPart memory;
    private final LongConsumer waiting;
    private final Runnable onDue;

    private final ArrayDeque<HeldMessage> held = new ArrayDeque<>();
    private long bytes;
    private @Nullable Cancellable timer;

    /**
     * @param memory counts what is held
     * @param waiting is told how many bytes more are held, or fewer
     * @param onDue called without any lock when the first message is due; it is to poll what is due
     */
    HeldMessages(Delay delay, Timers timers, MemoryPart memory, LongConsumer waiting, Runnable onDue) {
        this.memory = memory;
        this.delay = delay;
        this.timers = timers;
        this.waiting = waiting;
        this.onDue = onDue;
    }

    void add(Kind kind, SharedBytes message) {
        long due = timers.nanos() + delay.nanos();
        if (!held.isEmpty() && held.getLast().due() - due > 0) {
            due = held.getLast().due();
        }
        held.add(new HeldMessage(kind, message, due));
        bytes += message.length();
        waiting.accept(message.length());
        message.hold(memory);
        memory.add(COST);
        if (timer == null) {
            await();
        }
    }

    /** Starts the timer for the first message, if there is one. */
    private void await() {
        HeldMessage first = held.peek();
        timer = first == null ? null : timers.after(Math.max(0, first.due() - timers.nanos()), onDue);
    }

    /** The first message, if it is due; else null, and the owner is told when it is. */
    @Nullable
    HeldMessage pollDue() {
        HeldMessage first = held.peek();
        if (first != null && first.due() - timers.nanos() <= 0) {
            return poll();
        }
        await();
        return null;
    }

    /** The first message, due or not; null if none is held. */
    @Nullable
    HeldMessage poll() {
        HeldMessage first = held.poll();
        if (first != null) {
            bytes -= first.bytes().length();
            waiting.accept(-first.bytes().length());
            first.bytes().release(memory);
            memory.release(COST);
        }
        return first;
    }

    void clear() {
        while (poll() != null) {
            // It is dropped.
        }
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    long bytes() {
        return bytes;
    }
}
