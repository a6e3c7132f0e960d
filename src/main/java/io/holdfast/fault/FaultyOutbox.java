package io.holdfast.fault;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.LifeSigns;
import io.holdfast.connection.Outbox;
import io.holdfast.connection.OutboxProperties;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import org.eclipse.jetty.io.ByteBufferPool;
import org.jspecify.annotations.Nullable;

/**
 * An outbox that holds back what it is given, and lets it leave late, in part or not at all. What is held counts as
 * waiting, so that a peer that sends more than it can be answered is held back, too.
 *
 * <p>Safe from any thread. What it is told to do at the cut is done outside of its lock.
 */
public final class FaultyOutbox extends Outbox {

    private enum State {
        /** What is given leaves in its time. */
        PASSING,
        /** The last message is on its way; then comes the cut. */
        ENDING,
        /** The next message leaves by half. */
        TRUNCATING,
        /** The transport says its goodbye, and nothing else. */
        CLOSING,
        /** Nothing leaves any more. */
        CUT
    }

    private enum Kind {
        PART,
        MESSAGE,
        LAST
    }

    private record Held(Kind kind, ByteBuffer bytes, long due) {}

    /** How long a peer may take to end its side after a message was cut in half. */
    private static final Duration CLOSE_TIME = Duration.ofSeconds(1);

    private final Fault fault;
    private final Connection connection;
    private final LifeSigns lifeSigns;
    private final Listener listener;
    private final Exit exit;
    private final long mostHeld;

    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private long heldBytes;
    private long messages;
    private boolean sealed;
    private boolean handedOn;
    private State state = State.PASSING;
    private @Nullable Runnable whenLeft;
    private @Nullable Runnable whenDue;
    private @Nullable Runnable deadline;
    private boolean over;

    public FaultyOutbox(
            Fault fault,
            Connection connection,
            LifeSigns lifeSigns,
            Writer writer,
            ByteBufferPool pool,
            OutboxProperties limits,
            Listener listener,
            Exit exit) {
        super(writer, pool, limits, listener);
        this.fault = fault;
        this.connection = connection;
        this.lifeSigns = lifeSigns;
        this.listener = listener;
        this.exit = exit;
        this.mostHeld = limits.bytes().toBytes() / 2;
    }

    @Override
    public void start() {
        if (fault.cut() == null || !(fault.cut().moment() instanceof Moment.Time(Duration sinceOpened))) {
            return;
        }
        if (sinceOpened.isZero()) {
            cut();
        } else {
            await(sinceOpened, this::cut);
        }
    }

    private synchronized void await(Duration time, Runnable action) {
        if (!over) {
            deadline = lifeSigns.after(time, action);
        }
    }

    @Override
    public synchronized boolean append(ByteBuffer... parts) {
        return take(Kind.MESSAGE, copy(parts));
    }

    @Override
    public synchronized boolean appendPart(ByteBuffer... parts) {
        return take(Kind.PART, copy(parts));
    }

    @Override
    public synchronized boolean offer(ByteBuffer message) {
        return take(Kind.MESSAGE, message.duplicate());
    }

    @Override
    public synchronized boolean appendLast(ByteBuffer... parts) {
        boolean taken = take(Kind.LAST, copy(parts));
        if (state == State.CUT && whenLeft == null) {
            // Nothing can be said any more, so it just ends; on another thread, as this one has our lock.
            lifeSigns.after(Duration.ZERO, exit::abort);
        }
        return taken;
    }

    private static ByteBuffer copy(ByteBuffer... parts) {
        int length = 0;
        for (ByteBuffer part : parts) {
            length += part.remaining();
        }
        ByteBuffer copy = ByteBuffer.allocate(length);
        for (ByteBuffer part : parts) {
            copy.put(part);
        }
        return copy.flip();
    }

    private boolean take(Kind kind, ByteBuffer bytes) {
        if (sealed) {
            return false;
        }
        sealed = kind == Kind.LAST && state != State.ENDING;
        handedOn = true;
        boolean late = state == State.PASSING || state == State.TRUNCATING;
        if (late && !(fault.lag().isNone() && held.isEmpty())) {
            hold(kind, bytes);
        } else {
            leave(kind, bytes);
        }
        return true;
    }

    private void hold(Kind kind, ByteBuffer bytes) {
        long due = System.nanoTime() + fault.lag().nanos();
        if (!held.isEmpty() && held.getLast().due() - due > 0) {
            due = held.getLast().due();
        }
        held.add(new Held(kind, bytes, due));
        heldBytes += bytes.remaining();
        if (whenDue == null) {
            scheduleRelease();
        }
    }

    private void scheduleRelease() {
        Held first = held.peek();
        whenDue = first == null
                ? null
                : lifeSigns.after(Duration.ofNanos(Math.max(0, first.due() - System.nanoTime())), this::release);
    }

    private void release() {
        synchronized (this) {
            long now = System.nanoTime();
            while (!held.isEmpty() && held.getFirst().due() - now <= 0) {
                leaveFirst();
            }
            scheduleRelease();
        }
        flush();
    }

    private void leaveFirst() {
        Held first = held.removeFirst();
        heldBytes -= first.bytes().remaining();
        leave(first.kind(), first.bytes());
    }

    private void leave(Kind kind, ByteBuffer bytes) {
        switch (state) {
            case PASSING -> {
                pass(kind, bytes);
                count(kind);
            }
            case TRUNCATING -> {
                if (kind == Kind.MESSAGE) {
                    pass(Kind.PART, bytes.slice(bytes.position(), bytes.remaining() / 2));
                    state = State.CUT;
                    whenLeft = this::finish;
                } else {
                    pass(kind, bytes);
                }
            }
            case CLOSING -> {
                if (kind == Kind.LAST) {
                    pass(kind, bytes);
                }
            }
            case ENDING, CUT -> {
                // It never leaves.
            }
        }
    }

    private void pass(Kind kind, ByteBuffer bytes) {
        super.offer(bytes);
        if (kind == Kind.LAST) {
            seal();
            cancelDeadline();
        }
    }

    private void count(Kind kind) {
        if (kind != Kind.MESSAGE || fault.cut() == null) {
            return;
        }
        messages++;
        if (fault.cut().moment() instanceof Moment.Messages(long most) && messages == most) {
            if (fault.cut().end() == End.TRUNCATE) {
                // The next message may be there already.
                truncateNext();
            } else {
                state = State.ENDING;
                whenLeft = this::cut;
            }
        }
    }

    private void truncateNext() {
        connection.ending(CloseReason.FAULT);
        state = State.TRUNCATING;
    }

    private void finish() {
        exit.halfClose();
        await(CLOSE_TIME, exit::abort);
    }

    private void cut() {
        Cut cut = Objects.requireNonNull(fault.cut());
        synchronized (this) {
            if (state != State.PASSING && state != State.ENDING) {
                return;
            }
            prepare(cut.end());
        }
        connection.ending(CloseReason.FAULT);
        switch (cut.end()) {
            case CLOSE -> {
                exit.close(cut);
                flush();
            }
            case RESET -> exit.reset();
            case STALL -> {
                exit.stall();
                await(lifeSigns.longestIdle(), exit::abort);
            }
            case HALF_CLOSE -> {
                flush();
                await(lifeSigns.longestIdle(), exit::abort);
            }
            case TRUNCATE -> {
                // The next message does it.
            }
        }
    }

    /** What is held leaves now, if it is owed, and never, if not. */
    private void prepare(End end) {
        switch (end) {
            case CLOSE, HALF_CLOSE -> {
                while (!held.isEmpty() && state == State.PASSING) {
                    leaveFirst();
                }
                state = end == End.CLOSE ? State.CLOSING : State.CUT;
                whenLeft = end == End.CLOSE ? null : exit::halfClose;
            }
            case RESET, STALL -> state = State.CUT;
            case TRUNCATE -> truncateNext();
        }
        if (state != State.TRUNCATING) {
            forgetHeld();
        }
    }

    private void forgetHeld() {
        held.clear();
        heldBytes = 0;
        if (whenDue != null) {
            whenDue.run();
            whenDue = null;
        }
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.run();
            deadline = null;
        }
    }

    @Override
    public void flush() {
        super.flush();
        actWhenLeft();
        boolean tell;
        synchronized (this) {
            // What is held is out of its source's hands.
            tell = handedOn && !held.isEmpty() && isCaughtUp();
            handedOn = false;
        }
        if (tell) {
            listener.drained();
        }
    }

    @Override
    protected void onSuccess() {
        super.onSuccess();
        actWhenLeft();
    }

    private void actWhenLeft() {
        Runnable action;
        synchronized (this) {
            if (whenLeft == null || super.pending() > 0) {
                return;
            }
            action = whenLeft;
            whenLeft = null;
        }
        action.run();
    }

    @Override
    public synchronized long pending() {
        return super.pending() + heldBytes;
    }

    @Override
    public synchronized boolean isCaughtUp() {
        return super.pending() == 0 && heldBytes < mostHeld;
    }

    @Override
    public Duration lag() {
        return fault.lag().longest();
    }

    @Override
    public synchronized void discardQueued() {
        forgetHeld();
        super.discardQueued();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        synchronized (this) {
            sealed = true;
            state = State.CUT;
            whenLeft = null;
            over = true;
            forgetHeld();
            cancelDeadline();
        }
        super.onCompleteFailure(cause);
    }
}
