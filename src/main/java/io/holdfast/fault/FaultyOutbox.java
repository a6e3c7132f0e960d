// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import io.holdfast.connection.CloseReason;
import io.holdfast.delivery.Delivery;
import io.holdfast.delivery.Goodbye;
import io.holdfast.delivery.Outbound;
import io.holdfast.delivery.Outbox;
import io.holdfast.fault.HeldMessages.HeldMessage;
import io.holdfast.fault.HeldMessages.Kind;
import io.holdfast.memory.SharedBytes;
import io.holdfast.time.Cancellable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stands before an {@link Outbox} and passes on what it is given late, in part or not at all, and ends the connection as
 * asked. What is held back counts as waiting, so that back pressure works on it.
 *
 * <p>Safe from any thread. The connection is ended without holding the lock.
 */
final class FaultyOutbox implements Outbound, Outbound.Listener {

    private enum State {
        /** Messages pass, each at its time. */
        PASSING,
        /** The last message before the end is on its way. */
        ENDING,
        /** Half of the next message passes. */
        TRUNCATING,
        /** Only the goodbye passes. */
        CLOSING,
        /** Nothing passes. */
        CUT
    }

    /** How long a peer may take to end its side after a truncated message. */
    private static final Duration CLOSE_TIME = Duration.ofSeconds(1);

    /** From the last message to a reset: some clients drop what they have not read when they see a reset. */
    private static final Duration BEFORE_RESET = Duration.ofMillis(50);

    /** How often a stalled connection reads once, to see whether the peer is still there. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Faults faults;
    private final Fault fault;
    private final Delivery delivery;
    private final Outbox outbox;
    private final HeldMessages held;

    // Guarded by this.
    private State state = State.PASSING;
    private long messages;
    private boolean sealed;
    private boolean takenOver;
    private @Nullable Runnable whenSent;
    private @Nullable Cancellable timer;
    private @Nullable Cancellable look;
    private boolean closed;

    FaultyOutbox(Faults faults, Fault fault, Delivery delivery, Function<Outbound.Listener, Outbox> outbox) {
        this.faults = faults;
        this.fault = fault;
        this.delivery = delivery;
        this.outbox = outbox.apply(this);
        this.held = new HeldMessages(fault.delay(), faults.timers(), faults.sending(), this::waiting, this::releaseDue);
    }

    @Override
    public void start() {
        if (fault.forcedEnd() == null || !(fault.forcedEnd().trigger() instanceof Trigger.Time(Duration sinceOpened))) {
            return;
        }
        if (sinceOpened.isZero()) {
            end();
        } else {
            schedule(sinceOpened, this::end);
        }
    }

    private synchronized void schedule(Duration time, Runnable action) {
        if (!closed) {
            timer = faults.timers().after(time, action);
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
    public synchronized boolean offer(SharedBytes message) {
        return take(Kind.MESSAGE, message);
    }

    @Override
    public synchronized boolean appendLast(ByteBuffer... parts) {
        return take(Kind.LAST, copy(parts));
    }

    private static SharedBytes copy(ByteBuffer... parts) {
        int length = 0;
        for (ByteBuffer part : parts) {
            length += part.remaining();
        }
        ByteBuffer copy = ByteBuffer.allocate(length);
        for (ByteBuffer part : parts) {
            copy.put(part);
        }
        return new SharedBytes(copy.flip());
    }

    private boolean take(Kind kind, SharedBytes bytes) {
        if (sealed) {
            return false;
        }
        // The goodbye of an end that was triggered already is not the last thing yet: the end has its own.
        sealed = kind == Kind.LAST && state != State.ENDING;
        takenOver = true;
        boolean mayBeHeld = state == State.PASSING || state == State.TRUNCATING;
        if (mayBeHeld && !(fault.delay().isNone() && held.isEmpty())) {
            held.add(kind, bytes);
        } else {
            pass(kind, bytes);
        }
        return true;
    }

    private void releaseDue() {
        boolean nothingToSend = false;
        synchronized (this) {
            for (HeldMessage due = held.pollDue(); due != null; due = held.pollDue()) {
                boolean passes = state == State.PASSING || state == State.TRUNCATING;
                pass(due.kind(), due.bytes());
                nothingToSend = passes && due.kind() == Kind.LAST && outbox.isFinished();
            }
        }
        flush();
        if (nothingToSend) {
            // No write will tell that the last thing, which has no bytes, was sent.
            delivery.drained();
        }
    }

    private void pass(Kind kind, SharedBytes bytes) {
        switch (state) {
            case PASSING -> {
                handOn(kind, bytes);
                count(kind);
            }
            case TRUNCATING -> {
                if (kind == Kind.MESSAGE) {
                    handOn(Kind.PART, firstHalf(bytes.bytes()));
                    delivery.connection().closing(CloseReason.FAULT);
                    state = State.CUT;
                    whenSent = this::endTruncated;
                } else {
                    handOn(kind, bytes);
                }
            }
            case CLOSING -> {
                if (kind == Kind.LAST) {
                    handOn(kind, bytes);
                }
            }
            case ENDING, CUT -> {
                // It is dropped.
            }
        }
    }

    private void handOn(Kind kind, SharedBytes bytes) {
        if (bytes.length() > 0) {
            outbox.offer(bytes);
        }
        if (kind == Kind.LAST) {
            outbox.appendLast();
            cancelTimer();
        }
    }

    private static SharedBytes firstHalf(ByteBuffer message) {
        return new SharedBytes(message.limit(message.position() + message.remaining() / 2));
    }

    private void count(Kind kind) {
        if (kind != Kind.MESSAGE || fault.forcedEnd() == null) {
            return;
        }
        messages++;
        if (fault.forcedEnd().trigger() instanceof Trigger.Messages(long most) && messages == most) {
            EndMode mode = fault.forcedEnd().mode();
            if (mode == EndMode.TRUNCATE) {
                state = State.TRUNCATING;
            } else {
                state = State.ENDING;
                whenSent = mode == EndMode.RESET ? () -> schedule(BEFORE_RESET, this::end) : this::end;
            }
        }
    }

    private void endTruncated() {
        delivery.stopTraffic();
        delivery.wire().breakOff();
        schedule(CLOSE_TIME, delivery.wire()::close);
    }

    private void end() {
        ForcedEnd end = Objects.requireNonNull(fault.forcedEnd());
        synchronized (this) {
            if (state != State.PASSING && state != State.ENDING) {
                return;
            }
            prepare(end.mode());
        }
        switch (end.mode()) {
            case CLOSE -> delivery.close(Goodbye.of(CloseReason.FAULT, end.code(), end.reason()));
            case RESET -> {
                delivery.stopTraffic();
                delivery.wire().reset();
            }
            case STALL -> {
                delivery.stopTraffic();
                delivery.pauseReading();
                schedule(faults.longestStall(), delivery.wire()::close);
                lookForEnd();
            }
            case HALF_CLOSE -> {
                delivery.stopTraffic();
                flush();
                schedule(faults.longestStall(), delivery.wire()::close);
            }
            case TRUNCATE -> {
                // The next message is truncated.
            }
        }
    }

    private synchronized void lookForEnd() {
        if (!closed) {
            look = faults.timers().repeat(LOOK, delivery::readOnce);
        }
    }

    /** What was held back leaves now before an orderly end, and never before another one. */
    private void prepare(EndMode mode) {
        switch (mode) {
            case CLOSE, HALF_CLOSE -> {
                for (HeldMessage owed = held.poll(); owed != null; owed = held.poll()) {
                    pass(owed.kind(), owed.bytes());
                }
                state = mode == EndMode.CLOSE ? State.CLOSING : State.CUT;
                whenSent = mode == EndMode.CLOSE ? null : delivery.wire()::shutdownOutput;
            }
            case RESET, STALL -> state = State.CUT;
            case TRUNCATE -> state = State.TRUNCATING;
        }
        if (state != State.TRUNCATING) {
            held.clear();
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    @Override
    public void flush() {
        outbox.flush();
        actWhenSent();
        boolean caughtUp;
        synchronized (this) {
            // The source may go on: what it gave is held here.
            caughtUp = takenOver && !held.isEmpty() && isCaughtUp();
            takenOver = false;
        }
        if (caughtUp) {
            delivery.drained();
        }
    }

    private void actWhenSent() {
        Runnable action;
        synchronized (this) {
            if (whenSent == null || outbox.pendingBytes() > 0) {
                return;
            }
            action = whenSent;
            whenSent = null;
        }
        action.run();
    }

    @Override
    public void writing() {
        delivery.writing();
    }

    @Override
    public void waiting(long bytes) {
        delivery.waiting(bytes);
    }

    @Override
    public void drained() {
        boolean forward;
        synchronized (this) {
            forward = state != State.CUT;
        }
        if (forward) {
            delivery.drained();
        }
        actWhenSent();
    }

    @Override
    public void failed(Throwable cause) {
        close();
        delivery.failed(cause);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            sealed = true;
            state = State.CUT;
            whenSent = null;
            held.clear();
            cancelTimer();
            if (look != null) {
                look.cancel();
            }
        }
        outbox.close();
    }

    @Override
    public synchronized void discardQueued() {
        held.clear();
        outbox.discardQueued();
    }

    /** Also after a cut, when nothing that is given leaves any more. */
    @Override
    public synchronized boolean isFinished() {
        return state == State.CUT ? whenSent == null : held.isEmpty() && outbox.isFinished();
    }

    @Override
    public synchronized boolean isFull() {
        return outbox.isFull() || pendingBytes() > faults.maxHeldBytes() * 2;
    }

    @Override
    public boolean hasRoom() {
        return outbox.hasRoom() && pendingBytes() < faults.maxHeldBytes();
    }

    @Override
    public synchronized boolean isCaughtUp() {
        return outbox.pendingBytes() == 0 && held.bytes() < faults.maxHeldBytes();
    }

    @Override
    public synchronized long pendingBytes() {
        return outbox.pendingBytes() + held.bytes();
    }

    @Override
    public Duration delay() {
        return fault.delay().longest();
    }
}
