// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Transport;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebSocketProtocolTest extends ProtocolContract {

    @Override
    JsonTalk.Way way() {
        return JsonTalk.Way.WEBSOCKET;
    }

    @Override
    Transport transport() {
        return Transport.WEBSOCKET;
    }

    @Override
    String told(CloseReason reason) {
        return String.valueOf(reason.webSocketCode());
    }

    private RawWebSocket webSocket() {
        return ((JsonTalk.Messages) talk).webSocket();
    }

    @Test
    void binaryMessageEndsTheConnection() throws IOException {
        webSocket().send(RawWebSocket.BINARY, (byte) '{', (byte) '}');

        assertThat(talk.awaitEnd()).isEqualTo("1003");
    }

    @Test
    void textThatIsNotUtf8EndsTheConnection() throws IOException {
        webSocket().send(RawWebSocket.TEXT, (byte) '{', (byte) 0xC0, (byte) 0x80);

        assertThat(talk.awaitEnd()).isEqualTo("1007");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"holdfast.v1|holdfast.v1", "other, holdfast.v1|holdfast.v1", "other|", "|"})
    void subprotocolIsAnsweredWhereItIsOffered(String offered, String answered) throws IOException {
        String header = offered == null ? "" : "Sec-WebSocket-Protocol: " + offered + "\r\n";
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(RawWebSocket.handshake("/channels").replaceFirst("\r\n\r\n$", "\r\n" + header + "\r\n"));
            String head = wire.readUntil("\r\n\r\n");

            assertThat(head).startsWith("HTTP/1.1 101 ");
            if (answered == null) {
                assertThat(head).doesNotContainIgnoringCase("Sec-WebSocket-Protocol");
            } else {
                assertThat(head).containsIgnoringCase("\r\nSec-WebSocket-Protocol: " + answered + "\r\n");
            }
        }
    }
}
