// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class TcpPropertiesTest {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(Properties.class);

    @ParameterizedTest
    @CsvSource({
        "holdfast.tcp.event-loops,-1,valid: 2",
        "holdfast.tcp.event-loops,257,valid: 2",
        "holdfast.tcp.listeners.echo.port,-1,valid: 8888",
        "holdfast.tcp.listeners.echo.port,65536,valid: 8888",
        "holdfast.tcp.listeners.other.port,70000,valid: 8890",
        "holdfast.tcp.listeners.echo.fault.delay,soon,valid: 200ms",
        "holdfast.tcp.listeners.echo.fault.jitter,2h,valid: 200ms",
        "holdfast.tcp.listeners.echo.fault.after,0,valid: 30s",
        "holdfast.tcp.listeners.echo.fault.end,bang,valid: reset",
        "holdfast.tcp.listeners.echo.fault.heartbeat,ping,valid: none",
        "holdfast.tcp.listeners.echo.fault.pong,none,only with lines",
        "holdfast.tcp.listeners.lines.fault.heartbeat,comment,'none, ping, data'",
        "holdfast.tcp.listeners.lines.fault.pong,late,valid: none",
    })
    void aSettingOutOfBoundsStopsTheStartNamedAndWithAValidOne(String property, String value, String valid) {
        runner.withPropertyValues(property + "=" + value)
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContainingAll(property, value, valid));
    }

    @ParameterizedTest
    @CsvSource({
        "holdfast.tcp.event-loops,many",
        "holdfast.tcp.transport,kqueue",
        "holdfast.tcp.listeners.echo.port,http",
        "holdfast.tcp.listeners.echo.protocol,gopher",
    })
    void aSettingThatCanNotBeReadStopsTheStartNamed(String property, String value) {
        runner.withPropertyValues(property + "=" + value)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining(property));
    }

    @Test
    void nothingSetIsAnEchoOnPort8888AndLinesOn8889() {
        runner.run(context -> assertThat(context.getBean(TcpProperties.class).listeners())
                .containsExactly(
                        Map.entry(
                                "echo",
                                new TcpProperties.Listener(
                                        8888,
                                        "0.0.0.0",
                                        TcpProperties.Protocol.ECHO,
                                        TcpFaultProperties.NONE,
                                        TcpTlsProperties.NONE,
                                        false)),
                        Map.entry(
                                "lines",
                                new TcpProperties.Listener(
                                        8889,
                                        "0.0.0.0",
                                        TcpProperties.Protocol.LINES,
                                        TcpFaultProperties.NONE,
                                        TcpTlsProperties.NONE,
                                        false))));
    }

    @Test
    void anotherListenerHasToHaveAPort() {
        runner.withPropertyValues("holdfast.tcp.listeners.other.address=127.0.0.1")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContainingAll("holdfast.tcp.listeners.other.port", "valid: 8890"));
    }

    @Test
    void anotherListenerComesBesidesTheEcho() {
        runner.withPropertyValues("holdfast.tcp.listeners.second.port=9999")
                .run(context -> assertThat(context.getBean(TcpProperties.class).listeners())
                        .containsOnlyKeys("echo", "lines", "second"));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "3,3", "256,256"})
    void eventLoopsAreThreads(int eventLoops, int threads) {
        runner.withPropertyValues("holdfast.tcp.event-loops=" + eventLoops)
                .run(context -> assertThat(context.getBean(TcpProperties.class).threads())
                        .isEqualTo(threads));
    }

    @Test
    void noneSetIsOneForEveryTwoCores() {
        int cores = Runtime.getRuntime().availableProcessors();

        runner.run(context ->
                assertThat(context.getBean(TcpProperties.class).threads()).isEqualTo(Math.max(1, cores / 2)));
    }

    @EnableConfigurationProperties(TcpProperties.class)
    static class Properties {}
}
