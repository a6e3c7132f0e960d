// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static io.holdfast.support.WebSocketClient.BINARY;
import static io.holdfast.support.WebSocketClient.CONTINUATION;
import static io.holdfast.support.WebSocketClient.FIN;
import static io.holdfast.support.WebSocketClient.PING;
import static io.holdfast.support.WebSocketClient.PONG;
import static io.holdfast.support.WebSocketClient.TEXT;
import static io.holdfast.support.WebSocketClient.frame;
import static io.holdfast.support.WebSocketClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeftOpen;
import io.holdfast.support.Ports;
import io.holdfast.support.WebSocketClient;
import io.holdfast.support.WebSocketClient.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@HoldfastTest
@ExtendWith(NothingLeftOpen.class)
class WebSocketEchoTest {

    private static final int LARGEST = 16 * 1024 * 1024;

    /** Characters of one, two, three and four bytes, and the one that decoders put in the place of bad ones. */
    private static final String EVERY_WIDTH = "a\u0000\u007fß\u0080\u07ff€\u0800\uffff\ufffd𝄞\ud800\udc00\udbff\udfff";

    private final Random random = new Random(7);

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
    @ValueSource(ints = {0, 1, 7, 125, 126, 127, 16383, 16384, 16385, 65535, 65536, 65537, 200_000})
    void messageOfAnyLengthComesBackWithItsType(int length) throws Exception {
        byte[] bytes = bytes(length);
        byte[] letters = letters(length);

        CompletableFuture<Void> sending =
                client.sendMeanwhile(List.of(frame(FIN | BINARY, bytes), frame(FIN | TEXT, letters)));

        assertThat(client.readMessage()).isEqualTo(Frame.of(FIN | BINARY, bytes));
        assertThat(client.readMessage()).isEqualTo(Frame.of(FIN | TEXT, letters));
        sending.join();
    }

    @ParameterizedTest
    @ValueSource(ints = {TEXT, BINARY})
    void largestMessageComesBackFromOneFrame(int opcode) throws Exception {
        byte[] payload = letters(LARGEST);

        CompletableFuture<Void> sending = client.sendMeanwhile(List.of(frame(FIN | opcode, payload)));

        assertThat(client.readMessage()).isEqualTo(Frame.of(FIN | opcode, payload));
        sending.join();
    }

    @ParameterizedTest
    @ValueSource(ints = {TEXT, BINARY})
    void largestMessageComesBackFromManyFragments(int opcode) throws Exception {
        byte[] payload = letters(LARGEST);

        CompletableFuture<Void> sending = client.sendMeanwhile(fragments(opcode, payload, 4099));

        assertThat(client.readMessage()).isEqualTo(Frame.of(FIN | opcode, payload));
        sending.join();
    }

    @Test
    void fragmentsMayBeEmpty() throws IOException {
        client.send(
                frame(TEXT),
                frame(CONTINUATION),
                frame(CONTINUATION, "so"),
                frame(CONTINUATION),
                frame(FIN | CONTINUATION));
        client.send(frame(BINARY), frame(FIN | CONTINUATION));

        assertThat(client.readMessage()).isEqualTo(Frame.of(FIN | TEXT, "so"));
        assertThat(client.readMessage()).isEqualTo(Frame.of(FIN | BINARY));
    }

    @Test
    void pingsBetweenFragmentsAreAnsweredWithTheirPayloadInOrder() throws IOException {
        client.send(
                frame(TEXT, "fragment1"),
                frame(FIN | PING, "ping1"),
                frame(CONTINUATION, "fragment2"),
                frame(FIN | PING),
                frame(FIN | PONG, "unasked"),
                frame(FIN | PING, bytes(0)),
                frame(FIN | PING, "ping2"),
                frame(FIN | CONTINUATION, "fragment3"));

        List<Frame> between = new ArrayList<>();
        assertThat(client.readMessage(between)).isEqualTo(Frame.of(FIN | TEXT, "fragment1fragment2fragment3"));
        assertThat(between)
                .containsExactly(
                        Frame.of(FIN | PONG, "ping1"),
                        Frame.of(FIN | PONG),
                        Frame.of(FIN | PONG),
                        Frame.of(FIN | PONG, "ping2"));
    }

    @Test
    void pingIsAnsweredBeforeTheMessageItInterruptsIsComplete() throws IOException {
        client.send(frame(TEXT, "now "), frame(FIN | PING, "soon"));

        assertThat(client.readFrame()).isEqualTo(Frame.of(FIN | PONG, "soon"));
        client.send(frame(FIN | CONTINUATION, "later"));
        assertThat(client.readFrame()).isEqualTo(Frame.of(FIN | TEXT, "now later"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 124, 125})
    void pingOfAnyLengthIsAnsweredWithItsPayload(int length) throws IOException {
        byte[] payload = bytes(length);

        client.send(frame(FIN | PING, payload));

        assertThat(client.readFrame()).isEqualTo(Frame.of(FIN | PONG, payload));
    }

    @Test
    void unaskedPongIsNotAnswered() throws IOException {
        client.send(frame(FIN | PONG, "unasked"), frame(FIN | PONG), text("next"));

        assertThat(client.readFrame()).isEqualTo(Frame.of(FIN | TEXT, "next"));
    }

    @Test
    void charactersMayBeSplitAcrossFragments() throws IOException {
        byte[] payload = EVERY_WIDTH.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= 5; size++) {
            client.send(fragments(TEXT, payload, size).toArray(byte[][]::new));

            assertThat(client.readMessage()).isEqualTo(Frame.of(FIN | TEXT, payload));
        }
    }

    @Test
    void charactersMayBeSplitAcrossReads() throws IOException {
        byte[] frame = frame(FIN | TEXT, EVERY_WIDTH);
        for (int split = 1; split < frame.length; split++) {
            // The answer to the ping shows that the first part was read by itself.
            client.send(frame(FIN | PING), Arrays.copyOf(frame, split));
            assertThat(client.readFrame()).isEqualTo(Frame.of(FIN | PONG));
            client.send(Arrays.copyOfRange(frame, split, frame.length));

            assertThat(client.readMessage()).isEqualTo(Frame.of(FIN | TEXT, EVERY_WIDTH));
        }
    }

    @Test
    void bytesMayArriveOneByOne() throws IOException {
        byte[] frames = WebSocketClient.join(
                frame(TEXT, EVERY_WIDTH),
                frame(FIN | PING, "ping"),
                frame(FIN | CONTINUATION, letters(300)),
                frame(FIN | BINARY, letters(126)),
                WebSocketClient.close(3000, (byte) 'x'));
        for (byte next : frames) {
            client.wire().send(next);
        }

        List<Frame> between = new ArrayList<>();
        String expected = EVERY_WIDTH + new String(letters(300), StandardCharsets.US_ASCII);
        assertThat(client.readMessage(between)).isEqualTo(Frame.of(FIN | TEXT, expected));
        assertThat(between).containsExactly(Frame.of(FIN | PONG, "ping"));
        assertThat(client.readMessage()).isEqualTo(Frame.of(FIN | BINARY, letters(126)));
        assertThat(client.readCloseAndEnd()).isEqualTo(3000);
    }

    @Test
    void framesSentInOneWriteAreAllAnsweredInOrder() throws IOException {
        byte[][] frames = new byte[16][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = text("message " + i);
        }

        client.send(frames);

        for (int i = 0; i < frames.length; i++) {
            assertThat(client.readFrame()).isEqualTo(Frame.of(FIN | TEXT, "message " + i));
        }
    }

    @Test
    void thousandsOfTinyMessagesInOneWriteAreAllAnswered() throws IOException {
        byte[][] frames = new byte[10_000][];
        Arrays.setAll(frames, i -> text(Integer.toString(i)));

        client.send(frames);

        for (int i = 0; i < frames.length; i++) {
            assertThat(client.readMessage()).isEqualTo(Frame.of(FIN | TEXT, Integer.toString(i)));
        }
    }

    @Test
    void headerMayBeLongerThanItsLengthNeeds() throws IOException {
        byte[] plain = frame(FIN | TEXT, "hello");
        byte[] maskAndPayload = Arrays.copyOfRange(plain, 2, plain.length);

        client.send(new byte[] {(byte) (FIN | TEXT), (byte) 0xFE, 0, 5}, maskAndPayload);
        client.send(new byte[] {(byte) (FIN | TEXT), (byte) 0xFF, 0, 0, 0, 0, 0, 0, 0, 5}, maskAndPayload);

        assertThat(client.readMessage()).isEqualTo(Frame.of(FIN | TEXT, "hello"));
        assertThat(client.readMessage()).isEqualTo(Frame.of(FIN | TEXT, "hello"));
    }

    @Test
    void messagesAndTheirPayloadAreCountedOnBothWays() throws IOException {
        Traffic.Counts counts = traffic.of(Transport.WEBSOCKET);
        long messagesIn = counts.messagesIn();
        long messagesOut = counts.messagesOut();
        long bytesIn = counts.bytesIn();
        long bytesOut = counts.bytesOut();

        client.send(frame(TEXT, "two "), frame(FIN | CONTINUATION, "parts"), frame(FIN | PING), text("€"));
        client.readMessage();
        client.readFrame();
        client.readMessage();

        assertThat(counts.messagesIn() - messagesIn).isEqualTo(2);
        assertThat(counts.messagesOut() - messagesOut).isEqualTo(2);
        assertThat(counts.bytesIn() - bytesIn).isEqualTo(12);
        assertThat(counts.bytesOut() - bytesOut).isEqualTo(12);
    }

    private static List<byte[]> fragments(int opcode, byte[] payload, int size) {
        List<byte[]> frames = new ArrayList<>();
        for (int start = 0; start < payload.length; start += size) {
            int end = Math.min(start + size, payload.length);
            int first = (start == 0 ? opcode : CONTINUATION) | (end == payload.length ? FIN : 0);
            frames.add(frame(first, Arrays.copyOfRange(payload, start, end)));
        }
        return frames;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Valid as text, and without a period that a misplaced piece could hide in. */
    private static byte[] letters(int length) {
        Random letters = new Random(length);
        byte[] bytes = new byte[length];
        letters.nextBytes(bytes);
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('A' + (bytes[i] & 0x1F));
        }
        return bytes;
    }
}
