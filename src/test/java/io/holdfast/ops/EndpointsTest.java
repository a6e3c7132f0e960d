// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import java.net.http.HttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@HoldfastTest
class EndpointsTest {

    private final HttpClient client = HttpClient.newHttpClient();

    @Autowired
    Ports ports;

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void infoTellsTheBuildTheJavaAndTheTcpListeners() {
        JsonNode info = get("info");

        assertThat(info.get("build").get("version").asString()).isNotBlank();
        assertThat(info.get("build").get("artifact").asString()).isEqualTo("holdfast");
        assertThat(info.get("java").get("version").asString()).isEqualTo(System.getProperty("java.version"));
        assertThat(info.get("node").asString()).isEqualTo("tested");
        assertThat(info.get("tcp").get("transport").asString()).isIn("io_uring", "epoll", "nio");
        assertThat(info.get("tcp").get("listeners").get("echo").asInt()).isPositive();
    }

    @Test
    void livenessAsksNobodyElse() {
        JsonNode liveness = get("health/liveness");

        assertThat(liveness.get("status").asString()).isEqualTo("UP");
        assertThat(liveness.propertyNames()).containsExactly("status");
    }

    @Test
    void readinessAsksTheListeners() {
        JsonNode readiness = get("health/readiness");

        assertThat(readiness.get("status").asString()).isEqualTo("UP");
        assertThat(readiness.get("components").propertyNames())
                .containsExactlyInAnyOrder("readinessState", "tcpListener");
        assertThat(readiness
                        .get("components")
                        .get("tcpListener")
                        .get("details")
                        .get("listening")
                        .get("echo")
                        .asInt())
                .isEqualTo(ports.tcpEcho());
    }

    @ParameterizedTest
    @ValueSource(strings = {"env", "beans", "heapdump", "configprops", "shutdown", "threaddump"})
    void whatWouldTellOrChangeTooMuchIsNotServed(String endpoint) {
        assertThat(Actuator.get(client, ports, endpoint).statusCode()).isEqualTo(404);
    }

    private JsonNode get(String endpoint) {
        return Actuator.json(Actuator.get(client, ports, endpoint));
    }
}
