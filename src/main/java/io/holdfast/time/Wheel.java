// SPDX-License-Identifier: Apache-2.0
package io.holdfast.time;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Timers in the slots of a wheel, by the tick at which they are due. To start or to cancel one takes the same short time
 * however many there are, and the thread sleeps while none is due.
 *
 * <p>If the process was paused, as by a suspended machine, all timers wait a little longer: what peers sent meanwhile is
 * read first. Safe from any thread.
 */
final class Wheel implements Runnable {

    /** The time from one tick to the next, nanoseconds. */
    static final long TICK = TimeUnit.MILLISECONDS.toNanos(10);

    /** A power of two. */
    private static final int SLOTS = 4096;

    /** The thread looks this often whether the process was paused, ticks. */
    private static final int LONGEST_SLEEP = 50;

    /** A machine that is only busy is late by less. */
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    /** Event loops need about this long for what waits in the sockets. */
    private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(500);

    /** The next tick for which it wakes, while it does not sleep. */
    private static final long AWAKE = Long.MIN_VALUE;

    private static final Logger log = LoggerFactory.getLogger(Wheel.class);

    private final MonotonicClock clock;
    private final long origin;

    // Guarded by this.
    private final @Nullable Timer[] slots = new Timer[SLOTS];
    private int pending;
    private long lastTick;
    private long wakesAt = AWAKE;
    private boolean stopped;

    // Of its thread.
    private long expectedAt;
    private long graceEnd;

    /** Does nothing before a thread runs it. */
    Wheel(MonotonicClock clock) {
        this.clock = clock;
        this.origin = clock.nanos();
        this.expectedAt = origin;
        this.graceEnd = origin;
    }

    /**
     * Runs {@code action} once, on the thread of the wheel.
     *
     * @param nanos at least this long from now
     * @param tolerance by how much it may be later, nanoseconds. Timers whose time is about the same are then due together.
     */
    Cancellable start(long nanos, long tolerance, Runnable action) {
        Timer timer = new Timer(action);
        long tick = Math.ceilDiv(clock.nanos() - origin + Math.max(nanos, 0), TICK);
        long step = Math.max(1, Long.highestOneBit(tolerance / TICK));
        synchronized (this) {
            if (!stopped) {
                link(timer, Math.max(Math.ceilDiv(tick, step) * step, lastTick + 1));
            }
        }
        return timer;
    }

    private void link(Timer timer, long tick) {
        int slot = slot(tick);
        timer.tick = tick;
        timer.waits = true;
        timer.next = slots[slot];
        if (timer.next != null) {
            timer.next.previous = timer;
        }
        slots[slot] = timer;
        pending++;
        if (tick < wakesAt) {
            wakesAt = tick;
            notifyAll();
        }
    }

    private void unlink(Timer timer) {
        if (timer.previous == null) {
            slots[slot(timer.tick)] = timer.next;
        } else {
            timer.previous.next = timer.next;
        }
        if (timer.next != null) {
            timer.next.previous = timer.previous;
        }
        timer.previous = null;
        timer.next = null;
        timer.waits = false;
        pending--;
    }

    private static int slot(long tick) {
        return (int) (tick & (SLOTS - 1));
    }

    /** Timers that have neither fired nor been cancelled. */
    synchronized int pending() {
        return pending;
    }

    /** Ends {@link #run}. No timer fires after the current one. */
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    /** Fires timers until {@link #stop}. */
    @Override
    public void run() {
        List<Timer> due = new ArrayList<>();
        while (awaitDue(due)) {
            due.forEach(Timer::fire);
            due.clear();
        }
    }

    /** Whether there are some: false when it is stopped. */
    private synchronized boolean awaitDue(List<Timer> due) {
        while (!stopped) {
            long now = clock.nanos();
            if (now - expectedAt > PAUSE) {
                graceEnd = now + GRACE;
            }
            expectedAt = now;
            if (now - graceEnd >= 0) {
                expire(Math.floorDiv(now - origin, TICK), due);
            }
            if (!due.isEmpty()) {
                return true;
            }
            wakesAt = nextTick();
            expectedAt = Math.max(origin + wakesAt * TICK, graceEnd);
            try {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(expectedAt - now, 1));
            } catch (InterruptedException e) {
                // Only stop() ends it.
            }
            wakesAt = AWAKE;
        }
        return false;
    }

    private void expire(long tick, List<Timer> due) {
        long from = Math.max(lastTick + 1, tick - SLOTS + 1);
        for (long passed = from; passed <= tick; passed++) {
            Timer timer = slots[slot(passed)];
            while (timer != null) {
                Timer next = timer.next;
                if (timer.tick <= tick) {
                    unlink(timer);
                    due.add(timer);
                }
                timer = next;
            }
        }
        lastTick = tick;
    }

    /** The next one at which there may be a timer. */
    private long nextTick() {
        if (pending == 0) {
            return lastTick + TimeUnit.HOURS.toNanos(1) / TICK;
        }
        long tick = lastTick + 1;
        while (tick < lastTick + LONGEST_SLEEP && slots[slot(tick)] == null) {
            tick++;
        }
        return tick;
    }

    private final class Timer implements Cancellable {

        // Guarded by the wheel. The action is null when it has begun or is cancelled.
        private @Nullable Runnable action;
        private @Nullable Timer previous;
        private @Nullable Timer next;
        private long tick;
        private boolean waits;

        Timer(Runnable action) {
            this.action = action;
        }

        void fire() {
            Runnable due;
            synchronized (Wheel.this) {
                due = action;
                action = null;
            }
            if (due == null) {
                return;
            }
            try {
                due.run();
            } catch (RuntimeException | Error e) {
                log.error("A timer failed", e);
            }
        }

        @Override
        public void cancel() {
            synchronized (Wheel.this) {
                action = null;
                if (waits) {
                    unlink(this);
                }
            }
        }
    }
}
