package io.holdfast.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TimersTest {

    private static final int MANY = 1_000;

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
