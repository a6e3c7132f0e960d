// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.delivery.HeartbeatProperties;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class KnownIntermediariesTest {

    private final KnownIntermediaries known = KnownIntermediaries.get();

    @Test
    void ownDefaultsAreThoseOfTheService() {
        HeartbeatProperties service = new Binder(new MapConfigurationPropertySource())
                .bindOrCreate("holdfast.heartbeat", HeartbeatProperties.class);

        assertThat(known.ownDefaults().heartbeatSeconds())
                .isEqualTo(service.interval().toSeconds());
        assertThat(known.ownDefaults().silence()).isEqualTo(service.interval().plus(service.pongTimeout()));
    }

    @Test
    void suspectsAreProducts() {
        List<String> names = known.products().stream().map(ProxyProduct::name).toList();

        assertThat(names).containsAll(known.suspects());
        assertThat(known.suspects()).isNotEmpty();
    }

    @Test
    void aLimitAtAKnownTimeoutNamesWhoseItIs() {
        assertThat(known.droppingAt(limit(230, 250))).isEqualTo(" (4m is the timeout of Azure load balancers)");
        assertThat(known.droppingAt(limit(50, 70))).as("nginx closes").isEmpty();
    }

    private static SilenceLimit limit(long lived, long died) {
        TrialResult witness = new TrialResult(
                Trial.silent(Duration.ofSeconds(died)), new SilenceOutcome.Unanswered(null), null, null, null);
        return new SilenceLimit(
                Duration.ofSeconds(lived), Duration.ofSeconds(died), Duration.ofSeconds(died), false, witness);
    }
}
