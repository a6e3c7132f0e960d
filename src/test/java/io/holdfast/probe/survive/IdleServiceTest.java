// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.HttpProtocol;
import io.holdfast.probe.client.TcpAddress;
import io.holdfast.probe.client.Trust;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Ports;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** The service itself ends idle connections, and its actuator shows it. */
@HoldfastTest
@TestPropertySource(properties = "holdfast.idle.tcp=2s")
@ExtendWith(NothingLeft.class)
class IdleServiceTest {

    @Autowired
    private Ports ports;

    private Finding measure(boolean asked) {
        Plan plan = new Plan(
                asked ? HttpAddress.of("http://localhost:" + ports.http()) : null,
                TcpAddress.of("localhost:" + ports.tcpEcho()),
                null,
                List.of(ProbedTransport.TCP),
                List.of(Duration.ofSeconds(1), Duration.ofSeconds(3)),
                List.of(),
                Plan.STREAM_PATH,
                Plan.WEBSOCKET_PATH,
                Duration.ofSeconds(3),
                HttpProtocol.HTTP_1_1,
                Trust.SYSTEM,
                null);
        return Survival.measure(plan, told -> {}).findings().getFirst();
    }

    @Test
    void itsOwnLimitIsNamed() {
        Finding finding = measure(true);

        assertThat(Objects.requireNonNull(finding.attribution()).who()).isEqualTo(Attribution.Who.SERVICE);
        assertThat(Objects.requireNonNull(finding.limit()).at().toMillis()).isCloseTo(2000, within(200L));
        assertThat(SurvivalVerdict.of(finding)).contains("That is its setting holdfast.idle.tcp, 2s.");
    }

    @Test
    void whereItCantBeAskedNobodyIsAccused() {
        Finding finding = measure(false);

        assertThat(Objects.requireNonNull(finding.attribution()).who()).isEqualTo(Attribution.Who.UNKNOWN);
        assertThat(Objects.requireNonNull(finding.limit()).witness().noticed()).isNull();
        assertThat(SurvivalVerdict.of(finding)).contains("by the service or by an intermediary");
    }
}
