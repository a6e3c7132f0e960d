// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.memory.MemoryBudget;
import io.holdfast.memory.MemoryPart;
import io.holdfast.memory.MemoryProperties;
import io.holdfast.memory.SharedBytes;
import io.holdfast.support.RecordingWire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class OutboxTest {

    private static final int MAX_BYTES = 4096;
    private static final int MAX_MESSAGES = 10;

    private final RecordingWire socket = new RecordingWire().slow();
    private final Heard heard = new Heard();
    private final MemoryPart memory = new MemoryBudget(new MemoryProperties(null, null, null)).sending();
    private final ChunkPool pool = new ChunkPool();
    private final Outbox outbox = outbox(socket, MAX_BYTES, MAX_MESSAGES);

    private Outbox outbox(Wire wire, int bytes, int messages) {
        return new Outbox(wire, pool, memory, new OutboxProperties(DataSize.ofBytes(bytes), messages), heard);
    }

    /** Chunks count whole; bytes that two outboxes share count once. */
    @Test
    void memoryIsCountedWhileBytesWait() {
        Outbox other = outbox(new RecordingWire().slow(), MAX_BYTES, MAX_MESSAGES);
        SharedBytes shared = new SharedBytes(ByteBuffer.allocate(1000));

        outbox.append(bytes("copied"));
        outbox.offer(shared);
        other.offer(shared);
        assertThat(memory.used()).isEqualTo(ChunkPool.SIZE + shared.cost());

        outbox.flush();
        assertThat(memory.used()).as("being written").isEqualTo(ChunkPool.SIZE + shared.cost());
        socket.finish();
        assertThat(memory.used()).as("held by the other one").isEqualTo(shared.cost());
        other.discardQueued();
        assertThat(memory.used()).isZero();
    }

    /** A buffer for each, even of shared bytes, exists while they are written. */
    @Test
    void placesInLongQueuesAreCounted() {
        SharedBytes shared = new SharedBytes(ByteBuffer.allocate(1));
        for (int i = 0; i < 100; i++) {
            outbox.offer(shared);
        }
        long queued = memory.used();
        outbox.flush();
        long written = memory.used();
        for (int i = 0; i < 20; i++) {
            outbox.offer(shared);
        }
        assertThat(queued - shared.cost()).isBetween(400L, 600L);
        assertThat(written - shared.cost()).isBetween(6000L, 8000L);

        outbox.discardQueued();
        socket.finish();

        assertThat(memory.used()).isZero();
    }

    @Test
    void memoryIsGivenBackWhenTheSocketFails() {
        outbox.append(bytes("written"));
        outbox.offer(new SharedBytes(ByteBuffer.allocate(1000)));
        outbox.flush();
        outbox.append(bytes("waits"));

        outbox.close();

        assertThat(memory.used()).isZero();
    }

    /** What the socket has taken only in part counts as a whole. */
    @Test
    void bytesThatWaitForTheSocketAreTold() {
        outbox.append(bytes("1234"));
        outbox.flush();
        outbox.append(bytes("567"));
        outbox.offer(new SharedBytes(bytes("89")));
        assertThat(heard.waiting).hasValue(9);

        socket.finish();
        assertThat(heard.waiting).as("the second batch").hasValue(5);
        outbox.append(bytes("discarded"));
        outbox.discardQueued();
        assertThat(heard.waiting).hasValue(5);
        socket.finish();
        assertThat(heard.waiting).hasValue(0);

        outbox.append(bytes("1234"));
        outbox.flush();
        outbox.append(bytes("567"));
        outbox.close();
        outbox.close();
        assertThat(heard.waiting).hasValue(0);
    }

    private static class Heard implements Outbound.Listener {

        private int drained;
        private final List<Throwable> failures = new ArrayList<>();
        private final AtomicLong waiting = new AtomicLong();

        @Override
        public void writing() {}

        @Override
        public void drained() {
            drained++;
        }

        @Override
        public void failed(Throwable cause) {
            failures.add(cause);
        }

        @Override
        public void waiting(long bytes) {
            waiting.addAndGet(bytes);
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void nothingLeavesBeforeTheFlush() {
        outbox.append(bytes("a"));

        assertThat(socket.batches()).isEmpty();
        assertThat(outbox.pendingBytes()).isEqualTo(1);

        outbox.flush();

        assertThat(socket.batches()).containsExactly("a");
    }

    @Test
    void oneWriteIsUnderWayAtATimeAndAllThatWaitsLeavesInTheNext() {
        outbox.append(bytes("first"));
        outbox.flush();
        for (String next : List.of("a", "b")) {
            outbox.append(bytes(next));
            outbox.flush();
        }
        outbox.offer(new SharedBytes(bytes("shared")));
        outbox.flush();
        outbox.append(bytes("c1"), bytes("c2"));
        outbox.flush();

        assertThat(socket.batches()).containsExactly("first");

        socket.finish();

        assertThat(socket.batches()).containsExactly("first", "absharedc1c2");
    }

    @Test
    void drainedIsToldWhenNothingWaitsAnyMore() {
        outbox.append(bytes("a"));
        outbox.flush();
        outbox.append(bytes("b"));
        outbox.flush();

        socket.finish();
        assertThat(heard.drained).isZero();

        socket.finish();
        assertThat(heard.drained).isEqualTo(1);
        assertThat(outbox.pendingBytes()).isZero();
    }

    @Test
    void whatIsHandedToTheSocketStillCounts() {
        outbox.append(bytes("under way"));
        outbox.flush();
        outbox.append(bytes("waits"));

        assertThat(outbox.pendingBytes()).isEqualTo("under way".length() + "waits".length());

        outbox.flush();
        socket.finish();

        assertThat(outbox.pendingBytes()).isEqualTo("waits".length());
    }

    @Test
    void chunksAreGivenBackWhenTheirWriteIsDone() {
        outbox.append(bytes("a"));
        outbox.flush();
        outbox.append(bytes("b"));
        outbox.flush();
        assertThat(pool.kept()).isZero();

        socket.finish();
        assertThat(pool.kept()).isEqualTo(1);
        socket.finish();
        assertThat(pool.kept()).isEqualTo(2);
    }

    @Test
    void aGivenBackChunkServesTheNextWrite() {
        for (int i = 0; i < 5; i++) {
            outbox.append(bytes("message " + i));
            outbox.flush();
            socket.finish();
        }

        assertThat(pool.kept()).isEqualTo(1);
        assertThat(socket.batches()).containsExactly("message 0", "message 1", "message 2", "message 3", "message 4");
    }

    @Test
    void chunksOfADiscardedQueueAreGivenBack() {
        outbox.append(bytes("a"));
        outbox.discardQueued();

        assertThat(pool.kept()).isEqualTo(1);
    }

    /** The socket may still read a chunk whose write has not been completed. */
    @Test
    void aChunkThatIsBeingWrittenIsNotReusedAfterTheEnd() {
        outbox.append(bytes("written"));
        outbox.flush();
        outbox.append(bytes("waits"));

        outbox.close();

        assertThat(pool.kept()).isEqualTo(1);
    }

    @Test
    void smallMessagesShareABuffer() {
        for (int i = 0; i < 100; i++) {
            outbox.append(bytes("0123456789"));
        }
        outbox.flush();

        assertThat(socket.events()).hasSizeLessThan(3);
        assertThat(socket.batches()).containsExactly("0123456789".repeat(100));
    }

    @Test
    void offeredMessagesAreSentInOrderBetweenCopiedOnes() {
        outbox.append(bytes("a"));
        outbox.offer(new SharedBytes(bytes("B")));
        outbox.append(bytes("c"), bytes("d"));
        outbox.offer(new SharedBytes(bytes("E")));
        outbox.flush();

        assertThat(socket.events()).containsExactly("a", "B", "cd", "E");
    }

    @Test
    void writeThatCompletesAtOnceSendsAllWithoutRecursion() {
        RecordingWire fast = new RecordingWire();
        AtomicInteger left = new AtomicInteger(100_000);
        Outbox[] chain = new Outbox[1];
        chain[0] = new Outbox(
                fast, pool, memory, new OutboxProperties(DataSize.ofBytes(MAX_BYTES), MAX_MESSAGES), new Heard() {
                    @Override
                    public void drained() {
                        if (left.getAndDecrement() > 0) {
                            chain[0].append(bytes("x"));
                            chain[0].flush();
                        }
                    }
                });

        chain[0].append(bytes("x"));
        chain[0].flush();

        assertThat(fast.batches()).hasSize(100_001);
    }

    @Test
    void wireThatThrowsCountsAsFailed() {
        Outbox broken = outbox(new ThrowingWire(), MAX_BYTES, MAX_MESSAGES);
        broken.append(bytes("a"));
        broken.flush();

        assertThat(heard.failures).hasSize(1);
        assertThat(broken.append(bytes("b"))).isFalse();
    }

    @Test
    void messageLargerThanABufferLeavesWhole() {
        String large = "0123456789".repeat(10_000);
        outbox.append(bytes("<"), bytes(large), bytes(">"));
        outbox.flush();

        assertThat(socket.batches()).containsExactly("<" + large + ">");

        socket.finish();
    }

    @Test
    void offeredMessageIsNotCopiedAndItsPositionIsNotTouched() {
        ByteBuffer shared = bytes("--shared").position(2).asReadOnlyBuffer();
        outbox.offer(new SharedBytes(shared));
        outbox.flush();

        assertThat(socket.batches()).containsExactly("shared");
        assertThat(shared.position()).isEqualTo(2);
        assertThat(shared.remaining()).isEqualTo("shared".length());
    }

    @Test
    void fullByBytesOnlyOverTheLimit() {
        outbox.append(ByteBuffer.allocate(MAX_BYTES / 2));
        outbox.offer(new SharedBytes(ByteBuffer.allocate(MAX_BYTES / 2)));
        assertThat(outbox.isFull()).isFalse();

        outbox.append(bytes("x"));

        assertThat(outbox.isFull()).isTrue();
    }

    @Test
    void fullByMessagesOnlyOverTheLimitWhetherTheyWaitOrAreUnderWay() {
        outbox.append(bytes("x"));
        outbox.flush();
        for (int i = 1; i < MAX_MESSAGES; i++) {
            outbox.append(bytes("x"));
        }
        assertThat(outbox.isFull()).isFalse();

        outbox.append(bytes("x"));
        assertThat(outbox.isFull()).isTrue();

        socket.finish();
        assertThat(outbox.isFull()).isFalse();
    }

    @Test
    void sealedRefusesMoreAndSendsWhatItHas() {
        outbox.append(bytes("a"));
        outbox.appendLast(bytes("z"));

        assertThat(outbox.append(bytes("b"))).isFalse();
        assertThat(outbox.offer(new SharedBytes(bytes("c")))).isFalse();
        outbox.flush();
        assertThat(socket.batches()).containsExactly("az");
        assertThat(outbox.isFinished()).isFalse();
        socket.finish();
        assertThat(outbox.isFinished()).isTrue();
    }

    @Test
    void discardingForgetsWhatWaitsButNotWhatIsUnderWay() {
        outbox.append(bytes("under way"));
        outbox.flush();
        outbox.append(bytes("waits"));

        outbox.discardQueued();
        outbox.append(bytes("last"));
        outbox.flush();
        socket.finish();

        assertThat(socket.batches()).containsExactly("under way", "last");
        socket.finish();
    }

    @Test
    void failureReleasesAllAndRefusesMore() {
        outbox.append(bytes("under way"));
        outbox.flush();
        outbox.append(bytes("waits"));
        outbox.offer(new SharedBytes(bytes("waits, too")));

        socket.fail();

        assertThat(heard.failures).hasSize(1).first().isInstanceOf(IOException.class);
        assertThat(outbox.pendingBytes()).isZero();
        assertThat(outbox.isFull()).isFalse();
        assertThat(outbox.append(bytes("more"))).isFalse();
        outbox.flush();
        assertThat(socket.batches()).hasSize(1);
    }

    @Test
    void closingReleasesWhatWaitsAndRefusesMore() {
        outbox.append(bytes("waits"));

        outbox.close();

        assertThat(outbox.append(bytes("more"))).isFalse();
    }

    @Test
    void closingDuringAWriteReleasesAllWhenTheSocketGivesUp() {
        outbox.append(bytes("under way"));
        outbox.flush();
        outbox.append(bytes("waits"));

        outbox.close();
        outbox.append(bytes("late"));
        socket.fail();

        assertThat(outbox.append(bytes("more"))).isFalse();
    }

    @Test
    void manyThreadsKeepTheOrderOfEachAndLoseNothing() throws Exception {
        int threads = 8;
        int messages = 2_000;
        StringBuilder seen = new StringBuilder();
        AtomicInteger writing = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService socketThread = Executors.newSingleThreadExecutor()) {
            Outbox busy = outbox(
                    new WriteOnlyWire() {
                        @Override
                        public void write(ByteBuffer[] batch, Completion completion) {
                            most.accumulateAndGet(writing.incrementAndGet(), Math::max);
                            socketThread.execute(() -> {
                                for (ByteBuffer part : batch) {
                                    seen.append(StandardCharsets.UTF_8.decode(part));
                                }
                                writing.decrementAndGet();
                                completion.written();
                            });
                        }
                    },
                    10 << 20,
                    1_000_000);
            try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int thread = 0; thread < threads; thread++) {
                    String name = String.valueOf(thread);
                    senders.execute(() -> {
                        for (int i = 0; i < messages; i++) {
                            ByteBuffer message = bytes(name + ":" + i + " ");
                            if (i % 2 == 0) {
                                busy.append(message);
                            } else {
                                busy.offer(new SharedBytes(message));
                            }
                            busy.flush();
                        }
                    });
                }
            }
            await().until(() -> busy.pendingBytes() == 0);
        }

        int[] next = new int[threads];
        for (String message : seen.toString().split(" ", -1)) {
            if (!message.isEmpty()) {
                String[] parts = message.split(":", -1);
                assertThat(Integer.parseInt(parts[1])).isEqualTo(next[Integer.parseInt(parts[0])]++);
            }
        }
        assertThat(next).containsOnly(messages);
        assertThat(most).hasValue(1);
    }

    private static final class ThrowingWire extends WriteOnlyWire {

        @Override
        public void write(ByteBuffer[] batch, Completion completion) {
            throw new IllegalStateException("broken");
        }
    }
}
