package io.holdfast.probe.survive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ArrivalPatternTest {

    /** Thirty events, one each 100 ms; the clocks are a day apart. */
    private static ArrivalPattern flow(LongUnaryOperator arrivedMillis) {
        return ArrivalPattern.of(LongStream.range(0, 30)
                .map(number -> number * 100)
                .mapToObj(written -> new ArrivalPattern.Arrival(
                        written + Duration.ofDays(1).toMillis(),
                        Duration.ofMillis(arrivedMillis.applyAsLong(written)).toNanos()))
                .toList());
    }

    @Test
    void eventsThatComeAsTheyAreWrittenAreNotHeldBack() {
        ArrivalPattern flow = flow(written -> written + 40);

        assertThat(flow).isEqualTo(new ArrivalPattern(30, 30, 1, Duration.ZERO, Duration.ZERO));
        assertThat(flow.isBuffered()).isFalse();
    }

    @Test
    void allAtTheEndIsOneLump() {
        ArrivalPattern flow = flow(written -> 3000);

        assertThat(flow).isEqualTo(new ArrivalPattern(30, 1, 30, Duration.ofMillis(1500), Duration.ofMillis(2900)));
        assertThat(flow.isBuffered()).isTrue();
    }

    @Test
    void aBufferThatFillsUpNowAndThenIsOne() {
        ArrivalPattern flow = flow(written -> (written / 1000 + 1) * 1000);

        assertThat(flow.lumps()).isEqualTo(3);
        assertThat(flow.largest()).isEqualTo(10);
        assertThat(flow.isBuffered()).isTrue();
    }

    @Test
    void oneHiccupIsNoBuffer() {
        ArrivalPattern flow = flow(written -> written < 1000 || written > 1800 ? written : 1800);

        assertThat(flow.largest()).isEqualTo(9);
        assertThat(flow.atMostLate()).isEqualTo(Duration.ofMillis(800));
        assertThat(flow.isBuffered()).isFalse();
    }
}
