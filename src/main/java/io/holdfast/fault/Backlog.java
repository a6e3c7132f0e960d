package io.holdfast.fault;

import io.holdfast.connection.LifeSigns;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What is held back until its time, in order. Guarded by its owner, whom it tells when the first is due. */
final class Backlog {

    /** What was given to the outbox. */
    enum Kind {
        PART,
        MESSAGE,
        LAST
    }

    record Held(Kind kind, ByteBuffer bytes, long due) {}

    private final Lag lag;
    private final LifeSigns lifeSigns;
    private final Runnable onDue;

    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private long bytes;
    private @Nullable Runnable timer;

    /** @param onDue called without any lock; it is to take what is due */
    Backlog(Lag lag, LifeSigns lifeSigns, Runnable onDue) {
        this.lag = lag;
        this.lifeSigns = lifeSigns;
        this.onDue = onDue;
    }

    void add(Kind kind, ByteBuffer message) {
        long due = System.nanoTime() + lag.nanos();
        if (!held.isEmpty() && held.getLast().due() - due > 0) {
            due = held.getLast().due();
        }
        held.add(new Held(kind, message, due));
        bytes += message.remaining();
        if (timer == null) {
            await();
        }
    }

    /** Waits for the first, if there is one. */
    private void await() {
        Held first = held.peek();
        timer = first == null
                ? null
                : lifeSigns.after(Duration.ofNanos(Math.max(0, first.due() - System.nanoTime())), onDue);
    }

    /** The first, if its time has come; else null, and its owner is told when it has. */
    @Nullable
    Held pollDue() {
        Held first = held.peek();
        if (first != null && first.due() - System.nanoTime() <= 0) {
            return poll();
        }
        await();
        return null;
    }

    /** The first, whatever its time; null if nothing is held. */
    @Nullable
    Held poll() {
        Held first = held.poll();
        if (first != null) {
            bytes -= first.bytes().remaining();
        }
        return first;
    }

    void clear() {
        held.clear();
        bytes = 0;
        if (timer != null) {
            timer.run();
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
