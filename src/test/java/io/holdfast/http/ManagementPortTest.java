// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.access.TestTokens;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.TestPropertySource;

/** The actuator on a port of its own has the same rules. */
@HoldfastTest
@TestPropertySource(properties = {"management.server.port=0", "holdfast.access.secret=" + TestTokens.SECRET})
class ManagementPortTest {

    @Autowired
    Ports ports;

    @Value("${local.management.port}")
    int port;

    private static PlainRequest.Answer ask(int port, String line, String... headers) throws IOException {
        try (TestSocket wire = TestSocket.connect(port)) {
            wire.send(line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + String.join("\r\n", headers)
                    + (headers.length == 0 ? "\r\n" : "\r\n\r\n"));
            return PlainRequest.read(wire);
        }
    }

    @Test
    void strangersSeeOnlyTheStatusOfHealth() throws IOException {
        PlainRequest.Answer health = ask(port, "GET /actuator/health");
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.body()).doesNotContain("components");
        for (String endpoint : new String[] {"", "/connections", "/channels", "/prometheus", "/info"}) {
            PlainRequest.Answer answer = ask(port, "GET /actuator" + endpoint);
            assertThat(answer.status()).as(endpoint).isEqualTo(401);
            assertThat(answer.json().path("code").asString("")).isEqualTo("unauthenticated");
        }
        assertThat(ask(port, "DELETE /actuator/connections/c-tested-1").status())
                .isEqualTo(401);
    }

    @Test
    void operatorsMayDoEverything() throws IOException {
        String token = "Authorization: Bearer " + TestTokens.operator("olga");

        assertThat(ask(port, "GET /actuator/health", token).body()).contains("components");
        assertThat(ask(port, "GET /actuator/connections", token).status()).isEqualTo(200);
        assertThat(ask(port, "DELETE /actuator/connections?subject=alice", token)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void pageOfTheServiceMayAskAndRead() throws IOException {
        String page = "Origin: http://localhost:" + ports.http();

        PlainRequest.Answer question =
                ask(port, "OPTIONS /actuator/connections", page, "Access-Control-Request-Method: GET");
        assertThat(question.status()).isEqualTo(204);
        assertThat(question.header("Access-Control-Allow-Origin")).isEqualTo("http://localhost:" + ports.http());
        assertThat(question.header("Access-Control-Allow-Headers")).isEqualToIgnoringCase("Authorization");
        assertThat(question.header("Access-Control-Allow-Credentials")).isNull();

        String token = "Authorization: Bearer " + TestTokens.operator("olga");
        PlainRequest.Answer list = ask(port, "GET /actuator/connections", page, token);
        assertThat(list.status()).isEqualTo(200);
        assertThat(list.header("Access-Control-Allow-Origin")).isEqualTo("http://localhost:" + ports.http());
        assertThat(ask(port, "GET /actuator/connections", page).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:1", "https://localhost:%d", "http://127.0.0.1:%d", "null", "*"})
    void pagesOfOthersMayReadNothing(String origin) throws IOException {
        String page = "Origin: " + origin.formatted(ports.http());

        PlainRequest.Answer question =
                ask(port, "OPTIONS /actuator/connections", page, "Access-Control-Request-Method: GET");
        PlainRequest.Answer health = ask(port, "GET /actuator/health", page);

        assertThat(question.status()).isEqualTo(401);
        assertThat(question.header("Access-Control-Allow-Origin")).isNull();
        assertThat(health.header("Access-Control-Allow-Origin")).isNull();
    }

    @Test
    void pageIsToldWhereTheActuatorIs() throws IOException {
        PlainRequest.Answer document = ask(ports.http(), "HEAD /");

        assertThat(document.header("Link")).isEqualTo("<http://localhost:" + port + "/actuator>; rel=\"service-meta\"");
        assertThat(document.header("Content-Security-Policy"))
                .isEqualTo(
                        "default-src 'self'; connect-src 'self' http://localhost:" + port + "; frame-ancestors 'none'");
    }

    @Test
    void othersTokenIsNotEnough() throws IOException {
        assertThat(ask(port, "GET /actuator/connections", "Authorization: Bearer " + TestTokens.of("alice", "**"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void actuatorIsNotOnTheOtherPort() throws IOException {
        assertThat(ask(ports.http(), "GET /actuator/health").status()).isEqualTo(404);
    }
}
