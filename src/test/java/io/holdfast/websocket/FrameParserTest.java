// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static io.holdfast.support.WebSocketClient.CLOSE;
import static io.holdfast.support.WebSocketClient.CONTINUATION;
import static io.holdfast.support.WebSocketClient.FIN;
import static io.holdfast.support.WebSocketClient.PING;
import static io.holdfast.support.WebSocketClient.RSV1;
import static io.holdfast.support.WebSocketClient.frame;
import static io.holdfast.support.WebSocketClient.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.support.WebSocketClient;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

class FrameParserTest {

    private static final int MAX_MESSAGE = 200_000;

    @Test
    void framesMeanTheSameHoweverTheyArrive() throws ProtocolViolation {
        for (int round = 0; round < 200; round++) {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            List<String> expected = new ArrayList<>();
            byte[] frames = randomFrames(random, expected);

            Messages whole = parse(frames, frames.length, new Random(seed));
            Messages split = parse(frames, 1 + random.nextInt(40), new Random(seed));
            Messages bytes = parse(frames, 1, new Random(seed));

            assertThat(whole.seen).as("seed %s, unsplit", seed).isEqualTo(expected);
            assertThat(split.seen).as("seed %s, split", seed).isEqualTo(expected);
            assertThat(bytes.seen).as("seed %s, byte by byte", seed).isEqualTo(expected);
        }
    }

    @Test
    void payloadIsHandedOnBeforeItsFrameIsComplete() throws ProtocolViolation {
        byte[] frame = frame(FIN | WebSocketClient.BINARY, new byte[100]);
        List<Integer> pieces = new ArrayList<>();
        FrameParser parser = new FrameParser(MAX_MESSAGE, false);

        parser.parse(ByteBuffer.wrap(frame, 0, 36), pieceSizes(pieces));

        assertThat(pieces).containsExactly(30);
    }

    @Test
    void declaredLengthIsRefusedBeforePayloadArrives() {
        FrameParser parser = new FrameParser(1000, false);

        assertThatThrownBy(() -> parser.parse(
                        ByteBuffer.wrap(header(FIN | WebSocketClient.BINARY, 1001)), pieceSizes(new ArrayList<>())))
                .asInstanceOf(InstanceOfAssertFactories.type(ProtocolViolation.class))
                .extracting(violation -> violation.status().getCode())
                .isEqualTo(CloseStatus.TOO_BIG_TO_PROCESS.getCode());
    }

    @Test
    void reasonsFitIntoACloseFrame() {
        byte[][] violations = {
            {(byte) (FIN | 1), 0},
            header(FIN | WebSocketClient.BINARY, Long.MAX_VALUE),
            header(FIN | PING, 126),
            frame(FIN | CONTINUATION),
            frame(FIN | 3),
            frame(FIN | RSV1 | 1),
            WebSocketClient.join(frame(1), frame(1))
        };
        for (byte[] violation : violations) {
            FrameParser parser = new FrameParser(Integer.MAX_VALUE, false);

            assertThatThrownBy(() -> parser.parse(ByteBuffer.wrap(violation), pieceSizes(new ArrayList<>())))
                    .asInstanceOf(InstanceOfAssertFactories.type(ProtocolViolation.class))
                    .satisfies(thrown -> assertThat(
                                    Frame.closePayload(thrown.status()).remaining())
                            .isBetween(3, 125));
        }
    }

    private static FrameParser.Sink pieceSizes(List<Integer> sizes) {
        return new FrameParser.Sink() {
            @Override
            public void data(int opcode, boolean compressed, ByteBuffer payload, boolean last) {
                sizes.add(payload.remaining());
            }

            @Override
            public void control(int opcode, ByteBuffer payload) {
                sizes.add(payload.remaining());
            }
        };
    }

    private static Messages parse(byte[] frames, int mostAtOnce, Random random) throws ProtocolViolation {
        Messages messages = new Messages();
        FrameParser parser = new FrameParser(MAX_MESSAGE, true);
        // The parser unmasks in place.
        byte[] copy = frames.clone();
        for (int start = 0; start < copy.length; ) {
            int length = Math.min(
                    mostAtOnce == copy.length ? mostAtOnce : 1 + random.nextInt(mostAtOnce), copy.length - start);
            ByteBuffer piece = ByteBuffer.wrap(copy, start, length);
            parser.parse(piece, messages);
            assertThat(piece.hasRemaining()).isFalse();
            start += length;
        }
        return messages;
    }

    /** Some messages in fragments with control frames between; {@code expected} gets what {@link Messages} sees of them. */
    private static byte[] randomFrames(Random random, List<String> expected) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        int messages = 1 + random.nextInt(5);
        for (int message = 0; message < messages; message++) {
            int opcode = 1 + random.nextInt(2);
            boolean compressed = random.nextBoolean();
            int fragments = 1 + random.nextInt(4);
            ByteArrayOutputStream payload = new ByteArrayOutputStream();
            for (int fragment = 0; fragment < fragments; fragment++) {
                boolean last = fragment == fragments - 1;
                byte[] part = bytes(random, randomLength(random));
                payload.writeBytes(part);
                int start = opcode | (compressed ? RSV1 : 0);
                frames.writeBytes(frame((last ? FIN : 0) | (fragment == 0 ? start : CONTINUATION), part));
                if (last) {
                    expected.add(Messages.data(opcode, compressed, payload.toByteArray()));
                }
                for (int control = random.nextInt(3); control > 0; control--) {
                    int kind = CLOSE + random.nextInt(3);
                    byte[] content = bytes(random, random.nextInt(126));
                    frames.writeBytes(frame(FIN | kind, content));
                    expected.add(Messages.controlled(kind, content));
                }
            }
        }
        return frames.toByteArray();
    }

    private static int randomLength(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> 125 + random.nextInt(3);
            case 2 -> random.nextInt(300);
            case 3 -> random.nextInt(20) == 0 ? 65534 + random.nextInt(4) : 500;
            default -> random.nextInt(20);
        };
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Puts messages together again, as lines that can be compared. */
    private static final class Messages implements FrameParser.Sink {

        private final List<String> seen = new ArrayList<>();
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();

        @Override
        public void data(int opcode, boolean compressed, ByteBuffer payload, boolean last) {
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            message.writeBytes(bytes);
            if (last) {
                seen.add(data(opcode, compressed, message.toByteArray()));
                message.reset();
            }
        }

        @Override
        public void control(int opcode, ByteBuffer payload) {
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            seen.add(controlled(opcode, bytes));
        }

        static String data(int opcode, boolean compressed, byte[] payload) {
            return "message " + opcode + (compressed ? " compressed " : " ") + payload.length + " bytes, hash "
                    + ByteBuffer.wrap(payload).hashCode();
        }

        static String controlled(int opcode, byte[] payload) {
            return "control " + opcode + " " + payload.length + " bytes, hash "
                    + ByteBuffer.wrap(payload).hashCode();
        }
    }
}
