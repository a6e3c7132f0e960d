// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static io.holdfast.support.WebSocketClient.BINARY;
import static io.holdfast.support.WebSocketClient.CONTINUATION;
import static io.holdfast.support.WebSocketClient.FIN;
import static io.holdfast.support.WebSocketClient.PING;
import static io.holdfast.support.WebSocketClient.PONG;
import static io.holdfast.support.WebSocketClient.RSV1;
import static io.holdfast.support.WebSocketClient.RSV2;
import static io.holdfast.support.WebSocketClient.TEXT;
import static io.holdfast.support.WebSocketClient.frame;
import static io.holdfast.support.WebSocketClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeftOpen;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import io.holdfast.support.WebSocketClient;
import io.holdfast.support.WebSocketClient.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** permessage-deflate (RFC 7692), with the other end built on {@code java.util.zip} alone. */
@HoldfastTest
@ExtendWith(NothingLeftOpen.class)
class CompressionTest {

    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
    private static final int LIMIT = 16 * 1024 * 1024;

    @Autowired
    Ports ports;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; client_max_window_bits=10",
                "permessage-deflate; client_max_window_bits=8",
                "permessage-deflate; client_max_window_bits=15",
                "permessage-deflate; client_max_window_bits=\"10\"",
                "permessage-deflate; client_max_window_bits=\"1\\0\"",
                "permessage-deflate ;\tclient_max_window_bits = 10 ,",
                "permessage-deflate;client_no_context_takeover=;server_no_context_takeover=",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate",
                "permessage-deflate; unheard_of, permessage-deflate; client_max_window_bits=16, permessage-deflate",
                "permessage-deflate; unheard_of\r\nSec-WebSocket-Extensions: permessage-deflate",
                "foo; a=\"x\\\", y\", permessage-deflate",
                "x-webkit-deflate-frame, permessage-deflate"
            })
    void offerIsAcceptedWithoutContextTakeover(String offer) throws IOException {
        try (WebSocketClient client =
                WebSocketClient.connect(ports.http(), "/echo", "Sec-WebSocket-Extensions: " + offer)) {
            assertThat(client.head())
                    .containsPattern("\r\nSec-WebSocket-Extensions: *permessage-deflate *;[^,]*\r\n")
                    .contains("server_no_context_takeover")
                    .contains("client_no_context_takeover")
                    .doesNotContain("_max_window_bits");
            assertEchoesCompressed(client);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate; server_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=\"15\"",
                "permessage-deflate;client_max_window_bits=15;server_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=15"
            })
    void rfc7692Section7_1_2_1WindowThatIsAskedForIsConfirmed(String offer) throws IOException {
        try (WebSocketClient client =
                WebSocketClient.connect(ports.http(), "/echo", "Sec-WebSocket-Extensions: " + offer)) {
            assertThat(client.head())
                    .containsPattern("\r\nSec-WebSocket-Extensions: *permessage-deflate *;[^,]*\r\n")
                    .containsOnlyOnce("; server_max_window_bits=15")
                    .doesNotContain("client_max_window_bits");
            assertEchoesCompressed(client);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate; server_max_window_bits=8",
                "permessage-deflate; server_max_window_bits=10",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; server_max_window_bits=015",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=15; server_max_window_bits=15",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=08",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=abc",
                "permessage-deflate; client_max_window_bits=\"\"",
                "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; client_no_context_takeover=true",
                "permessage-deflate; client_no_context_takeover=\"\"",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
                "permessage-deflate; unheard_of",
                "permessage-deflate; unheard_of=1",
                "permessage-deflate; unheard_of, permessage-deflate; unheard_of=\"a;b\"",
                "foo; a=\"x, permessage-deflate\"",
                "foo; a=\"x, permessage-deflate; b\"",
                "foo; a=\"\\\", permessage-deflate; b\"",
                "x-permessage-deflate",
                "x-webkit-deflate-frame",
                "bbf-usp-protocol"
            })
    void rfc7692Section7InvalidOfferIsDeclinedAndTheConnectionGoesOnWithout(String offer) throws IOException {
        try (WebSocketClient client =
                WebSocketClient.connect(ports.http(), "/echo", "Sec-WebSocket-Extensions: " + offer)) {
            assertThat(client.head()).doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
            client.send(text("a".repeat(1000)));

            assertThat(client.readMessage()).isEqualTo(Frame.of(FIN | TEXT, "a".repeat(1000)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ";",
                ",",
                "",
                "permessage-deflate;",
                "permessage-deflate; =",
                "permessage-deflate a",
                "permessage-deflate; a=b c",
                "permessage-deflate; a=\"b",
                "permessage-deflate; a=\"b\\",
                "permessage-deflate; a=\"b\"c",
                "\"permessage-deflate\"",
                "permessage/deflate",
                "\"",
                "=;,="
            })
    void rfc6455Section9_1ExtensionsThatCannotBeReadAreABadRequest(String garbage) throws IOException {
        try (TestSocket wire = TestSocket.connect(ports.http())) {
            wire.send(WebSocketClient.handshake("/echo", "Sec-WebSocket-Extensions: " + garbage));

            assertThat(wire.readUntil("\r\n")).contains(" 400 ");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 1000, 16384, 70_000, 1 << 20})
    void compressedMessagesComeBack(int length) throws Exception {
        byte[] letters = words(length);
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            CompletableFuture<Void> sending = client.sendMeanwhile(List.of(
                    frame(FIN | RSV1 | TEXT, Deflated.of(letters)), frame(FIN | RSV1 | BINARY, Deflated.of(bytes))));

            assertThat(inflated(client.readMessage(), TEXT)).isEqualTo(ByteBuffer.wrap(letters));
            assertThat(inflated(client.readMessage(), BINARY)).isEqualTo(ByteBuffer.wrap(bytes));
            sending.join();
        }
    }

    @Test
    void largestMessageComesBackCompressed() throws Exception {
        byte[] letters = words(LIMIT);
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            CompletableFuture<Void> sending =
                    client.sendMeanwhile(List.of(frame(FIN | RSV1 | TEXT, Deflated.of(letters))));

            Frame echo = client.readMessage();

            assertThat(echo.payload().remaining()).isLessThan(LIMIT / 4);
            assertThat(inflated(echo, TEXT)).isEqualTo(ByteBuffer.wrap(letters));
            sending.join();
        }
    }

    @Test
    void compressedMessageMayBeFragmentedAnywhere() throws Exception {
        byte[] letters = "Grüße, 世界 𝄞! ".repeat(20).getBytes(StandardCharsets.UTF_8);
        byte[] compressed = Deflated.of(letters);
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            for (int split = 0; split <= compressed.length; split++) {
                client.send(
                        frame(RSV1 | TEXT, Arrays.copyOf(compressed, split)),
                        frame(FIN | PING, "between"),
                        frame(CONTINUATION),
                        frame(FIN | CONTINUATION, Arrays.copyOfRange(compressed, split, compressed.length)));

                List<Frame> between = new ArrayList<>();
                assertThat(inflated(client.readMessage(between), TEXT)).isEqualTo(ByteBuffer.wrap(letters));
                if (between.isEmpty()) {
                    between.add(client.readFrame());
                }
                assertThat(between).containsExactly(Frame.of(FIN | PONG, "between"));
            }
        }
    }

    @Test
    void compressedBytesMayArriveOneByOne() throws Exception {
        byte[] letters = "𝄞 and words ".repeat(10).getBytes(StandardCharsets.UTF_8);
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            for (byte next : frame(FIN | RSV1 | TEXT, Deflated.of(letters))) {
                client.wire().send(next);
            }

            assertThat(inflated(client.readMessage(), TEXT)).isEqualTo(ByteBuffer.wrap(letters));
        }
    }

    /** RFC 7692, sections 7.2.3.1 to 7.2.3.6. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // One fixed Huffman block
                "f248cdc9c90700",
                // A stored block
                "000500faff48656c6c6f00",
                // A block with BFINAL set, and the empty one that has to follow it
                "f348cdc9c9070000",
                // Two blocks
                "f248050000 00ffffcac9c90700"
            })
    void examplesOfTheSpecificationAreUnderstood(String hex) throws Exception {
        byte[] payload = HexFormat.of().parseHex(hex.replace(" ", ""));
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            client.send(frame(FIN | RSV1 | TEXT, payload));

            assertThat(inflated(client.readMessage(), TEXT))
                    .isEqualTo(ByteBuffer.wrap("Hello".getBytes(StandardCharsets.US_ASCII)));
        }
    }

    @Test
    void emptyMessageMayBeCompressed() throws Exception {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            client.send(frame(FIN | RSV1 | TEXT, (byte) 0), frame(FIN | RSV1 | BINARY, Deflated.of(new byte[0])));

            assertThat(inflated(client.readMessage(), TEXT).remaining()).isZero();
            assertThat(inflated(client.readMessage(), BINARY).remaining()).isZero();
        }
    }

    @Test
    void eachMessageMayBeCompressedOrNot() throws Exception {
        byte[] letters = words(500);
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            client.send(
                    frame(FIN | TEXT, letters),
                    frame(FIN | RSV1 | TEXT, Deflated.of(letters)),
                    frame(FIN | BINARY, letters),
                    text("small"),
                    frame(FIN | TEXT));

            assertThat(inflated(client.readMessage(), TEXT)).isEqualTo(ByteBuffer.wrap(letters));
            assertThat(inflated(client.readMessage(), TEXT)).isEqualTo(ByteBuffer.wrap(letters));
            assertThat(inflated(client.readMessage(), BINARY)).isEqualTo(ByteBuffer.wrap(letters));
            assertThat(inflated(client.readMessage(), TEXT))
                    .isEqualTo(ByteBuffer.wrap("small".getBytes(StandardCharsets.US_ASCII)));
            assertThat(client.readMessage()).isEqualTo(Frame.of(FIN | TEXT));
        }
    }

    @Test
    void smallMessageIsNotWorthCompressing() throws IOException {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            client.send(text("small"));

            assertThat(client.readMessage()).isEqualTo(Frame.of(FIN | TEXT, "small"));
        }
    }

    @Test
    void largerMessageIsSentCompressedEvenIfItCamePlain() throws IOException {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            client.send(text("a".repeat(1000)));

            Frame echo = client.readMessage();

            assertThat(echo.compressed()).isTrue();
            assertThat(echo.payload().remaining()).isLessThan(100);
        }
    }

    @Test
    void compressedBitThatWasNotNegotiatedClosesWith1002() throws IOException {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo")) {
            client.send(frame(FIN | RSV1 | TEXT, Deflated.of(words(100))));

            assertThat(client.readCloseAndEnd()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {FIN | RSV1 | PING, FIN | RSV1 | PONG, FIN | RSV2 | TEXT, FIN | RSV1 | RSV2 | TEXT})
    void bitsThatCompressionDoesNotUseStayReserved(int first) throws IOException {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            client.send(frame(first));

            assertThat(client.readCloseAndEnd()).isEqualTo(1002);
        }
    }

    @Test
    void compressedBitOnAContinuationClosesWith1002() throws IOException {
        byte[] compressed = Deflated.of(words(100));
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            client.send(frame(RSV1 | TEXT), frame(FIN | RSV1 | CONTINUATION, compressed));

            assertThat(client.readCloseAndEnd()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {LIMIT + 1, 4 * LIMIT})
    void messageThatInflatesOverTheLimitClosesWith1009(int length) throws Exception {
        byte[] bomb = Deflated.of(new byte[length]);
        assertThat(bomb.length).isLessThan(length / 500);
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            CompletableFuture<Void> sending = client.sendMeanwhile(List.of(frame(FIN | RSV1 | BINARY, bomb)));

            Frame frame = client.readFrame();
            while (frame.opcode() != WebSocketClient.CLOSE) {
                assertThat(frame.first() & FIN).as("end of the message").isZero();
                frame = client.readFrame();
            }

            assertThat(frame.closeCode()).isEqualTo(1009);
            sending.join();
        }
    }

    @Test
    void messageThatInflatesToTheLimitComesBack() throws Exception {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            CompletableFuture<Void> sending =
                    client.sendMeanwhile(List.of(frame(FIN | RSV1 | BINARY, Deflated.of(new byte[LIMIT]))));

            assertThat(inflated(client.readMessage(), BINARY)).isEqualTo(ByteBuffer.wrap(new byte[LIMIT]));
            sending.join();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffff", "07", "f248cdc9c907ff00ff00ff", "78da4bcacf0700"})
    void payloadThatIsNoDeflateStreamClosesWith1007(String hex) throws IOException {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            client.send(frame(FIN | RSV1 | BINARY, HexFormat.of().parseHex(hex)));

            Frame frame = client.readFrame();
            while (frame.opcode() != WebSocketClient.CLOSE) {
                assertThat(frame.first() & FIN).as("end of the message").isZero();
                frame = client.readFrame();
            }
            assertThat(frame.closeCode()).isEqualTo(1007);
        }
    }

    @Test
    void compressedTextThatIsNotUtf8ClosesWith1007() throws IOException {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            client.send(frame(FIN | RSV1 | TEXT, Deflated.of(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80})));

            assertThat(client.readCloseAndEnd()).isEqualTo(1007);
        }
    }

    @Test
    void compressedTextThatEndsInsideACharacterClosesWith1007() throws IOException {
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
            client.send(frame(FIN | RSV1 | TEXT, Deflated.of(new byte[] {(byte) 0xE2, (byte) 0x82})));

            assertThat(client.readCloseAndEnd()).isEqualTo(1007);
        }
    }

    @Test
    void connectionThatEndsInsideACompressedMessageSpoilsNoOther() throws Exception {
        byte[] letters = words(5000);
        byte[] compressed = Deflated.of(letters);
        for (int round = 0; round < 20; round++) {
            try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
                // The answer to the ping shows that the part before it was read.
                client.send(
                        frame(RSV1 | TEXT, Arrays.copyOf(compressed, compressed.length / 2)), frame(FIN | PING, "x"));
                assertThat(client.readFrame().text()).isEqualTo("x");
            }
            try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo", OFFER)) {
                client.send(frame(FIN | RSV1 | TEXT, compressed));

                assertThat(inflated(client.readMessage(), TEXT)).isEqualTo(ByteBuffer.wrap(letters));
            }
        }
    }

    private static void assertEchoesCompressed(WebSocketClient client) throws IOException {
        byte[] letters = words(300);
        client.send(frame(FIN | RSV1 | TEXT, Deflated.of(letters)));

        Frame echo = client.readMessage();

        assertThat(echo.compressed()).isTrue();
        assertThat(inflated(echo, TEXT)).isEqualTo(ByteBuffer.wrap(letters));
    }

    private static ByteBuffer inflated(Frame message, int opcode) {
        assertThat(message.opcode()).isEqualTo(opcode);
        byte[] payload = message.bytes();
        return ByteBuffer.wrap(message.compressed() ? Deflated.inflate(payload) : payload);
    }

    /** Text that compresses about as well as prose. */
    private static byte[] words(int length) {
        Random random = new Random(length);
        byte[] letters = new byte[length];
        for (int i = 0; i < length; i++) {
            letters[i] = (byte) (i >= 100 && i % 50 < 40 ? letters[i - 100 + i / 5000 % 3] : 'a' + random.nextInt(26));
        }
        return letters;
    }
}
