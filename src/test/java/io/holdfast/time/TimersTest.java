// SPDX-License-Identifier: Apache-2.0
package io.holdfast.time;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class TimersTest {

    private static final int MANY = 1_000;
    private static final Duration TICK = Duration.ofMillis(10);

    private final AtomicLong now = new AtomicLong(System.nanoTime());
    private final Queue<String> fired = new ConcurrentLinkedQueue<>();

    @AutoClose("destroy")
    private final Timers timers = new Timers(now::get);

    /** Moves the clock, and waits until what is due has fired. */
    private void pass(Duration time) {
        // The wheel looks at the clock again only when a timer is due by the time of the machine.
        fireAfter(time);
        fireAfter(TICK);
    }

    private void fireAfter(Duration time) {
        CountDownLatch firing = new CountDownLatch(1);
        timers.after(Duration.ZERO, firing::countDown);
        now.addAndGet(time.toNanos());
        try {
            assertThat(firing.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Cancellable start(String name, Duration delay) {
        return timers.after(delay, () -> fired.add(name));
    }

    @Test
    void timersFireInTheOrderOfTheirTimesAndNeverEarly() {
        start("later", Duration.ofMillis(500));
        start("soon", Duration.ofMillis(200));

        pass(Duration.ofMillis(150));
        assertThat(fired).isEmpty();
        pass(Duration.ofMillis(100));
        assertThat(fired).containsExactly("soon");
        pass(Duration.ofMillis(300));
        assertThat(fired).containsExactly("soon", "later");
        assertThat(timers.pending()).isLessThanOrEqualTo(1);
    }

    @Test
    void cancelledTimerIsGoneAtOnce() {
        Cancellable first = start("first", Duration.ofMillis(100));
        Cancellable second = start("second", Duration.ofMillis(100));
        start("third", Duration.ofMillis(100));

        second.cancel();
        assertThat(timers.pending()).isEqualTo(2);
        first.cancel();
        first.cancel();
        assertThat(timers.pending()).isEqualTo(1);
        pass(Duration.ofMillis(200));

        assertThat(fired).containsExactly("third");
    }

    /** The wheel has 4096 ticks of 10 ms. */
    @Test
    void timerOfMoreThanOneRoundFiresOnceAtItsTime() {
        start("long", Duration.ofSeconds(60));

        for (int i = 0; i < 65; i++) {
            pass(Duration.ofMillis(900));
        }
        assertThat(fired).isEmpty();
        pass(Duration.ofMillis(900));
        pass(Duration.ofMillis(900));
        assertThat(fired).containsExactly("long");
    }

    @Test
    void roughTimersFireTogetherNotEarlyAndAHundredthLateAtMost() {
        for (int i = 0; i < MANY; i++) {
            Duration delay = Duration.ofSeconds(20).plusMillis(i % 150);
            timers.roughlyAfter(delay.toNanos(), () -> fired.add("rough"));
        }

        int moments = 0;
        int before = 0;
        for (int i = 0; i < 200; i++) {
            pass(i < 19 ? Duration.ofMillis(990) : TICK);
            moments += fired.size() > before ? 1 : 0;
            before = fired.size();
        }

        assertThat(fired).hasSize(MANY);
        // At two moments 160 ms apart, each perhaps seen while they fire.
        assertThat(moments).isLessThanOrEqualTo(4);
    }

    @Test
    void timersOfAProcessThatWasPausedWaitForWhatPeersSentMeanwhile() {
        start("pong", Duration.ofMillis(300));
        pass(TICK);

        now.addAndGet(Duration.ofSeconds(30).toNanos());
        // The thread looks within half a second.
        await().during(Duration.ofSeconds(1)).until(fired::isEmpty);

        now.addAndGet(Duration.ofSeconds(1).toNanos());
        timers.after(Duration.ZERO, () -> {});
        await().until(() -> fired.contains("pong"));
    }

    @Test
    void failureOfATimerEndsNoOther() {
        timers.after(Duration.ofMillis(100), () -> {
            throw new IllegalStateException("expected by a test");
        });
        start("other", Duration.ofMillis(200));

        pass(Duration.ofMillis(150));
        pass(Duration.ofMillis(150));

        assertThat(fired).containsExactly("other");
    }

    /** Chance of a false alarm: under 10^-40. */
    @Test
    void phasesSpreadOverThePeriod() {
        Duration period = Duration.ofSeconds(10);

        List<Duration> phases =
                Stream.generate(() -> Timers.phase(period)).limit(MANY).toList();

        assertThat(phases).allMatch(phase -> !phase.isNegative() && phase.compareTo(period) < 0);
        for (int tenth = 0; tenth < 10; tenth++) {
            Duration from = Duration.ofSeconds(tenth);
            assertThat(phases)
                    .anyMatch(phase -> phase.compareTo(from) >= 0 && phase.compareTo(from.plusSeconds(1)) < 0);
        }
    }

    @Test
    void noPeriodHasNoPhase() {
        assertThat(Timers.phase(Duration.ZERO)).isZero();
    }
}
