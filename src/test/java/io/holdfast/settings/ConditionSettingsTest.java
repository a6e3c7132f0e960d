// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** A setting that decides which beans there are is noticed, however it is written. */
class ConditionSettingsTest {

    private static final String NAME = "management.exposure.include";

    private static ConfigurableEnvironment with(Map<String, Object> settings, Map<String, Object> variables) {
        ConfigurableEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addLast(new MapPropertySource("settings", settings));
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        "test-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        ConfigurationPropertySources.attach(environment);
        return environment;
    }

    private static final Map<String, String> AT_BUILD =
            ConditionSettings.of(with(Map.of(NAME, "health"), Map.of()), Set.of(NAME, "CLOUD_HOST"));

    @Test
    void theSameSettingsAreNoChange() {
        assertThat(ConditionSettings.changed(with(Map.of(NAME, "health", "other", "1"), Map.of()), AT_BUILD))
                .isNull();
    }

    @Test
    void valueOfAnotherSourceIsAChange() {
        assertThat(ConditionSettings.changed(with(Map.of(NAME, "health,env"), Map.of()), AT_BUILD))
                .isEqualTo(NAME);
        assertThat(ConditionSettings.changed(
                        with(Map.of(NAME, "health"), Map.of("MANAGEMENT_EXPOSURE_INCLUDE", "env")), AT_BUILD))
                .isEqualTo(NAME);
    }

    @Test
    void elementOfAListIsAChange() {
        assertThat(ConditionSettings.changed(with(Map.of(NAME, "health", NAME + "[0]", "env"), Map.of()), AT_BUILD))
                .isEqualTo(NAME);
        assertThat(ConditionSettings.changed(
                        with(Map.of(NAME, "health"), Map.of("MANAGEMENT_EXPOSURE_INCLUDE_0", "env")), AT_BUILD))
                .isEqualTo(NAME);
    }

    @Test
    void variableThatIsNoSettingIsCompared() {
        assertThat(ConditionSettings.changed(with(Map.of(NAME, "health"), Map.of("CLOUD_HOST", "a")), AT_BUILD))
                .isEqualTo("CLOUD_HOST");
    }
}
