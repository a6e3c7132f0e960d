// SPDX-License-Identifier: Apache-2.0
package io.holdfast.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Every value that cannot be used is explained in a line, with an example that is accepted instead. */
class InvalidSettingTest {

    private static final Pattern ACTION = Pattern.compile("Use a valid setting, for example ([a-z0-9.-]+)=(.*)");

    private static final String ADDRESS = "address";
    private static final String BUNDLE = ".ssl.bundle";

    private final SettingsCheck check = new SettingsCheck();

    /** What is no number, or one of a group that needs others beside it: {@link FailedStartTest} has them. */
    private static final Pattern OF_ACCESS =
            Pattern.compile("holdfast\\.(access\\.(secret|claim|(keys|certificates|anonymous)\\..*)|channels\\..*)");

    /**
     * All of the metadata, and those of two listeners. An address is looked up when it is listened on, and an SSL bundle when it is
     * served.
     */
    private static Stream<String> properties() {
        return Stream.of("echo", "lines")
                .flatMap(listener -> KnownSettings.read().names("holdfast.tcp.listeners." + listener + ".x"))
                .distinct()
                .filter(name -> !name.endsWith(ADDRESS)
                        && !name.endsWith(BUNDLE)
                        && !OF_ACCESS.matcher(name).matches());
    }

    /** Text may be anything short. */
    private static Stream<Arguments> propertiesWithBounds() {
        List<String> texts = List.of("holdfast.node", "holdfast.redis.key-prefix");
        return properties()
                .filter(name -> !texts.contains(name))
                .flatMap(name -> Stream.of("-1", "999999999999999999999").map(value -> Arguments.of(name, value)));
    }

    private static StandardEnvironment environment(Map<String, ?> settings) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("some file", new LinkedHashMap<>(settings)));
        return environment;
    }

    private Explanation explanation(Map<String, String> settings) {
        InvalidSettingsException thrown = assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> check.check(environment(settings)))
                .actual();
        assertThat(thrown.explanations()).hasSize(1);
        return thrown.explanations().getFirst();
    }

    private void assertIsExplained(String property, String value, Map<String, String> settings) {
        Explanation explanation = explanation(settings);
        assertThat(explanation.description())
                .startsWith(property + ": '" + value + "' ")
                .contains("\"some file\"");
        assertThat(explanation.description().replace(value, ""))
                .doesNotContain("\n", "PT", "Exception", "io.holdfast", "java.");

        Map<String, String> mended = mended(settings, explanation.action());
        assertThatNoException().isThrownBy(() -> check.check(environment(mended)));
    }

    private static Map<String, String> mended(Map<String, String> settings, String action) {
        Map<String, String> mended = new LinkedHashMap<>(settings);
        Matcher example = ACTION.matcher(action);
        if (example.matches()) {
            mended.put(example.group(1), example.group(2));
        } else {
            // Raw bytes have no heartbeats, so that no value of their interval is valid.
            assertThat(action).matches("Remove holdfast\\.tcp\\.listeners\\.echo\\.fault\\.(heartbeat-interval|pong)");
            mended.remove(action.substring("Remove ".length()));
        }
        return mended;
    }

    @ParameterizedTest
    @MethodSource("properties")
    void aValueThatCannotBeReadIsExplained(String property) {
        assertIsExplained(property, "no such value", Map.of(property, "no such value"));
    }

    @ParameterizedTest
    @MethodSource("propertiesWithBounds")
    void aValueOutOfBoundsIsExplained(String property, String value) {
        assertIsExplained(property, value, Map.of(property, value));
    }

    @ParameterizedTest
    @CsvSource({
        "holdfast.drain.window, 20m",
        "holdfast.drain.window, 48h",
        "holdfast.drain.window, PT48H",
        "holdfast.drain.window, 999999999d",
        "holdfast.limits.closing, 1ns",
        "holdfast.limits.echo-size, 2GB",
        "holdfast.limits.echo-size, 99999999999TB",
        "holdfast.memory.history, 63KB",
        "holdfast.tcp.event-loops, 257",
        "holdfast.tcp.listeners.mine.port, 65536",
        "holdfast.redis.key-prefix, a{b}",
        "holdfast.websocket.allowed-origins, example.org",
        "server.port, 65536",
        "server.port, http",
        "server.servlet.context-path, api/",
    })
    void theValueIsShownAsItIsWritten(String property, String value) {
        assertIsExplained(property, value, Map.of(property, value));
    }

    @ParameterizedTest
    @CsvSource({
        "pong-timeout, 10s, interval, 5s",
        "pong-timeout, 25s, interval, 100ms",
        "pong-timeout, 9ms, interval, 5s",
        "pong-timeout, soon, interval, 5s",
        "interval, 99ms, pong-timeout, 30s",
        "interval, 2d, pong-timeout, 30s",
    })
    void theExampleIsAcceptedWithTheOtherHeartbeatSettingAsItIs(
            String wrong, String value, String other, String otherValue) {
        String property = "holdfast.heartbeat." + wrong;

        assertIsExplained(property, value, Map.of(property, value, "holdfast.heartbeat." + other, otherValue));
    }

    @Test
    void theIntervalAloneMayBeShorterThanTheUsualPongTimeout() {
        assertThatNoException()
                .isThrownBy(() -> check.check(environment(Map.of("holdfast.heartbeat.interval", "100ms"))));
    }

    @ParameterizedTest
    @CsvSource({
        "holdfast.tcp.listeners.echo.fault.pong, none, holdfast.tcp.listeners.echo.port, 1",
        "holdfast.tcp.listeners.echo.fault.heartbeat, ping, holdfast.tcp.listeners.echo.port, 1",
        "holdfast.tcp.listeners.echo.fault.heartbeat-interval, 5s, holdfast.tcp.listeners.echo.port, 1",
        "holdfast.tcp.listeners.lines.fault.heartbeat-interval, 5s, holdfast.tcp.listeners.lines.fault.heartbeat, none",
        "holdfast.tcp.listeners.lines.port, 9000, holdfast.tcp.listeners.echo.port, 9000",
        "holdfast.tcp.listeners.lines.port, 65535, holdfast.tcp.listeners.echo.port, 65535",
        "holdfast.tcp.listeners.echo.protocol, udp, holdfast.tcp.listeners.echo.fault.pong, none",
    })
    void theExampleIsAcceptedWithTheOtherSettingOfListenersAsItIs(
            String property, String value, String other, String otherValue) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(other, otherValue);
        settings.put(property, value);

        assertIsExplained(property, value, settings);
    }

    @ParameterizedTest
    @CsvSource({
        "spring.data.redis.url, localhost:6379",
        "spring.data.redis.url, http://localhost:6379",
        "spring.data.redis.url, redis:",
        "spring.data.redis.port, 0",
        "spring.data.redis.port, abc",
        "spring.data.redis.database, -1",
        "spring.data.redis.cluster.nodes, localhost",
    })
    void theConnectionToRedisIsCheckedIfItIsUsed(String property, String value) {
        assertIsExplained(property, value, Map.of(property, value, "holdfast.broker", "redis"));
        assertThatNoException().isThrownBy(() -> check.check(environment(Map.of(property, value))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://localhost",
                "rediss://user:p@ss/word@redis-1.example.org:6380/2?timeout=1s",
                "redis://:secret@[::1]:6379"
            })
    void urlsOfRedisAreAccepted(String url) {
        assertThatNoException()
                .isThrownBy(() ->
                        check.check(environment(Map.of("spring.data.redis.url", url, "holdfast.broker", "redis"))));
    }

    @Test
    void aPasswordIsNotShown() {
        Explanation explanation =
                explanation(Map.of("spring.data.redis.url", "http://me:s3cr3t@localhost", "holdfast.broker", "redis"));

        assertThat(explanation.description()).contains("http://***@localhost").doesNotContain("s3cr3t");
    }

    @Test
    void aSettingThatIsMissingIsNamed() {
        Explanation explanation = explanation(Map.of("holdfast.tcp.listeners.mine.address", "127.0.0.1"));

        assertThat(explanation.description())
                .isEqualTo("holdfast.tcp.listeners.mine.port: not set; it has to be a number from 0 to 65535");
        assertThat(explanation.action()).endsWith("holdfast.tcp.listeners.mine.port=8890");
    }

    @Test
    void aPlaceholderWithoutAValueIsNamed() {
        Explanation explanation = explanation(Map.of("holdfast.limits.http", "${MOST}"));

        assertThat(explanation.description()).contains("holdfast.limits.http", "MOST");
    }

    @Test
    void onlyTheOriginThatIsWrongIsShown() {
        Explanation explanation =
                explanation(Map.of("holdfast.websocket.allowed-origins", "https://example.org,example.com"));

        assertThat(explanation.description()).contains("'example.com' is not").doesNotContain("https://example.org");
    }
}
