package io.holdfast.fault;

import io.holdfast.time.Cancellable;
import io.holdfast.time.Timers;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
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

    record HeldMessage(Kind kind, ByteBuffer bytes, long due) {}

    private final Delay delay;
    private final Timers timers;
    private final Runnable onDue;

    private final ArrayDeque<HeldMessage> held = new ArrayDeque<>();
    private long bytes;
    private @Nullable Cancellable timer;

    /** @param onDue called without any lock when the first message is due; it is to poll what is due */
    HeldMessages(Delay delay, Timers timers, Runnable onDue) {
        this.delay = delay;
        this.timers = timers;
        this.onDue = onDue;
    }

    void add(Kind kind, ByteBuffer message) {
        long due = timers.nanos() + delay.nanos();
        if (!held.isEmpty() && held.getLast().due() - due > 0) {
            due = held.getLast().due();
        }
        held.add(new HeldMessage(kind, message, due));
        bytes += message.remaining();
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
            bytes -= first.bytes().remaining();
        }
        return first;
    }

    void clear() {
        held.clear();
        bytes = 0;
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
