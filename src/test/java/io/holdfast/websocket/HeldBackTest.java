// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static io.holdfast.support.Waiting.await;
import static io.holdfast.support.WebSocketClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer that is not read from, or whose ping waits behind other bytes, does not count as dead. */
class HeldBackTest {

    private static final Duration HEARTBEAT = Duration.ofMillis(600);
    private static final Duration PONG = Duration.ofMillis(500);
    private static final Duration SLACK = Duration.ofSeconds(2);

    /** Within which a heartbeat goes unanswered for sure, and the next one too. */
    private static final Duration TWO_BEATS = HEARTBEAT.multipliedBy(2).plus(PONG);

    private PacedWebSocket webSocket;
    private Connection connection;

    @BeforeEach
    void open() throws Exception {
        webSocket = new PacedWebSocket(
                "holdfast.heartbeat.interval=" + HEARTBEAT, "holdfast.heartbeat.pong-timeout=" + PONG);
        connection = webSocket.connection();
    }

    @AfterEach
    void close() throws Exception {
        webSocket.close();
    }

    private boolean isOlderThan(Duration age) {
        return connection.ageNanos() > age.toNanos();
    }

    @Test
    void pausedPeerIsKeptAndHeardOnceReadingGoesOn() {
        webSocket.backPressure().pauseReading();
        webSocket.receive(text("from the pause"));

        await().until(() -> isOlderThan(TWO_BEATS.plus(HEARTBEAT)));
        CloseReason whilePaused = connection.reason();
        webSocket.backPressure().resumeReading();

        await().until(() -> webSocket.told().contains("from the pause"));
        assertThat(whilePaused).isNull();
        assertThat(connection.heartbeatsMissed()).isZero();
    }

    @Test
    void pausedPeerThatIsSilentWhenReadingGoesOnIsFound() {
        webSocket.backPressure().pauseReading();
        await().until(() -> isOlderThan(TWO_BEATS));
        CloseReason whilePaused = connection.reason();

        webSocket.backPressure().resumeReading();

        await().atMost(TWO_BEATS.plus(SLACK)).until(() -> connection.reason() == CloseReason.NO_PONG);
        assertThat(whilePaused).isNull();
    }

    @Test
    void peerThatTakesSlowlyIsKept() throws Exception {
        webSocket.send(900);

        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            webSocket.take();
            return connection.queuedBytes() == 0 || connection.reason() != null;
        });

        assertThat(isOlderThan(TWO_BEATS)).isTrue();
        assertThat(connection.reason()).isNull();
        assertThat(webSocket.told()).containsExactly("caught up");
    }

    @Test
    void peerThatTakesNothingIsFound() throws Exception {
        webSocket.send(100);

        await().atMost(HEARTBEAT.plus(PONG).plus(PONG).plus(SLACK))
                .until(() -> connection.reason() == CloseReason.NO_PONG);
    }

    @Test
    void peerThatTakesNoMoreIsFoundHoweverMuchItTook() throws Exception {
        webSocket.send(900);
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            webSocket.take();
            return isOlderThan(TWO_BEATS);
        });
        CloseReason whileTaking = connection.reason();
        long left = connection.queuedBytes();

        await().atMost(HEARTBEAT.plus(PONG).plus(PONG).plus(SLACK))
                .until(() -> connection.reason() == CloseReason.NO_PONG);

        assertThat(whileTaking).isNull();
        assertThat(left).isPositive();
    }

    @Test
    void pongTimeStartsAnewWhenReadingGoesOn() {
        webSocket.backPressure().pauseReading();
        await().until(() -> webSocket.take() > 0);
        long ping = System.nanoTime();

        awaitMoment(ping, PONG.minusMillis(150));
        webSocket.backPressure().resumeReading();
        awaitMoment(ping, PONG.plusMillis(200));

        assertThat(connection.reason()).isNull();
    }

    @Test
    void pongTimeStartsAnewWhenThePeerHasCaughtUp() throws Exception {
        webSocket.send(100);
        long ping = awaitStuckPing();

        awaitMoment(ping, PONG.minusMillis(150));
        takeAll();
        awaitMoment(ping, PONG.plusMillis(200));

        assertThat(connection.reason()).isNull();
    }

    @Test
    void pongTimeStartsAnewWhenWhatWasStuckHasLeft() throws Exception {
        webSocket.send(60);
        long ping = awaitStuckPing();

        awaitMoment(ping, PONG.plusMillis(250));
        takeAll();
        awaitMoment(ping, PONG.plus(PONG).plusMillis(200));

        assertThat(connection.reason()).isNull();
    }

    private long awaitStuckPing() {
        long stuck = connection.queuedBytes();
        assertThat(stuck).isPositive();
        await().until(() -> connection.queuedBytes() > stuck);
        return System.nanoTime();
    }

    private static void awaitMoment(long start, Duration after) {
        await().until(() -> System.nanoTime() - start >= after.toNanos());
    }

    private void takeAll() {
        while (connection.queuedBytes() > 0) {
            webSocket.take();
        }
    }

    @Test
    void peerThatIsReadFromAndSaysNothingIsFound() {
        await().atMost(HEARTBEAT.plus(PONG).plus(SLACK)).until(() -> connection.reason() == CloseReason.NO_PONG);
    }
}
