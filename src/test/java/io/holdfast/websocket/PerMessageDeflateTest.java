// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.memory.MemoryBudget;
import io.holdfast.memory.MemoryPart;
import io.holdfast.memory.MemoryProperties;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.eclipse.jetty.util.compression.DeflaterPool;
import org.eclipse.jetty.util.compression.InflaterPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PerMessageDeflateTest {

    private static final int MAX_MESSAGE = 1 << 20;

    private final InflaterPool inflaters = new InflaterPool(10, true);
    private final DeflaterPool deflaters = new DeflaterPool(10, -1, true);
    private final MemoryPart memory = new MemoryBudget(new MemoryProperties(null, null, null)).receiving();

    @BeforeEach
    void start() throws Exception {
        inflaters.start();
        deflaters.start();
    }

    @AfterEach
    void stop() throws Exception {
        inflaters.stop();
        deflaters.stop();
    }

    @Test
    void anythingSplitAnyhowInflatesToWhatWasDeflated() throws ProtocolViolation {
        PerMessageDeflate sender = new PerMessageDeflate(inflaters, deflaters, memory, MAX_MESSAGE);
        PerMessageDeflate receiver = new PerMessageDeflate(inflaters, deflaters, memory, MAX_MESSAGE);
        for (int round = 0; round < 300; round++) {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            byte[] message = randomMessage(random);

            byte[] payload = deflated(sender, message, random);

            assertThat(ByteBuffer.wrap(Deflated.inflate(payload)))
                    .as("seed %s, by zlib", seed)
                    .isEqualTo(ByteBuffer.wrap(message));
            assertThat(ByteBuffer.wrap(inflated(receiver, payload, random)))
                    .as("seed %s, by ourselves", seed)
                    .isEqualTo(ByteBuffer.wrap(message));
        }
    }

    @Test
    void everyPieceCanBeReadBeforeTheNextIsSent() throws ProtocolViolation {
        PerMessageDeflate sender = new PerMessageDeflate(inflaters, deflaters, memory, MAX_MESSAGE);
        PerMessageDeflate receiver = new PerMessageDeflate(inflaters, deflaters, memory, MAX_MESSAGE);
        for (String part : List.of("first", "second", "third")) {
            ByteArrayOutputStream seen = new ByteArrayOutputStream();

            receiver.inflate(
                    sender.deflate(ByteBuffer.wrap(bytes(part)), false), false, (bytes, last) -> append(seen, bytes));

            assertThat(seen.toByteArray()).isEqualTo(bytes(part));
        }
    }

    @Test
    void compressorsAreGivenBackAfterEachMessage() throws ProtocolViolation {
        PerMessageDeflate deflate = new PerMessageDeflate(inflaters, deflaters, memory, MAX_MESSAGE);

        byte[] payload = deflated(deflate, bytes("a message"), new Random(1));
        inflated(deflate, payload, new Random(1));

        assertThat(inflaters.getPool().getInUseCount()).isZero();
        assertThat(memory.used()).isZero();
        assertThat(deflaters.getPool().getInUseCount()).isZero();
    }

    @Test
    void compressorsAreGivenBackWhenTheConnectionEndsInsideAMessage() throws ProtocolViolation {
        PerMessageDeflate deflate = new PerMessageDeflate(inflaters, deflaters, memory, MAX_MESSAGE);
        ByteBuffer part = deflate.deflate(ByteBuffer.wrap(bytes("begun")), false);
        deflate.inflate(part, false, (bytes, last) -> {});
        assertThat(inflaters.getPool().getInUseCount()).isEqualTo(1);
        assertThat(memory.used()).isPositive();
        assertThat(deflaters.getPool().getInUseCount()).isEqualTo(1);

        deflate.release();

        assertThat(inflaters.getPool().getInUseCount()).isZero();
        assertThat(memory.used()).isZero();
        assertThat(deflaters.getPool().getInUseCount()).isZero();
    }

    /** A handler that fails with a piece of a message, while its next pieces are on their way. */
    @Test
    void connectionThatEndsInsideAPieceDoesNotUseWhatAnotherHasTaken() throws ProtocolViolation {
        PerMessageDeflate ending = new PerMessageDeflate(inflaters, deflaters, memory, MAX_MESSAGE);
        PerMessageDeflate other = new PerMessageDeflate(inflaters, deflaters, memory, MAX_MESSAGE);
        byte[] theirs = bytes("not to be mixed with another message");
        ByteBuffer compressed = ByteBuffer.wrap(Deflated.of(theirs));
        ByteBuffer begin = compressed.slice(0, 10);
        ByteBuffer rest = compressed.slice(10, compressed.remaining() - 10);
        List<Integer> pieces = new ArrayList<>();
        ByteArrayOutputStream seen = new ByteArrayOutputStream();

        ending.inflate(ByteBuffer.wrap(Deflated.of(new byte[200_000])), true, (bytes, last) -> {
            pieces.add(bytes.remaining());
            ending.stopInflating();
            other.inflate(begin, false, (text, end) -> append(seen, text));
        });
        other.inflate(rest, true, (text, end) -> append(seen, text));

        assertThat(pieces).hasSize(1);
        assertThat(seen.toByteArray()).isEqualTo(theirs);
        assertThat(inflaters.getPool().getInUseCount()).isZero();
        assertThat(memory.used()).isZero();
    }

    @Test
    void inflationStopsAtTheLimit() {
        PerMessageDeflate deflate = new PerMessageDeflate(inflaters, deflaters, memory, 1000);
        byte[] bomb = Deflated.of(new byte[10_000_000]);
        List<Integer> pieces = new ArrayList<>();

        assertThatThrownBy(() ->
                        deflate.inflate(ByteBuffer.wrap(bomb), true, (bytes, last) -> pieces.add(bytes.remaining())))
                .asInstanceOf(InstanceOfAssertFactories.type(ProtocolViolation.class))
                .extracting(violation -> violation.status().getCode())
                .isEqualTo(1009);
        assertThat(pieces).isEmpty();
    }

    private static byte[] deflated(PerMessageDeflate deflate, byte[] message, Random random) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        List<byte[]> parts = split(message, random);
        for (int i = 0; i < parts.size(); i++) {
            append(payload, deflate.deflate(ByteBuffer.wrap(parts.get(i)), i == parts.size() - 1));
        }
        return payload.toByteArray();
    }

    private static byte[] inflated(PerMessageDeflate deflate, byte[] payload, Random random) throws ProtocolViolation {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        List<Boolean> ends = new ArrayList<>();
        List<byte[]> parts = split(payload, random);
        for (int i = 0; i < parts.size(); i++) {
            assertThat(ends).doesNotContain(true);
            deflate.inflate(ByteBuffer.wrap(parts.get(i)), i == parts.size() - 1, (bytes, last) -> {
                append(message, bytes);
                ends.add(last);
            });
        }
        assertThat(ends).last().isEqualTo(true);
        assertThat(ends).containsOnlyOnce(true);
        return message.toByteArray();
    }

    private static void append(ByteArrayOutputStream to, ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        to.writeBytes(copy);
    }

    /** {@code whole} in one to five parts, any of which may be empty. */
    private static List<byte[]> split(byte[] whole, Random random) {
        List<byte[]> parts = new ArrayList<>();
        int start = 0;
        for (int more = random.nextInt(5); more > 0; more--) {
            int end = start + random.nextInt(whole.length - start + 1);
            parts.add(Arrays.copyOfRange(whole, start, end));
            start = end;
        }
        parts.add(Arrays.copyOfRange(whole, start, whole.length));
        return parts;
    }

    /** From what can't be compressed at all to what almost vanishes. */
    private static byte[] randomMessage(Random random) {
        int length = random.nextInt(4) == 0 ? random.nextInt(4) : random.nextInt(1 << random.nextInt(18));
        int letters = 1 << random.nextInt(9);
        byte[] message = new byte[length];
        for (int i = 0; i < length; i++) {
            message[i] = (byte) random.nextInt(letters);
        }
        return message;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
