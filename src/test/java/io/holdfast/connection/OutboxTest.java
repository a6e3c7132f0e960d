package io.holdfast.connection;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class OutboxTest {

    private static final int MAX_BYTES = 4096;
    private static final int MAX_MESSAGES = 10;

    private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();
    private final Socket socket = new Socket();
    private final Ebb ebb = new Ebb();
    private final Outbox outbox =
            new Outbox(socket, pool, new OutboxProperties(DataSize.ofBytes(MAX_BYTES), MAX_MESSAGES), ebb);

    /** Takes a batch, and is done with it when the test says so. */
    private static final class Socket implements Outbox.Writer {

        private final List<String> batches = new ArrayList<>();
        private @Nullable Callback underWay;

        @Override
        public void write(Callback done, ByteBuffer... batch) {
            assertThat(underWay).as("a write under way").isNull();
            underWay = done;
            StringBuilder text = new StringBuilder();
            for (ByteBuffer part : batch) {
                text.append(StandardCharsets.UTF_8.decode(part));
            }
            batches.add(text.toString());
        }

        private Callback take() {
            Callback done = underWay;
            assertThat(done).as("a write under way").isNotNull();
            underWay = null;
            return done;
        }

        void finish() {
            take().succeeded();
        }

        void fail() {
            take().failed(new IOException("reset"));
        }
    }

    private static final class Ebb implements Outbox.Listener {

        private int drained;
        private final List<Throwable> failures = new ArrayList<>();

        @Override
        public void drained() {
            drained++;
        }

        @Override
        public void failed(Throwable cause) {
            failures.add(cause);
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void nothingLeavesBeforeTheFlush() {
        outbox.append(bytes("a"));

        assertThat(socket.batches).isEmpty();
        assertThat(outbox.pending()).isEqualTo(1);

        outbox.flush();

        assertThat(socket.batches).containsExactly("a");
    }

    @Test
    void oneWriteIsUnderWayAtATimeAndAllThatWaitsLeavesInTheNext() {
        outbox.append(bytes("first"));
        outbox.flush();
        for (String next : List.of("a", "b")) {
            outbox.append(bytes(next));
            outbox.flush();
        }
        outbox.offer(bytes("shared"));
        outbox.flush();
        outbox.append(bytes("c1"), bytes("c2"));
        outbox.flush();

        assertThat(socket.batches).containsExactly("first");

        socket.finish();

        assertThat(socket.batches).containsExactly("first", "absharedc1c2");
    }

    @Test
    void drainedIsToldWhenNothingWaitsAnyMore() {
        outbox.append(bytes("a"));
        outbox.flush();
        outbox.append(bytes("b"));
        outbox.flush();

        socket.finish();
        assertThat(ebb.drained).isZero();

        socket.finish();
        assertThat(ebb.drained).isEqualTo(1);
        assertThat(outbox.pending()).isZero();
    }

    @Test
    void whatIsHandedToTheSocketStillCounts() {
        outbox.append(bytes("under way"));
        outbox.flush();
        outbox.append(bytes("waits"));

        assertThat(outbox.pending()).isEqualTo("under way".length() + "waits".length());

        outbox.flush();
        socket.finish();

        assertThat(outbox.pending()).isEqualTo("waits".length());
    }

    @Test
    void noBufferIsHeldWhileEmpty() {
        assertThat(held()).isZero();

        outbox.append(bytes("a"));
        outbox.flush();
        assertThat(held()).isEqualTo(1);
        outbox.append(bytes("b"));
        assertThat(held()).isEqualTo(2);
        outbox.flush();
        socket.finish();
        socket.finish();

        assertThat(held()).isZero();
    }

    private int held() {
        return pool.getLeaks().size();
    }

    @Test
    void smallMessagesShareABuffer() {
        for (int i = 0; i < 100; i++) {
            outbox.append(bytes("0123456789"));
        }

        assertThat(held()).isEqualTo(1);
    }

    @Test
    void messageLargerThanABufferLeavesWhole() {
        String large = "0123456789".repeat(10_000);
        outbox.append(bytes("<"), bytes(large), bytes(">"));
        outbox.flush();

        assertThat(socket.batches).containsExactly("<" + large + ">");

        socket.finish();
        assertThat(held()).isZero();
    }

    @Test
    void offeredMessageIsNotCopiedAndItsPositionIsNotTouched() {
        ByteBuffer shared = bytes("--shared").position(2).asReadOnlyBuffer();
        outbox.offer(shared);
        assertThat(held()).isZero();
        outbox.flush();

        assertThat(socket.batches).containsExactly("shared");
        assertThat(shared.position()).isEqualTo(2);
        assertThat(shared.remaining()).isEqualTo("shared".length());
    }

    @Test
    void fullByBytesOnlyOverTheLimit() {
        outbox.append(ByteBuffer.allocate(MAX_BYTES / 2));
        outbox.offer(ByteBuffer.allocate(MAX_BYTES / 2));
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
        assertThat(outbox.offer(bytes("c"))).isFalse();
        outbox.flush();
        assertThat(socket.batches).containsExactly("az");
        assertThat(outbox.isSpent()).isFalse();
        socket.finish();
        assertThat(outbox.isSpent()).isTrue();
        assertThat(held()).isZero();
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

        assertThat(socket.batches).containsExactly("under way", "last");
        socket.finish();
        assertThat(held()).isZero();
    }

    @Test
    void failureReleasesAllAndRefusesMore() {
        outbox.append(bytes("under way"));
        outbox.flush();
        outbox.append(bytes("waits"));
        outbox.offer(bytes("waits, too"));

        socket.fail();

        assertThat(ebb.failures).hasSize(1).first().isInstanceOf(IOException.class);
        assertThat(outbox.pending()).isZero();
        assertThat(outbox.isFull()).isFalse();
        assertThat(held()).isZero();
        assertThat(outbox.append(bytes("more"))).isFalse();
        assertThat(held()).isZero();
        outbox.flush();
        assertThat(socket.batches).hasSize(1);
    }

    @Test
    void closingReleasesWhatWaitsAndRefusesMore() {
        outbox.append(bytes("waits"));

        outbox.close();

        assertThat(held()).isZero();
        assertThat(outbox.append(bytes("more"))).isFalse();
        assertThat(held()).isZero();
    }

    @Test
    void closingDuringAWriteReleasesAllWhenTheSocketGivesUp() {
        outbox.append(bytes("under way"));
        outbox.flush();
        outbox.append(bytes("waits"));

        outbox.close();
        outbox.append(bytes("late"));
        socket.fail();

        assertThat(held()).isZero();
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
            Outbox busy = new Outbox(
                    (done, batch) -> {
                        most.accumulateAndGet(writing.incrementAndGet(), Math::max);
                        socketThread.execute(() -> {
                            for (ByteBuffer part : batch) {
                                seen.append(StandardCharsets.UTF_8.decode(part));
                            }
                            writing.decrementAndGet();
                            done.succeeded();
                        });
                    },
                    pool,
                    new OutboxProperties(DataSize.ofMegabytes(10), 1_000_000),
                    ebb);
            try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int thread = 0; thread < threads; thread++) {
                    String name = String.valueOf(thread);
                    senders.execute(() -> {
                        for (int i = 0; i < messages; i++) {
                            ByteBuffer message = bytes(name + ":" + i + " ");
                            if (i % 2 == 0) {
                                busy.append(message);
                            } else {
                                busy.offer(message);
                            }
                            busy.flush();
                        }
                    });
                }
            }
            await().until(() -> busy.pending() == 0);
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
        assertThat(held()).isZero();
    }
}
