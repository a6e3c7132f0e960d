package io.holdfast.fault;

import io.holdfast.connection.LifeSigns;
import io.holdfast.connection.Outbox;
import io.holdfast.connection.OutboxProperties;
import io.holdfast.fault.Backlog.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
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

    /** How long a peer may take to end its side after a message was cut in half. */
    private static final Duration CLOSE_TIME = Duration.ofSeconds(1);

    /** Of the last message before a reset, which some clients notice before they read what came first. */
    private static final Duration HEAD_START = Duration.ofMillis(50);

    private final Fault fault;
    private final LifeSigns lifeSigns;
    private final Listener listener;
    private final Exit exit;
    private final long mostHeld;

    private final Backlog held;
    private long messages;
    private boolean sealed;
    private boolean handedOn;
    private State state = State.PASSING;
    private @Nullable Runnable whenLeft;
    private @Nullable Runnable deadline;
    private boolean over;

    public FaultyOutbox(
            Fault fault,
            LifeSigns lifeSigns,
            Writer writer,
            ByteBufferPool pool,
            OutboxProperties limits,
            Listener listener,
            Exit exit) {
        super(writer, pool, limits, listener);
        this.fault = fault;
        this.lifeSigns = lifeSigns;
        this.listener = listener;
        this.exit = exit;
        this.held = new Backlog(fault.lag(), lifeSigns, this::release);
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
            held.add(kind, bytes);
        } else {
            leave(kind, bytes);
        }
        return true;
    }

    private void release() {
        synchronized (this) {
            for (Backlog.Held due = held.pollDue(); due != null; due = held.pollDue()) {
                leave(due.kind(), due.bytes());
            }
        }
        flush();
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
                whenLeft = fault.cut().end() == End.RESET ? () -> await(HEAD_START, this::cut) : this::cut;
            }
        }
    }

    private void truncateNext() {
        exit.ending();
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
        exit.ending();
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
                for (Backlog.Held owed = held.poll(); owed != null; owed = held.poll()) {
                    leave(owed.kind(), owed.bytes());
                }
                state = end == End.CLOSE ? State.CLOSING : State.CUT;
                whenLeft = end == End.CLOSE ? null : exit::halfClose;
            }
            case RESET, STALL -> state = State.CUT;
            case TRUNCATE -> truncateNext();
        }
        if (state != State.TRUNCATING) {
            held.clear();
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
        return super.pending() + held.bytes();
    }

    @Override
    public synchronized boolean isCaughtUp() {
        return super.pending() == 0 && held.bytes() < mostHeld;
    }

    @Override
    public Duration lag() {
        return fault.lag().longest();
    }

    @Override
    public synchronized void discardQueued() {
        held.clear();
        super.discardQueued();
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        synchronized (this) {
            sealed = true;
            state = State.CUT;
            whenLeft = null;
            over = true;
            held.clear();
            cancelDeadline();
        }
        super.onCompleteFailure(cause);
    }
}
