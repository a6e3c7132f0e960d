// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.FaultTest;
import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Invalid parameters are refused before anything happens, with the valid values. */
@FaultTest
class ParametersTest {

    @Autowired
    Ports ports;

    static List<String> everywhere() {
        return List.of(
                "delay=soon",
                "delay=0",
                "delay=2h",
                "jitter=-1s",
                "after=0&end=reset",
                "after=5x",
                "after=25h",
                "end=bang",
                "status=200",
                "status=600",
                "status=x",
                "retry=never&status=503",
                "retry=3s",
                "heartbeat=never",
                "heartbeat=",
                "heartbeat-interval=0",
                "heartbeat-interval=1s&heartbeat=none",
                "heartbeat-interval=1s&heartbeat=2s");
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void ofAStream(String query) throws IOException {
        assertNamed("/stream", query);
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void ofAWebSocket(String query) throws IOException {
        assertNamedAtTheHandshake("/echo", query);
        assertNamedAtTheHandshake("/channels", query);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "code=999&end=close",
                "code=1005&end=close",
                "code=1015&end=close",
                "code=2000&end=close",
                "code=5000&end=close",
                "code=4000",
                "code=4000&end=reset",
                "reason=bye&end=stall",
                "pong=late",
                "heartbeat=comment",
                "inspect=yes"
            })
    void ofAWebSocketAlone(String query) throws IOException {
        assertNamedAtTheHandshake("/echo", query);
    }

    @Test
    void aReasonThatFitsInNoCloseFrame() throws IOException {
        assertNamedAtTheHandshake("/echo", "reason=" + "x".repeat(124) + "&end=close");
    }

    @ParameterizedTest
    @CsvSource({
        "/stream,heartbeat=ping",
        "/stream,code=1000",
        "/stream,pong=none",
        "/channels/news,pong=none",
        "/channels/news,end=bang",
        "/channels/news/messages,delay=x",
        "/channels/news/messages,end=bang",
    })
    void ofOtherAnswers(String path, String query) throws IOException {
        assertNamed(path, query);
    }

    private void assertNamed(String path, String query) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send("GET " + path + "?" + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertNamed(wire, query);
        }
    }

    private void assertNamedAtTheHandshake(String path, String query) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(RawWebSocket.handshake(path + "?" + query));
            assertNamed(wire, query);
        }
    }

    private static void assertNamed(TestSocket wire, String query) throws IOException {
        String head = wire.readUntil("\r\n\r\n");
        assertThat(head).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
        JsonNode problem = new JsonMapper().readTree(wire.readUntil("}").replaceFirst("^[^{]*", ""));
        String name = query.substring(0, query.indexOf('='));
        assertThat(problem.get("parameter").asString()).isEqualTo(name);
        assertThat(problem.get("value").asString()).isNotNull();
        assertThat(problem.get("valid").asString()).isNotBlank();
    }
}
