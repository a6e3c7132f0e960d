// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the log says about refused connections, by a clock that the test moves. */
@ExtendWith(OutputCaptureExtension.class)
class RefusalsTest {

    /** A nano time may be negative, and overflows while the service runs. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10);

    private final Refusals refusals = new Refusals(now::get);

    private CapturedOutput log;

    @BeforeEach
    void capture(CapturedOutput output) {
        log = output;
    }

    private void refuse(int count) {
        for (int i = 0; i < count; i++) {
            refusals.refused(Transport.TCP, Limit.PER_ADDRESS);
        }
    }

    private List<String> lines() {
        return log.getOut()
                .lines()
                .filter(line -> line.contains("connections refused"))
                .map(line -> line.replaceAll(".* (\\d+ connections refused)", "$1"))
                .toList();
    }

    private static String line(int count, String which) {
        return count + " connections refused since the last such line, the last one " + which;
    }

    @Test
    void firstRefusalIsLoggedAtOnce() {
        refuse(1);

        assertThat(lines()).containsExactly(line(1, "tcp by holdfast.limits.per-address"));
    }

    @Test
    void thousandsWithinASecondAreOneLine() {
        refuse(1);

        now.addAndGet(Duration.ofSeconds(1).toNanos() - 1);
        refuse(5000);

        assertThat(lines()).hasSize(1);
        assertThat(refusals.count(Transport.TCP, Limit.PER_ADDRESS)).isEqualTo(5001);
    }

    @Test
    void lineAfterASecondCountsAllThatWereNotLogged() {
        refuse(1);
        refuse(41);

        now.addAndGet(Duration.ofSeconds(1).toNanos());
        refusals.refused(Transport.WEBSOCKET, Limit.DRAINING);
        refuse(3);

        assertThat(lines())
                .containsExactly(line(1, "tcp by holdfast.limits.per-address"), line(42, "websocket by draining"));
    }
}
