// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** A setting that does not exist, or exists no more, stops the start, as it would have no effect. */
class UnknownSettingTest {

    private final StandardEnvironment environment = new StandardEnvironment();
    private final SettingsCheck check = new SettingsCheck();

    private void set(String name, String value) {
        environment.getPropertySources().addFirst(new MapPropertySource("file with " + name, Map.of(name, value)));
    }

    private void setVariable(String name, String value) {
        replace(new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.of(name, value)));
    }

    private void setSystemProperty(String name, String value) {
        replace(new MapPropertySource(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, Map.of(name, value)));
    }

    private void replace(PropertySource<?> source) {
        environment.getPropertySources().replace(source.getName(), source);
    }

    private Explanation explanation() {
        InvalidSettingsException thrown = assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> check.check(environment))
                .actual();
        assertThat(thrown.explanations()).hasSize(1);
        return thrown.explanations().getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "holdfast.limits.htp, holdfast.limits.http",
        "holdfast.limts.http, holdfast.limits.http",
        "holdfats.limits.http, holdfast.limits.http",
        "holdfast.limits.conections, holdfast.limits.connections",
        "holdfast.limits.peraddres, holdfast.limits.per-address",
        "holdfast.handshake, holdfast.limits.handshake",
        "holdfast.brokr, holdfast.broker",
        "holdfast.tcp.listeners.echo.prot, holdfast.tcp.listeners.echo.port",
        "holdfast.tcp.listener.echo.port, holdfast.tcp.listeners.echo.port",
        "holdfast.tcp.listeners.mine.falt.delay, holdfast.tcp.listeners.mine.fault.delay",
        "holdfast.websocket.allowed-origin, holdfast.websocket.allowed-origins",
        "holdfast.websocket.allowed-origin[0], holdfast.websocket.allowed-origins",
    })
    void aMistypedSettingStopsTheStartWithTheOneThatWasMeant(String name, String meant) {
        set(name, "5");

        assertThat(explanation().description())
                .startsWith(name + ": unknown property; did you mean " + meant + "?")
                .contains("\"file with " + name);
    }

    @Test
    void theRecommendationHasTheGivenValueIfItFits() {
        set("holdfast.limits.htp", "5");

        assertThat(explanation().action()).endsWith("holdfast.limits.http=5");
    }

    @ParameterizedTest
    @CsvSource({
        "holdfast.history.total, holdfast.history.bytes",
        "holdfast.memory.heap, holdfast.memory.receiving",
        "holdfast.limits.http.most, holdfast.limits",
        "holdfast.heap, holdfast.memory",
    })
    void aSettingThatIsLikeNoOtherIsToldWhatThereIs(String name, String known) {
        set(name, "256MB");

        Explanation explanation = explanation();
        assertThat(explanation.description())
                .startsWith(name + ": unknown property; ")
                .contains(known);
        assertThat(explanation.action()).isEqualTo("Remove " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HOLDFAST_LIMITS_HTP", "HOLDFAST_LIMTS_HTTP", "HOLDFAST_LIMITS_PERADDRES"})
    void aMistypedVariableStopsTheStart(String name) {
        setVariable(name, "5");

        assertThat(explanation().description()).contains("did you mean holdfast.limits.", name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HOLDFAST_REQUIRE_ALL",
                "HOLDFAST_TOKEN",
                "HOLDFAST_MODE",
                "HOLDFAST_PORT",
                "HOLDFAST_SERVICE_HOST",
                "HOLDFAST_PORT_8888_TCP_ADDR",
                "HOLDFAST_TCP_SERVICE_PORT",
                "HOLDFAST_REDIS_PORT",
                "HOLDFAST_REDIS_MASTER_SERVICE_HOST"
            })
    void aVariableOfSomebodyElseIsIgnored(String name) {
        setVariable(name, "tcp://10.0.0.1:8888");

        assertThatNoException().isThrownBy(() -> check.check(environment));
    }

    @ParameterizedTest
    @CsvSource({
        "HOLDFAST_LIMITS_PERADDRESS, 5",
        "HOLDFAST_LIMITS_PER_ADDRESS, 5",
        "HOLDFAST_TCP_LISTENERS_MINE_PORT, 5",
        "HOLDFAST_TCP_LISTENERS_LINES_FAULT_HEARTBEAT_INTERVAL, 5s",
        "HOLDFAST_WEBSOCKET_ALLOWEDORIGINS_0, https://example.org"
    })
    void aVariableThatIsASettingIsAccepted(String name, String value) {
        setVariable(name, value);

        assertThatNoException().isThrownBy(() -> check.check(environment));
    }

    @ParameterizedTest
    @CsvSource({
        "holdfast.limits.perAddress, 5",
        "holdfast.limits.per_address, 5",
        "holdfast.websocket.allowed-origins[0], https://example.org",
        "holdfast.tcp.listeners.mine.port, 5",
        "holdfast.limits, ''",
        "holdfast.tcp.listeners, ''",
    })
    void whatSpringBootAcceptsIsAccepted(String name, String value) {
        set(name, value);

        assertThatNoException().isThrownBy(() -> check.check(environment));
    }

    @Test
    void aSystemPropertyIsOursIfItsGroupIs() {
        setSystemProperty("holdfast.soak.duration", "1m");
        assertThatNoException().isThrownBy(() -> check.check(environment));

        setSystemProperty("holdfast.history.total", "1m");
        assertThat(explanation().description()).startsWith("holdfast.history.total: unknown property");
    }

    @Test
    void allThatAreUnknownAreToldAtOnce() {
        set("holdfast.limits.htp", "5");
        set("holdfast.limts.tcp", "5");

        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> check.check(environment))
                .withMessageContainingAll("holdfast.limits.htp", "holdfast.limts.tcp");
    }
}
