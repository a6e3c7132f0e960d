// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static io.holdfast.support.WebSocketClient.BINARY;
import static io.holdfast.support.WebSocketClient.CLOSE;
import static io.holdfast.support.WebSocketClient.CONTINUATION;
import static io.holdfast.support.WebSocketClient.FIN;
import static io.holdfast.support.WebSocketClient.PING;
import static io.holdfast.support.WebSocketClient.PONG;
import static io.holdfast.support.WebSocketClient.RSV1;
import static io.holdfast.support.WebSocketClient.RSV2;
import static io.holdfast.support.WebSocketClient.RSV3;
import static io.holdfast.support.WebSocketClient.TEXT;
import static io.holdfast.support.WebSocketClient.frame;
import static io.holdfast.support.WebSocketClient.header;
import static io.holdfast.support.WebSocketClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeftOpen;
import io.holdfast.support.Ports;
import io.holdfast.support.WebSocketClient;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Protocol errors of clients, and their close codes. */
@HoldfastTest
@ExtendWith(NothingLeftOpen.class)
class ProtocolErrorTest {

    @Autowired
    Ports ports;

    private WebSocketClient client;

    @BeforeEach
    void connect() throws IOException {
        client = WebSocketClient.connect(ports.http(), "/echo");
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
    }

    @Test
    void unmaskedFrameClosesWith1002() throws IOException {
        client.send(new byte[] {(byte) (FIN | TEXT), 5, 'h', 'e', 'l', 'l', 'o'});

        assertThat(client.readCloseAndEnd()).isEqualTo(1002);
    }

    @ParameterizedTest
    @ValueSource(ints = {FIN | RSV1 | TEXT, FIN | RSV2 | TEXT, FIN | RSV3 | BINARY, FIN | RSV1 | RSV2 | RSV3 | TEXT})
    void reservedBitOnAMessageClosesWith1002(int first) throws IOException {
        client.send(text("before"), frame(first, "hello"));

        assertThat(client.readMessage().text()).isEqualTo("before");
        assertThat(client.readCloseAndEnd()).isEqualTo(1002);
    }

    @ParameterizedTest
    @ValueSource(ints = {FIN | RSV1 | PING, FIN | RSV2 | PONG, FIN | RSV3 | CLOSE})
    void reservedBitOnAControlFrameClosesWith1002(int first) throws IOException {
        client.send(frame(first));

        assertThat(client.readCloseAndEnd()).isEqualTo(1002);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF})
    void reservedOpcodeClosesWith1002(int opcode) throws IOException {
        client.send(frame(FIN | opcode));

        assertThat(client.readCloseAndEnd()).isEqualTo(1002);
    }

    @ParameterizedTest
    @ValueSource(ints = {PING, PONG, CLOSE})
    void fragmentedControlFrameClosesWith1002(int opcode) throws IOException {
        client.send(frame(opcode), frame(FIN | CONTINUATION));

        assertThat(client.readCloseAndEnd()).isEqualTo(1002);
    }

    @ParameterizedTest
    @ValueSource(ints = {PING, PONG, CLOSE})
    void controlFrameOver125BytesClosesWith1002BeforeItsPayload(int opcode) throws IOException {
        client.send(header(FIN | opcode, 126));

        assertThat(client.readCloseAndEnd()).isEqualTo(1002);
    }

    @Test
    void controlFrameOfNegativeLengthClosesWith1002() throws IOException {
        client.send(header(FIN | PING, -1));

        assertThat(client.readCloseAndEnd()).isEqualTo(1002);
    }

    /** In the same packet: valid frames, a second close frame, and broken ones. */
    @ParameterizedTest
    @ValueSource(
            strings = {"8980DEADBEEF", "8180DEADBEEF", "888200000000" + "0FA0", "8380DEADBEEF", "81050000000000", "81"})
    void rfc6455Section5_5_1NothingAfterACloseFrameIsAnswered(String hex) throws IOException {
        client.send(WebSocketClient.close(1000), HexFormat.of().parseHex(hex));

        assertThat(client.readCloseAndEnd()).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(ints = {CONTINUATION, FIN | CONTINUATION})
    void continuationOfNothingClosesWith1002(int first) throws IOException {
        client.send(text("whole"), frame(first, "more"));

        assertThat(client.readMessage().text()).isEqualTo("whole");
        assertThat(client.readCloseAndEnd()).isEqualTo(1002);
    }

    @ParameterizedTest
    @ValueSource(ints = {TEXT, BINARY, FIN | TEXT, FIN | BINARY})
    void messageInsideAMessageClosesWith1002(int first) throws IOException {
        client.send(frame(TEXT, "outer"), frame(first, "inner"));

        assertThat(client.readCloseAndEnd()).isEqualTo(1002);
    }

    @Test
    void closePayloadOfOneByteClosesWith1002() throws IOException {
        client.send(frame(FIN | CLOSE, (byte) 3));

        assertThat(client.readCloseAndEnd()).isEqualTo(1002);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
    void closeCodeThatMayNotBeSentClosesWith1002(int code) throws IOException {
        client.send(WebSocketClient.close(code));

        assertThat(client.readCloseAndEnd()).isEqualTo(1002);
    }

    @Test
    void nothingAfterTheErrorIsAnswered() throws IOException {
        client.send(frame(FIN | 3), text("late"), frame(FIN | PING));
        assertThat(client.readFrame().closeCode()).isEqualTo(1002);

        client.send(text("later"), frame(FIN | PING), WebSocketClient.close(1000));

        assertThat(client.wire().read()).isEqualTo(-1);
    }

    /** Bytes in hexadecimal; a bar is where the text is split in two. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "68656C6C6F|FF",
                "FE|",
                "80|",
                "61|80",
                // Overlong forms of '/', U+0000, U+007F, U+07FF and U+FFFF
                "C0|AF",
                "C1|BF",
                "E0|80AF",
                "E080|80",
                "E09F|BF",
                "F0|8080AF",
                "F08FBF|BF",
                // Surrogates, alone and as a pair
                "ED|A080",
                "EDA0|80",
                "EDBF|BF",
                "EDA080|EDB080",
                // Over U+10FFFF
                "F4|908080",
                "F490|8080",
                "F5|808080",
                "F888|808080",
                // A start without its continuation
                "C3|28",
                "E228|A1",
                "E282|28",
                "F09F98|41",
                "CEBA|E1BDB9CF83CEBCCEB5EDA080656469746564",
                // Truncated at the end
                "61|C3",
                "E2|82",
                "F09F98|",
                "F0|9F98"
            })
    void textThatIsNotUtf8ClosesWith1007(String hex) throws IOException {
        int bar = hex.indexOf('|');
        byte[] start = HexFormat.of().parseHex(hex.substring(0, bar));
        byte[] rest = HexFormat.of().parseHex(hex.substring(bar + 1));

        client.send(frame(FIN | TEXT, WebSocketClient.join(start, rest)));
        assertThat(client.readCloseAndEnd()).isEqualTo(1007);

        assertThat(closeCodeOf(frame(TEXT, start), frame(FIN | CONTINUATION, rest)))
                .as("in fragments")
                .isEqualTo(1007);
    }

    /** The code that {@code frames} are closed with on a connection of their own; valid starts may come back before. */
    private int closeCodeOf(byte[]... frames) throws IOException {
        try (WebSocketClient other = WebSocketClient.connect(ports.http(), "/echo")) {
            other.send(frames);
            WebSocketClient.Frame frame = other.readFrame();
            while (frame.opcode() != CLOSE) {
                assertThat(frame.first() & FIN).as("end of a message").isZero();
                frame = other.readFrame();
            }
            return frame.closeCode();
        }
    }

    @Test
    void invalidTextIsNoticedBeforeItsMessageEnds() throws IOException {
        client.send(frame(TEXT, (byte) 'a', (byte) 0xFF, (byte) 'b'));

        assertThat(client.readCloseAndEnd()).isEqualTo(1007);
    }

    @Test
    void binaryMayBeAnything() throws IOException {
        byte[] notText = {(byte) 0xFF, (byte) 0xC0, (byte) 0xED, (byte) 0xA0, (byte) 0x80};

        client.send(frame(FIN | BINARY, notText));

        assertThat(client.readMessage()).isEqualTo(WebSocketClient.Frame.of(FIN | BINARY, notText));
    }

    @Test
    void closeReasonThatIsNotUtf8ClosesWith1007() throws IOException {
        client.send(WebSocketClient.close(1000, (byte) 'a', (byte) 0xED, (byte) 0xA0, (byte) 0x80));

        assertThat(client.readCloseAndEnd()).isEqualTo(1007);
    }
}
