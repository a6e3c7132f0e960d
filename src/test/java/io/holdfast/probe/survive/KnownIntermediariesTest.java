package io.holdfast.probe.survive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class KnownIntermediariesTest {

    private final KnownIntermediaries known = KnownIntermediaries.get();

    @Test
    void ownDefaultsAreThoseOfTheService() throws IOException {
        assertThat(known.ownDefaults().heartbeatSeconds())
                .isEqualTo(defaultOf("holdfast.heartbeat.interval").toSeconds());
        assertThat(known.ownDefaults().silence())
                .isEqualTo(defaultOf("holdfast.heartbeat.interval").plus(defaultOf("holdfast.heartbeat.pong-timeout")));
    }

    private static Duration defaultOf(String property) throws IOException {
        try (InputStream metadata =
                KnownIntermediariesTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            for (JsonNode one : new JsonMapper().readTree(metadata).path("properties")) {
                if (one.path("name").asString().equals(property)) {
                    return DurationStyle.detectAndParse(one.path("defaultValue").asString());
                }
            }
        }
        throw new AssertionError("no property " + property);
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
                Trial.silent(Duration.ofSeconds(died)), new SilenceOutcome.Unanswered(null), null, null);
        return new SilenceLimit(
                Duration.ofSeconds(lived), Duration.ofSeconds(died), Duration.ofSeconds(died), false, witness);
    }
}
