// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.HoldfastApplication;
import io.holdfast.access.TestTokens;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** What an operator does on one node holds on all of them, and after a restart. */
class TwoNodesAccessTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static ConfigurableApplicationContext node(RedisServer redis) {
        return new SpringApplicationBuilder(HoldfastApplication.class, Ports.class)
                .run(
                        "--holdfast.broker=redis",
                        "--" + redis.setting(),
                        "--holdfast.access.secret=" + TestTokens.SECRET,
                        "--server.port=0",
                        "--holdfast.tcp.listeners.echo.port=0",
                        "--holdfast.tcp.listeners.lines.port=0",
                        "--holdfast.heartbeat.interval=24h",
                        "--holdfast.drain.window=100ms");
    }

    private static PlainRequest.Answer ask(Ports node, String line, String token, String body) throws IOException {
        try (TestSocket wire = TestSocket.connect(node.http())) {
            wire.send(line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n")
                    + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            return PlainRequest.read(wire);
        }
    }

    private static void awaitAccepted(Ports node, String token) {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(ask(node, "GET /whoami", token, "").status()).isEqualTo(200));
    }

    @Test
    void revocationHoldsOnEveryNodeAndAfterARestart() throws IOException {
        String alice = TestTokens.of("alice", "**");
        String operator = TestTokens.operator("olga");
        try (RedisServer redis = RedisServer.start();
                ConfigurableApplicationContext first = node(redis)) {
            Ports one = first.getBean(Ports.class);
            ConfigurableApplicationContext second = node(redis);
            Ports other = second.getBean(Ports.class);
            awaitAccepted(one, operator);
            awaitAccepted(other, alice);
            try (JsonTalk talk = JsonTalk.open(JsonTalk.Way.WEBSOCKET, other)) {
                talk.say("{\"type\":\"authenticate\",\"token\":\"" + alice + "\"}");
                talk.hear("authenticated");

                Instant asked = Instant.now();
                PlainRequest.Answer answer = ask(
                        one,
                        "POST /actuator/revocations",
                        operator,
                        "{\"subject\":\"alice\",\"until\":\"" + asked.plusSeconds(600) + "\"}");

                assertThat(answer.status()).isEqualTo(200);
                assertThat(talk.awaitEnd()).isEqualTo("4004");
                assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(1));
            }
            second.close();

            try (ConfigurableApplicationContext restarted = node(redis)) {
                Ports again = restarted.getBean(Ports.class);
                awaitAccepted(again, operator);
                assertThat(ask(again, "GET /whoami", alice, "").status()).isEqualTo(401);
            }
        }
    }

    @Test
    void subjectIsDisconnectedAndTicketsAreValidOnEveryNode() throws IOException {
        String alice = TestTokens.of("alice", "**");
        String operator = TestTokens.operator("olga");
        try (RedisServer redis = RedisServer.start();
                ConfigurableApplicationContext first = node(redis);
                ConfigurableApplicationContext second = node(redis)) {
            Ports one = first.getBean(Ports.class);
            Ports other = second.getBean(Ports.class);
            awaitAccepted(one, operator);
            awaitAccepted(other, alice);
            String ticket =
                    ask(one, "POST /tickets", alice, "").json().path("ticket").asString("");
            assertThat(ask(other, "GET /whoami?ticket=" + ticket, "", "")
                            .json()
                            .path("subject")
                            .asString(""))
                    .isEqualTo("alice");
            assertThat(ask(one, "GET /whoami?ticket=" + ticket, "", "").status())
                    .isEqualTo(401);
            try (JsonTalk talk = JsonTalk.open(JsonTalk.Way.TCP, other)) {
                talk.say("{\"type\":\"authenticate\",\"token\":\"" + alice + "\"}");
                talk.hear("authenticated");

                ask(one, "DELETE /actuator/connections?subject=alice", operator, "");

                assertThat(talk.awaitEnd()).isEqualTo("revoked");
            }
            awaitAccepted(other, alice);
        }
    }
}
