// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ArrivalPatternTest {

    /** Thirty events, one each 100 ms; the clocks are a day apart. */
    private static ArrivalPattern arrival(LongUnaryOperator arrivedMillis) {
        return ArrivalPattern.of(LongStream.range(0, 30)
                .map(number -> number * 100)
                .mapToObj(written -> new ArrivalPattern.Arrival(
                        written + Duration.ofDays(1).toMillis(),
                        Duration.ofMillis(arrivedMillis.applyAsLong(written)).toNanos()))
                .toList());
    }

    @Test
    void eventsThatComeAsTheyAreWrittenAreNotHeldBack() {
        ArrivalPattern arrival = arrival(written -> written + 40);

        assertThat(arrival).isEqualTo(new ArrivalPattern(30, 30, 1, Duration.ZERO, Duration.ZERO));
        assertThat(arrival.isBuffered()).isFalse();
    }

    @Test
    void allAtTheEndIsOneLump() {
        ArrivalPattern arrival = arrival(written -> 3000);

        assertThat(arrival).isEqualTo(new ArrivalPattern(30, 1, 30, Duration.ofMillis(1500), Duration.ofMillis(2900)));
        assertThat(arrival.isBuffered()).isTrue();
    }

    @Test
    void aBufferThatFillsUpNowAndThenIsOne() {
        ArrivalPattern arrival = arrival(written -> (written / 1000 + 1) * 1000);

        assertThat(arrival.lumps()).isEqualTo(3);
        assertThat(arrival.largest()).isEqualTo(10);
        assertThat(arrival.isBuffered()).isTrue();
    }

    @Test
    void oneHiccupIsNoBuffer() {
        ArrivalPattern arrival = arrival(written -> written < 1000 || written > 1800 ? written : 1800);

        assertThat(arrival.largest()).isEqualTo(9);
        assertThat(arrival.atMostLate()).isEqualTo(Duration.ofMillis(800));
        assertThat(arrival.isBuffered()).isFalse();
    }
}
