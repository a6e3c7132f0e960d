// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static io.holdfast.support.WebSocketClient.CLOSE;
import static io.holdfast.support.WebSocketClient.CONTINUATION;
import static io.holdfast.support.WebSocketClient.FIN;
import static io.holdfast.support.WebSocketClient.PING;
import static io.holdfast.support.WebSocketClient.TEXT;
import static io.holdfast.support.WebSocketClient.frame;
import static io.holdfast.support.WebSocketClient.header;
import static io.holdfast.support.WebSocketClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Traffic;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeftOpen;
import io.holdfast.support.Ports;
import io.holdfast.support.WebSocketClient;
import io.holdfast.support.WebSocketClient.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@HoldfastTest
@ExtendWith(NothingLeftOpen.class)
class CloseTest {

    @Autowired
    Ports ports;

    @Autowired
    Traffic traffic;

    private WebSocketClient client;

    @BeforeEach
    void connect() throws IOException {
        client = WebSocketClient.connect(ports.http(), "/echo");
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
    void closeIsAnsweredWithItsCodeAndEndsTcp(int code) throws IOException {
        client.send(WebSocketClient.close(code));

        assertThat(client.readCloseAndEnd()).isEqualTo(code);
    }

    @Test
    void closeIsAnsweredWithItsReason() throws IOException {
        byte[] longest = "ä".repeat(61).concat("!").getBytes(StandardCharsets.UTF_8);

        client.send(WebSocketClient.close(1000, longest));

        Frame close = client.readFrame();
        assertThat(close.closeCode()).isEqualTo(1000);
        assertThat(close.bytes()).hasSize(125).endsWith(longest);
    }

    @Test
    void emptyCloseIsAnsweredWithAnEmptyClose() throws IOException {
        client.send(frame(FIN | CLOSE));

        assertThat(client.readFrame()).isEqualTo(Frame.of(FIN | CLOSE));
        assertThat(client.wire().read()).isEqualTo(-1);
    }

    @Test
    void whatWasSentBeforeTheCloseIsAnsweredBeforeIt() throws IOException {
        client.send(text("last words"), frame(FIN | PING, "ping"), WebSocketClient.close(1000));

        assertThat(client.readMessage().text()).isEqualTo("last words");
        assertThat(client.readFrame().text()).isEqualTo("ping");
        assertThat(client.readCloseAndEnd()).isEqualTo(1000);
    }

    @Test
    void whatFollowsTheCloseIsNotAnswered() throws IOException {
        client.send(
                WebSocketClient.close(1000),
                text("late"),
                frame(FIN | PING),
                WebSocketClient.close(1001),
                frame(FIN | 3),
                header(FIN | TEXT, Long.MAX_VALUE));

        assertThat(client.readCloseAndEnd()).isEqualTo(1000);
    }

    @Test
    void closeInsideAMessageIsAnswered() throws IOException {
        client.send(frame(TEXT, "unfinished"), WebSocketClient.close(1001), frame(FIN | CONTINUATION, "late"));

        assertThat(client.readCloseAndEnd()).isEqualTo(1001);
    }

    @Test
    void finWithoutCloseEndsTheConnection() throws IOException {
        client.send(text("hello")).readMessage();

        client.wire().sendFin();

        assertThat(client.wire().read()).isEqualTo(-1);
    }

    @Test
    void finInsideAFrameEndsTheConnection() throws IOException {
        byte[] frame = text("hello");
        for (int length = 1; length < frame.length; length++) {
            try (WebSocketClient other = WebSocketClient.connect(ports.http(), "/echo")) {
                other.send(Arrays.copyOf(frame, length)).wire().sendFin();

                other.wire().readToEnd();
            }
        }
    }

    @Test
    void resetEndsTheConnection() throws IOException {
        client.send(text("hello")).readMessage();

        client.wire().resetOnClose().close();
    }

    @Test
    void resetInTheMiddleOfALargeEchoEndsTheConnection() throws IOException {
        client.wire().holdLittle();
        client.send(frame(FIN | WebSocketClient.BINARY, new byte[8 << 20]));
        client.wire().read();

        client.wire().resetOnClose().close();
    }

    @Test
    void peerThatNeitherAnswersNorLeavesIsNotKept() throws IOException {
        client.send(frame(FIN | 3));
        assertThat(client.readCloseAndEnd()).isEqualTo(1002);

        NothingLeftOpen.await(traffic, Duration.ofSeconds(9));
    }
}
