// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static io.holdfast.support.Waiting.await;
import static io.holdfast.support.WebSocketClient.FIN;
import static io.holdfast.support.WebSocketClient.PING;
import static io.holdfast.support.WebSocketClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Connection;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Back pressure of a session whose peer reads as much as the test says. */
class SessionBackPressureTest {

    private static final Duration LESS_THAN_CLOSING_TAKES = Duration.ofSeconds(4);

    private PacedWebSocket webSocket;
    private Connection connection;

    @BeforeEach
    void open() throws Exception {
        webSocket = new PacedWebSocket();
        connection = webSocket.connection();
    }

    @AfterEach
    void close() throws Exception {
        webSocket.close();
    }

    @Test
    void sessionIsWritableUntilItsPeerFallsBehind() throws Exception {
        assertThat(webSocket.backPressure().isWritable()).isTrue();
        webSocket.send(60);
        assertThat(webSocket.backPressure().isWritable()).isTrue();

        webSocket.send(60);

        assertThat(webSocket.backPressure().isWritable()).isFalse();
        assertThat(webSocket.told()).isEmpty();
    }

    @Test
    void feederIsToldOnceWhenThePeerCaughtUp() throws Exception {
        webSocket.send(100);

        while (connection.queuedBytes() > 0) {
            assertThat(webSocket.told()).isEmpty();
            webSocket.take();
        }

        assertThat(webSocket.backPressure().isWritable()).isTrue();
        assertThat(webSocket.told()).containsExactly("caught up");
    }

    @Test
    void feederIsToldEvenIfThePeerSentSomethingBeforeItHadCaughtUp() throws Exception {
        webSocket.send(100);
        assertThat(webSocket.backPressure().isWritable()).isFalse();
        webSocket.send(40);
        while (connection.queuedBytes() > 64 * PacedWebSocket.KILOBYTE) {
            webSocket.take();
        }
        long pending = connection.queuedBytes();
        assertThat(pending).isPositive();

        webSocket.receive(frame(FIN | PING));
        await().until(() -> connection.queuedBytes() > pending);
        while (connection.queuedBytes() > 0) {
            webSocket.take();
        }

        assertThat(webSocket.backPressure().isWritable()).isTrue();
        assertThat(webSocket.told()).containsExactly("caught up");
    }

    /** A feeder may find only after the close that it can take no more. */
    @Test
    void endOfThePeerIsSeenThoughReadingIsPausedWhileTheSessionCloses() throws Exception {
        webSocket.sendClose();
        webSocket.backPressure().pauseReading();
        webSocket.take();

        webSocket.receive(frame(FIN | PING));
        webSocket.receiveEnd();

        await().atMost(LESS_THAN_CLOSING_TAKES).until(() -> !webSocket.isSocketOpen());
    }
}
