// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.HoldfastApplication;
import io.holdfast.net.SocketTransport;
import io.holdfast.support.Ports;
import io.holdfast.support.ServiceProcess;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The listeners as a part of the application: what an operator reads, and a start that fails. */
@ExtendWith(OutputCaptureExtension.class)
class TcpApplicationTest {

    @Test
    void healthReadinessAndInfoTellWhatIsListenedOn() throws Exception {
        try (ConfigurableApplicationContext application =
                start("--holdfast.tcp.listeners.echo.port=0", "--holdfast.tcp.listeners.second.port=0")) {
            TcpListener listener = application.getBean(TcpListener.class);
            int http = application.getBean(Ports.class).http();

            JsonNode info = json(get(http, "info")).get("tcp");
            assertThat(info.get("transport").asString())
                    .isEqualTo(listener.transport().label());
            for (String name : Set.of("echo", "second")) {
                int port = info.get("listeners").get(name).asInt();
                assertThat(port).isEqualTo(listener.ports().get(name));
                assertEchoes(port);
            }
            JsonNode health = json(get(http, "health")).get("components").get("tcpListener");
            assertThat(health.get("status").asString()).isEqualTo("UP");
            assertThat(health.get("details").get("listening")).isEqualTo(info.get("listeners"));
            assertThat(get(http, "health/readiness").statusCode()).isEqualTo(200);

            listener.stop();

            assertThat(json(get(http, "health"))
                            .get("components")
                            .get("tcpListener")
                            .get("status")
                            .asString())
                    .isEqualTo("DOWN");
            assertThat(get(http, "health/readiness").statusCode()).isEqualTo(503);
            assertThat(get(http, "health/liveness").statusCode()).isEqualTo(200);
            assertThat(json(get(http, "info")).get("tcp").get("listeners").isEmpty())
                    .isTrue();

            listener.start();

            assertThat(get(http, "health/readiness").statusCode()).isEqualTo(200);
            assertEchoes(application.getBean(Ports.class).tcpEcho());
        }
    }

    @Test
    void aTakenPortStopsTheStartWithTheReasonAndWithoutAThread(CapturedOutput output) throws IOException {
        Set<Thread> before = eventLoops();
        try (ServerSocket taken = new ServerSocket(0)) {
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> start("--holdfast.tcp.listeners.echo.port=" + port))
                    .hasStackTraceContaining("InvalidSettingException");

            assertThat(output)
                    .contains("APPLICATION FAILED TO START")
                    .contains("holdfast.tcp.listeners.echo.port: '" + port + "' cannot be listened on at 0.0.0.0")
                    .doesNotContain("\tat ");
        }
        assertThat(before).containsAll(eventLoops());
    }

    @ParameterizedTest
    @EnumSource(SocketTransport.class)
    void theTransportThatIsSetIsUsed(SocketTransport transport) throws Exception {
        assumeTrue(transport.isAvailable());
        try (ConfigurableApplicationContext application =
                start("--holdfast.tcp.listeners.echo.port=0", "--holdfast.tcp.transport=" + transport.label())) {
            Ports ports = application.getBean(Ports.class);

            assertEchoes(ports.tcpEcho());
            assertThat(json(get(ports.http(), "info")).at("/tcp/transport").asString())
                    .isEqualTo(transport.label());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll"})
    void aTransportThatDoesNotWorkHereStopsTheStart(String transport) {
        assertThatThrownBy(() -> ServiceProcess.start(
                        List.of("-Dio.netty.transport.noNative=true"), "--holdfast.tcp.transport=" + transport))
                .hasStackTraceContaining("APPLICATION FAILED TO START")
                .hasStackTraceContaining("holdfast.tcp.transport: '" + transport + "' does not work on this machine");
    }

    private static ConfigurableApplicationContext start(String... arguments) {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        all[0] = "--server.port=0";
        all[1] = "--holdfast.tcp.listeners.lines.port=0";
        return new SpringApplicationBuilder(HoldfastApplication.class, Ports.class).run(all);
    }

    private static HttpResponse<String> get(int port, String endpoint) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port + "/actuator/" + endpoint);
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        return new JsonMapper().readTree(response.body());
    }

    private static void assertEchoes(int port) throws IOException {
        try (TestSocket wire = TestSocket.connect(port).send("hello")) {
            assertThat(wire.read(5)).asString().isEqualTo("hello");
        }
    }

    private static Set<Thread> eventLoops() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("event-loop-"))
                .collect(Collectors.toSet());
    }
}
