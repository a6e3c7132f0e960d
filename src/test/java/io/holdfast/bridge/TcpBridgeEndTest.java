// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bridge;

import static io.holdfast.support.WebSocketClient.BINARY;
import static io.holdfast.support.WebSocketClient.FIN;
import static io.holdfast.support.WebSocketClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeftOpen;
import io.holdfast.support.Ports;
import io.holdfast.support.WebSocketClient;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.Lifecycle;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** {@code /tcp} when its TCP side ends; in an application of its own, whose listener is stopped. */
@HoldfastTest
@DirtiesContext
@TestPropertySource(properties = "holdfast.tcp.event-loops=1")
@ExtendWith(NothingLeftOpen.class)
class TcpBridgeEndTest {

    @Autowired
    Ports ports;

    @Autowired
    @Qualifier("tcpListener")
    Lifecycle listener;

    @Test
    void endOfTcpClosesTheWebSocketAndWithoutAListenerItIsToldToComeBack() throws IOException {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/tcp")) {
            client.send(frame(FIN | BINARY, "x")).readMessage();

            listener.stop();

            assertThat(client.readCloseAndEnd()).isEqualTo(1000);
        }
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/tcp")) {
            assertThat(client.readCloseAndEnd()).isEqualTo(1012);
        }
        listener.start();
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/tcp")) {
            client.send(frame(FIN | BINARY, "x"));

            assertThat(client.readMessage().text()).isEqualTo("x");
        }
    }
}
