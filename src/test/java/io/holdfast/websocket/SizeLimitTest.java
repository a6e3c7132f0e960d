// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static io.holdfast.support.WebSocketClient.BINARY;
import static io.holdfast.support.WebSocketClient.CONTINUATION;
import static io.holdfast.support.WebSocketClient.FIN;
import static io.holdfast.support.WebSocketClient.PING;
import static io.holdfast.support.WebSocketClient.TEXT;
import static io.holdfast.support.WebSocketClient.frame;
import static io.holdfast.support.WebSocketClient.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeftOpen;
import io.holdfast.support.Ports;
import io.holdfast.support.WebSocketClient;
import io.holdfast.support.WebSocketClient.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** Messages above {@code holdfast.limits.echo-size}. */
class SizeLimitTest {

    @Nested
    @HoldfastTest
    @ExtendWith(NothingLeftOpen.class)
    class ByDefault {

        private static final int LIMIT = 16 * 1024 * 1024;

        @Autowired
        Ports ports;

        @ParameterizedTest
        @ValueSource(longs = {LIMIT + 1L, 1L << 31, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1})
        void declaredLengthOverTheLimitClosesWith1009BeforeAnyPayload(long length) throws IOException {
            try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo")) {
                client.send(header(FIN | BINARY, length));

                assertThat(client.readCloseAndEnd()).isEqualTo(1009);
            }
        }

        @Test
        void fragmentsOverTheLimitCloseWith1009() throws Exception {
            byte[] half = new byte[LIMIT / 2];
            try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo")) {
                CompletableFuture<Void> sending = client.sendMeanwhile(
                        List.of(frame(BINARY, half), frame(CONTINUATION, half), header(FIN | CONTINUATION, 1)));

                assertThat(client.readFrame().closeCode())
                        .as("nothing is echoed before")
                        .isEqualTo(1009);
                sending.join();
            }
        }
    }

    @Nested
    @HoldfastTest
    @DirtiesContext
    @TestPropertySource(properties = "holdfast.limits.echo-size=1000B")
    @ExtendWith(NothingLeftOpen.class)
    class SetTo1000Bytes {

        private static final int LIMIT = 1000;

        @Autowired
        Ports ports;

        @ParameterizedTest
        @ValueSource(ints = {TEXT, BINARY})
        void messageOfTheLimitComesBack(int opcode) throws IOException {
            try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo")) {
                client.send(frame(FIN | opcode, new byte[LIMIT]));
                client.send(frame(opcode, new byte[LIMIT - 1]), frame(FIN | PING), frame(FIN | CONTINUATION, "x"));

                assertThat(client.readMessage().payload().remaining()).isEqualTo(LIMIT);
                assertThat(client.readMessage(new ArrayList<>()).payload().remaining())
                        .isEqualTo(LIMIT);
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {TEXT, BINARY})
        void oneByteMoreClosesWith1009AndNamesTheLimit(int opcode) throws IOException {
            try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo")) {
                client.send(frame(FIN | opcode, new byte[LIMIT + 1]));

                Frame close = client.readFrame();
                assertThat(close.closeCode()).isEqualTo(1009);
                assertThat(close.closeReason()).contains("1000 bytes");
            }
        }

        @Test
        void fragmentsAreAddedUp() throws IOException {
            try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo")) {
                client.send(frame(BINARY, new byte[LIMIT]), frame(CONTINUATION), header(FIN | CONTINUATION, 1));

                assertThat(client.readCloseAndEnd()).isEqualTo(1009);
            }
        }

        @Test
        void fragmentOfTheLargestLengthDoesNotOverflowTheSum() throws IOException {
            try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo")) {
                client.send(frame(BINARY, new byte[LIMIT]), header(FIN | CONTINUATION, Long.MAX_VALUE));

                assertThat(client.readCloseAndEnd()).isEqualTo(1009);
            }
        }

        @Test
        void eachMessageCountsForItself() throws IOException {
            try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo")) {
                for (int round = 0; round < 10; round++) {
                    client.send(frame(FIN | BINARY, new byte[LIMIT]));

                    assertThat(client.readMessage().payload().remaining()).isEqualTo(LIMIT);
                }
            }
        }
    }
}
