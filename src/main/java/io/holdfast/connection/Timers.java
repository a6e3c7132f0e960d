package io.holdfast.connection;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The one timing wheel of all connections' deadlines, heartbeats and goodbyes. A timer fires up to two of the wheel's
 * ticks late, on the wheel's thread: what it runs must not block.
 */
@Component
public final class Timers implements DisposableBean {

    private static final Duration TICK = Duration.ofMillis(10);
    private static final int SLOTS = 4096;

    private final HashedWheelTimer wheel = new HashedWheelTimer(
            new DefaultThreadFactory("timers", true), TICK.toMillis(), TimeUnit.MILLISECONDS, SLOTS, false);

    public Timeout after(Duration delay, Runnable action) {
        return after(delay.toNanos(), action);
    }

    public Timeout after(long nanos, Runnable action) {
        return wheel.newTimeout(timeout -> action.run(), nanos, TimeUnit.NANOSECONDS);
    }

    /** Timers that have neither fired nor been cancelled, but for what the wheel has not noticed yet. */
    public long pending() {
        return wheel.pendingTimeouts();
    }

    /** A random moment within {@code period}, so that what started together does not go on together. */
    public static Duration phase(Duration period) {
        return period.isZero()
                ? period
                : Duration.ofNanos(ThreadLocalRandom.current().nextLong(period.toNanos()));
    }

    /**
     * A random moment of {@code period}'s second half: for the first of what is then done each period, as whoever has just
     * come needs no sign of life at once.
     */
    static Duration secondHalf(Duration period) {
        Duration half = period.dividedBy(2);
        return half.plus(phase(half));
    }

    @Override
    public void destroy() {
        wheel.stop();
    }
}
