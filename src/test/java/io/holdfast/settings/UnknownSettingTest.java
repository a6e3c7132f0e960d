package io.holdfast.settings;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.support.ConnectionRoom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;

/** A setting that does not exist, or exists no more, stops the start, as it would have no effect. */
class UnknownSettingTest {

    @ParameterizedTest
    @ValueSource(strings = {"holdfast.history.total", "holdfast.limits.conections", "holdfast.memory.heap"})
    void aSettingThatDoesNotExistStopsTheStart(String name) {
        assertThatThrownBy(() -> ConnectionRoom.open(name + "=256MB").close())
                .hasRootCauseInstanceOf(UnboundConfigurationPropertiesException.class)
                .rootCause()
                .hasMessageContaining(name);
    }
}
