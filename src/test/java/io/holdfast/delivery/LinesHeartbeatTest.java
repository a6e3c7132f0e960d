// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Transport;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.QuickTest;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Pings over TCP lines: a peer that answered one must answer all; others are kept. */
@QuickTest
class LinesHeartbeatTest {

    private static final int BEATS = 3;

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    private long unanswered;

    @BeforeEach
    void count() {
        unanswered = figures.closed(Transport.TCP, CloseReason.NO_PONG);
    }

    private JsonTalk open() throws IOException {
        return JsonTalk.open(JsonTalk.Way.TCP, ports);
    }

    private Connection connectionOf(JsonTalk talk) {
        return figures.ofPeer(talk.wire().localPort()).orElseThrow();
    }

    @Test
    void answeredPingsKeepItAndTheirRoundTripIsShown() throws IOException {
        try (JsonTalk talk = open()) {
            Connection connection = connectionOf(talk);
            assertThat(connection.roundTripNanos()).isEqualTo(-1);

            for (int beat = 0; beat < BEATS; beat++) {
                talk.hear("ping");
                talk.say("{\"type\":\"pong\"}");
            }

            await().until(() -> connection.roundTripNanos() > 0);
            assertThat(connection.reason()).isNull();
            assertThat(PlainRequest.get(ports.http(), "/actuator/connections/" + connection.id())
                            .json()
                            .path("roundTripMillis")
                            .asDouble())
                    .isPositive();
        }
    }

    @Test
    void peerThatAnsweredAndThenStopsIsClosedWithoutAWord() throws IOException {
        try (JsonTalk talk = open()) {
            Connection connection = connectionOf(talk);
            talk.hear("ping");
            talk.say("{\"type\":\"pong\"}");
            long start = System.nanoTime();
            talk.hear("ping");

            assertThat(talk.awaitEnd()).isEmpty();

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(QuickTest.Settings.HEARTBEAT
                            .plus(QuickTest.Settings.PONG)
                            .plus(QuickTest.Settings.SLACK));
            assertThat(connection.reason()).isEqualTo(CloseReason.NO_PONG);
            await().untilAsserted(() -> assertThat(figures.closed(Transport.TCP, CloseReason.NO_PONG))
                    .isEqualTo(unanswered + 1));
        }
    }

    @Test
    void subscriberThatNeverAnswersIsKept() throws IOException {
        try (JsonTalk talk = open()) {
            talk.say("{\"type\":\"subscribe\",\"channel\":\"quiet\"}");
            talk.hear("subscribed");
            for (int beat = 0; beat < BEATS; beat++) {
                talk.hear("ping");
            }
            talk.say("{\"type\":\"ping\"}");

            assertThat(talk.hear().path("type").asString("")).isIn("pong", "ping");
            assertThat(connectionOf(talk).reason()).isNull();
            assertThat(figures.closed(Transport.TCP, CloseReason.NO_PONG)).isEqualTo(unanswered);
        }
    }

    @Test
    void peerThatNeitherSaysNorWaitsForAnythingIsIdle() throws IOException {
        long idle = figures.closed(Transport.TCP, CloseReason.IDLE);

        try (JsonTalk talk = open()) {
            JsonNode event = talk.hear();
            while (event.path("type").asString("").equals("ping")) {
                event = talk.hear();
            }

            assertThat(event.path("type").asString("")).isEqualTo("goodbye");
            assertThat(event.path("code").asString("")).isEqualTo("idle");
            await().until(() -> figures.closed(Transport.TCP, CloseReason.IDLE) == idle + 1);
        }
    }

    @Test
    void anythingItSaysIsAnAnswerOnceItHasAnswered() throws IOException {
        try (JsonTalk talk = open()) {
            talk.hear("ping");
            talk.say("{\"type\":\"pong\"}");
            for (int beat = 0; beat < BEATS; beat++) {
                talk.hear("ping");
                talk.wire().send("\n");
            }

            assertThat(connectionOf(talk).reason()).isNull();
        }
    }
}
