// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.http.HttpWire.Answer;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Which methods each path has, whoever handles it. */
@HoldfastTest
class MethodsTest {

    private static final String READ = "GET, HEAD, OPTIONS";
    private static final String READ_AND_POST = "GET, HEAD, OPTIONS, POST";

    @Autowired
    Ports ports;

    static Stream<Arguments> paths() {
        return Stream.of(
                Arguments.of("/stream", READ),
                Arguments.of("/echo", READ_AND_POST),
                Arguments.of("/channels/a", READ_AND_POST),
                Arguments.of("/channels/a/messages", READ),
                Arguments.of("/inspect", READ),
                Arguments.of("/channels", READ),
                Arguments.of("/tcp", READ),
                Arguments.of("/lines", READ),
                Arguments.of("/", READ),
                Arguments.of("/index.html", READ),
                Arguments.of("/client/channel.js", READ),
                Arguments.of("/webjars/uplot/dist/uPlot.esm.js", READ),
                Arguments.of("/actuator", READ),
                Arguments.of("/actuator/health/readiness", READ),
                Arguments.of("/actuator/prometheus", READ),
                Arguments.of("/actuator/connections/c-1", "DELETE, GET, HEAD, OPTIONS"),
                Arguments.of("/whoami", READ),
                Arguments.of("/tickets", "OPTIONS, POST"));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void rfc9110Section9_3_7_optionsAnswersWithTheMethodsOfThePath(String path, String allowed) throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            for (String headers : List.of("Accept: */*", "Content-Length: 0", "Accept: image/png")) {
                Answer answer = http.request("OPTIONS", path, headers).readAnswer();

                assertThat(answer.status()).isEqualTo(204);
                assertThat(answer.head().values("Allow")).containsExactly(allowed);
                assertThat(answer.head().values("Content-Length")).isEmpty();
                assertThat(answer.head().values("X-Content-Type-Options")).containsExactly("nosniff");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("paths")
    void rfc9110Section15_5_6_everyRefusedMethodIsAnsweredWithAllOthers(String path, String allowed)
            throws IOException {
        for (String method : List.of("PUT", "DELETE", "PATCH", "TRACE", "POST")) {
            if (!allowed.contains(method)) {
                try (HttpWire http = HttpWire.connect(ports)) {
                    Answer answer =
                            http.request(method, path, "Content-Length: 0").readAnswer();

                    assertThat(answer.status()).as(method).isEqualTo(405);
                    assertThat(String.join(", ", answer.head().values("Allow")).split(", ?"))
                            .containsExactlyInAnyOrder(allowed.split(", "));
                    assertThat(answer.head().type()).isEqualTo("application/problem+json");
                    assertThat(answer.json().path("value").asString()).isEqualTo(method);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "POST", "PUT", "TRACE"})
    void rfc9110Section15_5_5_whereNothingIsThereIsNoMethod(String method) throws IOException {
        for (String path : List.of("/nothing", "/actuator/heapdump", "/client/nothing.js", "/channels/a/b/c")) {
            try (HttpWire http = HttpWire.connect(ports)) {
                Answer answer = http.request(method, path, "Content-Length: 0").readAnswer();

                assertThat(answer.status()).as(path).isEqualTo(404);
                assertThat(answer.head().type()).isEqualTo("application/problem+json");
            }
        }
    }

    /** A meter for each would fill the memory. */
    @Test
    void methodsThatAClientMakesUpHaveOneMeterTogether() throws IOException {
        try (HttpWire http = HttpWire.connect(ports)) {
            http.request("MADE-UP", "/echo", "Content-Length: 0").readAnswer();
        }
        try (HttpWire http = HttpWire.connect(ports)) {
            String meters = http.get("/actuator/metrics/http.server.requests")
                    .readAnswer()
                    .text();

            assertThat(meters).doesNotContain("MADE-UP");
        }
    }
}
