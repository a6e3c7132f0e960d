// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.CloseReason;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GoodbyeTest {

    private static final int MANY = 1_000;

    @Test
    void retryHintsSpreadSoThatNotAllComeBackAtOnce() {
        List<Goodbye> goodbyes = Stream.generate(() -> Goodbye.of(CloseReason.DRAINING))
                .limit(MANY)
                .toList();

        assertThat(goodbyes).allMatch(goodbye -> goodbye.retry().compareTo(Duration.ofSeconds(1)) >= 0);
        assertThat(goodbyes).anyMatch(goodbye -> goodbye.retry().compareTo(Duration.ofSeconds(2)) < 0);
        assertThat(goodbyes).anyMatch(goodbye -> goodbye.retry().compareTo(Duration.ofSeconds(4)) > 0);
    }

    @Test
    void goodbyeSaysWhenToComeBackOnlyToWhoShould() {
        assertThat(new Goodbye(CloseReason.DRAINING, Duration.ofMillis(3210), 1012, "").json())
                .isEqualTo("{\"type\":\"goodbye\",\"code\":\"draining\",\"retry\":\"3.2s\"}");
        assertThat(Goodbye.of(CloseReason.KICKED).json()).isEqualTo("{\"type\":\"goodbye\",\"code\":\"kicked\"}");
    }
}
