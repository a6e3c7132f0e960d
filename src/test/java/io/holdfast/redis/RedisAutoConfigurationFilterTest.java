// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.support.PlainRequest;
import io.holdfast.support.ServiceProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The effects of {@code holdfast.broker}, each in a separate service. */
class RedisAutoConfigurationFilterTest {

    private static final String SHOW_THREADS = "--management.endpoints.web.exposure.include=health,info,threaddump";

    private static String threads(ServiceProcess service) throws Exception {
        return PlainRequest.get(service.http(), "/actuator/threaddump").body();
    }

    @Test
    void localBrokerNeedsNoRedisAndHasNothingOfIt() throws Exception {
        // Set or not, it is not looked for.
        try (ServiceProcess service = ServiceProcess.start(SHOW_THREADS, "--spring.data.redis.port=1")) {
            PlainRequest.Answer health = PlainRequest.get(service.http(), "/actuator/health");

            assertThat(health.status()).isEqualTo(200);
            assertThat(health.json().at("/components").has("redis")).isFalse();
            assertThat(PlainRequest.get(service.http(), "/actuator/health/readiness")
                            .status())
                    .isEqualTo(200);
            assertThat(threads(service)).contains("\"threadName\"").doesNotContain("lettuce", "\"redis\"");
        }
    }

    @Test
    void serviceStartsWithoutTheRedisItIsToUseAndSaysThatItIsNotReady() throws Exception {
        try (ServiceProcess service =
                ServiceProcess.start(SHOW_THREADS, "--holdfast.broker=redis", "--spring.data.redis.port=1")) {
            assertThat(PlainRequest.get(service.http(), "/actuator/health/readiness")
                            .status())
                    .isEqualTo(503);
            assertThat(PlainRequest.get(service.http(), "/actuator/health/liveness")
                            .status())
                    .isEqualTo(200);
            assertThat(PlainRequest.get(service.http(), "/channels/news").status())
                    .isEqualTo(503);
            assertThat(threads(service)).contains("lettuce", "\"redis\"");
            assertThat(service.log()).contains("Redis fails");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "holdfast.broker, kafka, holdfast.broker=local",
        "holdfast.redis.key-prefix, a{b}, holdfast.redis.key-prefix=holdfast:",
        "holdfast.redis.channel-age, 1s, holdfast.redis.channel-age=7d"
    })
    void badSettingStopsTheStartAndIsNamed(String property, String value, String valid) {
        assertThatThrownBy(() -> ServiceProcess.start("--" + property + "=" + value))
                .hasMessageContaining(property)
                .hasMessageContaining(value)
                .hasMessageContaining(valid);
    }
}
