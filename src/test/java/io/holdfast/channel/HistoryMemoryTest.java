package io.holdfast.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.holdfast.memory.MemoryBudget;
import io.holdfast.memory.MemoryProperties;
import io.holdfast.support.ClassHistogram;
import io.holdfast.time.Timers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

/**
 * The figure of the memory budget is the memory that histories cost, by the JVM's own count. Each is tens of megabytes, as
 * other tests of the same JVM may leave some that are collected meanwhile.
 */
class HistoryMemoryTest {

    /** Bytes between two collections. */
    private static final long SETTLED = 100_000;

    private static final int MOST = 200_000;

    private final Timers timers = new Timers(System::nanoTime);
    private final FanOutExecutor threads = new FanOutExecutor();
    private final MemoryBudget memory = new MemoryBudget(new MemoryProperties(null, null, DataSize.ofGigabytes(1)));
    private final LocalBroker broker = new LocalBroker(
            new HistoryProperties(MOST, Duration.ofHours(1), DataSize.ofGigabytes(1), 10),
            Instant::now,
            timers,
            threads,
            memory);

    @AfterEach
    void end() {
        broker.destroy();
        threads.destroy();
        timers.destroy();
    }

    @ParameterizedTest
    @CsvSource({
        "200000, 1, 0, 0",
        "100000, 1, 110, 0",
        "50000, 1, 110, 300",
        "50000, 1000, 0, 0",
        "20000, 1000, 30, 1200"
    })
    void usedMemoryIsThatOfTheHeapWithinAFifth(int messages, int data, int names, int encoded) throws Exception {
        // Classes are loaded by the first message.
        append("warm-up", data, names, encoded, 1);
        long heapBefore = settledHeap();
        long usedBefore = memory.history().used();

        append("measured", data, names, encoded, messages);

        long heap = settledHeap() - heapBefore;
        assertThat(memory.history().used() - usedBefore).isCloseTo(heap, withinPercentage(20));
    }

    /** What earlier tests left is freed in more than one collection: by references, and by threads that end. */
    private static long settledHeap() throws Exception {
        long last = Long.MAX_VALUE;
        long now = ClassHistogram.ofThisProcess().bytes();
        while (Math.abs(last - now) > SETTLED) {
            last = now;
            now = ClassHistogram.ofThisProcess().bytes();
        }
        return now;
    }

    private void append(String channel, int data, int names, int encoded, int messages) {
        Encoding form = message -> ByteBuffer.wrap(new byte[encoded]);
        for (int i = 0; i < messages; i++) {
            String name = names == 0 ? null : ("%0" + names + "d").formatted(i);
            String event = names == 0 ? null : "e" + name;
            broker.append(channel, new Draft(event, name, JsonValue.ofText("x".repeat(data)), Instant.now()));
        }
        if (encoded > 0) {
            HistoryPage page = broker.read(channel, From.EARLIEST, messages)
                    .toCompletableFuture()
                    .join();
            ((HistoryPage.Messages) page).messages().forEach(message -> message.shared(form));
        }
    }
}
