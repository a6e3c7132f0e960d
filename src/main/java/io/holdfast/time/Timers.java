// SPDX-License-Identifier: Apache-2.0
package io.holdfast.time;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The one scheduler of the service, with two accuracies.
 *
 * <ul>
 *   <li>{@link #after}: a timing wheel. Starting and cancelling cost the same however many timers there are, so each of
 *       many thousand connections can have some. A timer fires up to two ticks of 10 ms late. If the process was paused, as
 *       by a suspended machine, timers wait a little longer: what peers sent meanwhile is read first.
 *   <li>{@link #roughlyAfter}: the same wheel, for what idle connections have. A timer fires up to a hundredth of its delay
 *       late, so that many are due together. Each time that the thread wakes costs more than a timer.
 *   <li>{@link #preciselyAfter}: a heap, for the few timers whose delay is in the order of milliseconds.
 * </ul>
 *
 * <p>Both run their actions on a thread of their own: an action must not block. Safe from any thread.
 */
@Component
public final class Timers implements DisposableBean, WatchedThreads {

    private static final Logger log = LoggerFactory.getLogger(Timers.class);

    /** By which part of its delay a rough timer may be late. */
    private static final int ROUGHLY = 100;

    private final MonotonicClock clock;
    private final Wheel wheel;
    private final ScheduledThreadPoolExecutor precise =
            new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("precise-timers", true));

    /** @param clock read by everything that compares moments with what is scheduled here */
    public Timers(MonotonicClock clock) {
        this.clock = clock;
        this.wheel = new Wheel(clock);
        Thread.ofPlatform().daemon().name("timers").start(wheel);
        precise.setRemoveOnCancelPolicy(true);
    }

    /** As {@link MonotonicClock#nanos}. */
    public long nanos() {
        return clock.nanos();
    }

    /** Runs {@code action} once after {@code delay}, up to 20 ms late. */
    public Cancellable after(Duration delay, Runnable action) {
        return after(delay.toNanos(), action);
    }

    /** As {@link #after(Duration, Runnable)}, with a delay in nanoseconds. */
    public Cancellable after(long nanos, Runnable action) {
        return wheel.start(nanos, 0, action);
    }

    /** Runs {@code action} once after {@code nanos} nanoseconds, up to a hundredth of that and 20 ms late. */
    public Cancellable roughlyAfter(long nanos, Runnable action) {
        return wheel.start(nanos, nanos / ROUGHLY, action);
    }

    /** Runs {@code action} once after {@code nanos} nanoseconds, as exactly as the machine can. */
    public Cancellable preciselyAfter(long nanos, Runnable action) {
        ScheduledFuture<?> scheduled = precise.schedule(() -> run(action), nanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /**
     * Runs {@code action} again and again, {@code interval} after it has ended, up to 20 ms late.
     *
     * @param action an exception that it throws is logged, and does not end the repetition
     */
    public Cancellable repeat(Duration interval, Runnable action) {
        Repetition repetition = new Repetition(interval, action);
        repetition.next();
        return repetition;
    }

    private final class Repetition implements Cancellable, Runnable {

        private final Duration interval;
        private final Runnable action;

        // Guarded by this.
        private boolean cancelled;
        private @Nullable Cancellable timer;

        Repetition(Duration interval, Runnable action) {
            this.interval = interval;
            this.action = action;
        }

        synchronized void next() {
            if (!cancelled) {
                timer = after(interval, this);
            }
        }

        @Override
        public void run() {
            Timers.run(action);
            next();
        }

        @Override
        public synchronized void cancel() {
            cancelled = true;
            if (timer != null) {
                timer.cancel();
            }
        }
    }

    /** A scheduled executor keeps an exception for a caller that never asks. */
    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            log.error("A timer failed", e);
        }
    }

    /** Timers that have neither fired nor been cancelled. */
    public long pending() {
        return (long) wheel.pending() + precise.getQueue().size();
    }

    /** A random time within {@code period}, so that connections opened together do not act together. */
    public static Duration phase(Duration period) {
        return period.isZero()
                ? period
                : Duration.ofNanos(ThreadLocalRandom.current().nextLong(period.toNanos()));
    }

    /** A random time within the second half of {@code period}: a connection that just opened needs no heartbeat at once. */
    public static Duration secondHalf(Duration period) {
        Duration half = period.dividedBy(2);
        return half.plus(phase(half));
    }

    @Override
    public Map<String, Executor> watched() {
        return Map.of("timers", task -> after(Duration.ZERO, task));
    }

    @Override
    public void destroy() {
        wheel.stop();
        precise.shutdownNow();
    }
}
