// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Limit;
import io.holdfast.connection.RateLimit;
import io.holdfast.connection.RateLimits;
import io.holdfast.connection.Transport;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import io.holdfast.support.WebSocketClient;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Peers that do too much, on each transport. Rates are so low that hardly anything is refilled during a test. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
@TestPropertySource(
        properties = {
            "holdfast.limits.handshakes.per-second=1",
            "holdfast.limits.handshakes.burst=60",
            "holdfast.limits.commands.per-second=1",
            "holdfast.limits.commands.burst=10",
            "holdfast.limits.publishes.per-second=1",
            "holdfast.limits.publishes.burst=4"
        })
class RateTest {

    private static final int HANDSHAKES = 60;
    private static final int COMMANDS = 10;
    private static final int PUBLISHES = 4;

    /** One a second is refilled, so that a few more than a burst may be let in. */
    private static final int ATTEMPTS = 100;

    private static final String PING = "{\"type\":\"ping\",\"id\":7}";

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    @Autowired
    RateLimits rates;

    private static void assertLimit(JsonNode error, String limit) {
        assertThat(error.path("type").asString("")).isEqualTo("error");
        assertThat(error.path("code").asString("")).isEqualTo("limit");
        assertThat(error.path("id").asInt()).isEqualTo(7);
        assertThat(error.path("message").asString(""))
                .contains("holdfast.limits." + limit + ".per-second of 1 is reached")
                .contains("Try again in 1 second");
    }

    @ParameterizedTest
    @EnumSource
    void commandsOverTheRateAreRefusedAndTheConnectionIsClosedIfTheyGoOn(JsonTalk.Way way) throws IOException {
        Transport transport = way == JsonTalk.Way.TCP ? Transport.TCP : Transport.WEBSOCKET;
        long closed = figures.closed(transport, CloseReason.LIMIT);
        long refused = rates.refused(RateLimit.COMMANDS);
        try (JsonTalk talk = JsonTalk.open(way, ports)) {
            for (int i = 0; i < COMMANDS; i++) {
                talk.say(PING).hear("pong");
            }

            JsonNode answer = talk.say(PING).hear();
            for (int i = 0; i < ATTEMPTS && answer.path("type").asString("").equals("pong"); i++) {
                answer = talk.say(PING).hear();
            }
            assertLimit(answer, "commands");
            assertThat(rates.refused(RateLimit.COMMANDS)).isGreaterThan(refused);

            for (int i = 0; i < 5 * COMMANDS; i++) {
                talk.say(PING);
            }
            assertThat(talk.awaitEnd()).isEqualTo(way == JsonTalk.Way.TCP ? "limit" : "1013");
        }
        await().untilAsserted(() ->
                assertThat(figures.closed(transport, CloseReason.LIMIT)).isEqualTo(closed + 1));
    }

    @ParameterizedTest
    @EnumSource
    void answersToPingsDoNotCount(JsonTalk.Way way) throws IOException {
        try (JsonTalk talk = JsonTalk.open(way, ports)) {
            for (int i = 0; i < 10 * COMMANDS; i++) {
                talk.say("{\"type\":\"pong\"}");
            }

            talk.say(PING).hear("pong");
        }
    }

    /** Those of one address count together, however they come. Of each test the address is another. */
    @Test
    void messagesOverTheRateAreNotPublished() throws IOException {
        long refused = rates.refused(RateLimit.PUBLISHES);
        try (TestSocket wire = TestSocket.connectFrom("127.0.0.5", ports.http())) {
            String publish = "POST /channels/rate-http HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\n1";
            PlainRequest.Answer answer = PlainRequest.read(wire.send(publish));
            int published = 0;
            while (answer.status() == 201 && published < ATTEMPTS) {
                published++;
                answer = PlainRequest.read(wire.send(publish));
            }

            assertThat(published).isGreaterThanOrEqualTo(PUBLISHES);
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.head()).contains("\r\nretry-after: 1\r\n").contains("application/problem+json");
            assertThat(answer.json().path("limit").asString("")).isEqualTo("holdfast.limits.publishes.per-second");
            assertThat(answer.json().path("value").asInt()).isEqualTo(1);
            assertThat(rates.refused(RateLimit.PUBLISHES)).isGreaterThan(refused);
            String history =
                    "GET /channels/rate-http/messages?after=earliest&wait=0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
            assertThat(PlainRequest.read(wire.send(history))
                            .json()
                            .path("messages")
                            .size())
                    .isEqualTo(published);
        }
    }

    @ParameterizedTest
    @EnumSource
    void publishCommandsOverTheRateAreRefused(JsonTalk.Way way) throws IOException {
        try (JsonTalk talk = JsonTalk.open(way, ports)) {
            String publish = "{\"type\":\"publish\",\"channel\":\"rate\",\"data\":1,\"id\":7}";
            JsonNode answer = talk.say(publish).hear();
            for (int i = 0; i < ATTEMPTS && answer.path("type").asString("").equals("published"); i++) {
                answer = talk.say(publish).hear();
            }

            assertLimit(answer, "publishes");
            talk.say(PING).hear("pong");
        }
    }

    @Test
    void connectionsOverTheRateAreRefusedOnEachTransport() throws IOException {
        String crowded = "127.0.0.6";
        for (int i = 0; i < HANDSHAKES; i++) {
            try (TestSocket wire = TestSocket.connectFrom(crowded, ports.tcpEcho())) {
                assertThat(wire.send("x").read()).isEqualTo('x');
            }
        }
        long refusedTcp = figures.refused(Transport.TCP, Limit.HANDSHAKES);
        for (int i = 0; i < ATTEMPTS && figures.refused(Transport.TCP, Limit.HANDSHAKES) == refusedTcp; i++) {
            try (TestSocket wire = TestSocket.connectFrom(crowded, ports.tcpEcho())) {
                wire.send("x").readSome();
            } catch (IOException e) {
                // A reset: it was refused.
            }
        }

        assertThat(figures.refused(Transport.TCP, Limit.HANDSHAKES)).isGreaterThan(refusedTcp);
        assertRefused(crowded, "GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        assertRefused(crowded, WebSocketClient.handshake("/echo"));
        try (TestSocket neighbour = TestSocket.connectFrom("127.0.0.7", ports.tcpEcho())) {
            assertThat(neighbour.send("x").read()).isEqualTo('x');
        }
    }

    /** Up to one a second is let in. */
    private void assertRefused(String address, String request) throws IOException {
        for (int attempts = 0; attempts < 5; attempts++) {
            try (TestSocket wire = TestSocket.connectFrom(address, ports.http())) {
                String head = wire.send(request).readUntil("\r\n\r\n");
                if (head.startsWith("HTTP/1.1 429 ")) {
                    assertThat(head).containsIgnoringCase("\r\nRetry-After: 1\r\n");
                    return;
                }
                wire.resetOnClose();
            }
        }
        throw new AssertionError("not refused: " + request);
    }
}
