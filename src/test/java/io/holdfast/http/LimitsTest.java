// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.LimitProperties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class LimitsTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Limits.class);

    @ParameterizedTest
    @CsvSource({
        "holdfast.limits.message-size,0B,64KB",
        "holdfast.limits.message-size,-1B,64KB",
        "holdfast.limits.message-size,17MB,64KB",
        "holdfast.limits.echo-size,0B,16MB",
        "holdfast.limits.echo-size,-1KB,16MB",
        "holdfast.limits.echo-size,1025MB,16MB",
    })
    void aBadLimitStopsTheStartNamedAndWithAValidOne(String property, String value, String valid) {
        runner.withPropertyValues(property + "=" + value)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContainingAll(property, "valid: " + valid));
    }

    @ParameterizedTest
    @ValueSource(strings = {"message-size=16MB", "echo-size=1GB", "message-size=1B", "echo-size=1B"})
    void theBoundsThemselvesAreGood(String setting) {
        runner.withPropertyValues("holdfast.limits." + setting)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @EnableConfigurationProperties(LimitProperties.class)
    static class Limits {}
}
