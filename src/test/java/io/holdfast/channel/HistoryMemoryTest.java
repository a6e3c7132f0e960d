// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.holdfast.memory.MemoryBudget;
import io.holdfast.memory.MemoryProperties;
import io.holdfast.support.ClassHistogram;
import io.holdfast.support.Program;
import io.holdfast.time.Timers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

/**
 * The figure of the memory budget is the memory that histories cost, by the JVM's own count. That is of a JVM of its own:
 * in this one, what other tests left is collected meanwhile.
 */
class HistoryMemoryTest {

    /** Bytes between two collections. */
    private static final long SETTLED = 100_000;

    private static final int MOST = 200_000;

    @ParameterizedTest
    @CsvSource({
        "200000, 1, 0, 0",
        "100000, 1, 110, 0",
        "50000, 1, 110, 300",
        "50000, 1000, 0, 0",
        "20000, 1000, 30, 1200"
    })
    void usedMemoryIsThatOfTheHeapWithinAFifth(String messages, String data, String names, String encoded)
            throws Exception {
        long used;
        long heap;
        try (Program measure = Program.startJava(HistoryMemoryTest.class, messages, data, names, encoded)) {
            used = Long.parseLong(measure.output().readLine());
            heap = Long.parseLong(measure.output().readLine());
        }

        assertThat(used).isCloseTo(heap, withinPercentage(20));
    }

    /**
     * Fills a history, and prints the bytes that the budget counts for it, and those that the heap has more.
     *
     * @param arguments number of messages, and characters of the data, the names and the encoded form of each
     */
    static void main(String[] arguments) throws Exception {
        int messages = Integer.parseInt(arguments[0]);
        int data = Integer.parseInt(arguments[1]);
        int names = Integer.parseInt(arguments[2]);
        int encoded = Integer.parseInt(arguments[3]);
        Timers timers = new Timers(System::nanoTime);
        FanOutExecutor threads = new FanOutExecutor();
        MemoryBudget memory = new MemoryBudget(new MemoryProperties(null, null, DataSize.ofGigabytes(1)));
        LocalBroker broker = new LocalBroker(
                new HistoryProperties(MOST, Duration.ofHours(1), DataSize.ofGigabytes(1), 10),
                Instant::now,
                timers,
                threads,
                memory);
        // Classes are loaded by the first message.
        append(broker, "warm-up", data, names, encoded, 1);
        long heapBefore = settledHeap();
        long usedBefore = memory.history().used();

        append(broker, "measured", data, names, encoded, messages);

        System.out.println(memory.history().used() - usedBefore);
        System.out.println(settledHeap() - heapBefore);
        broker.destroy();
        threads.destroy();
        timers.destroy();
    }

    private static long settledHeap() throws Exception {
        long last = Long.MAX_VALUE;
        long now = ClassHistogram.ofThisProcess().bytes();
        while (Math.abs(last - now) > SETTLED) {
            last = now;
            now = ClassHistogram.ofThisProcess().bytes();
        }
        return now;
    }

    private static void append(LocalBroker broker, String channel, int data, int names, int encoded, int messages) {
        Encoding form = message -> ByteBuffer.wrap(new byte[encoded]);
        for (int i = 0; i < messages; i++) {
            String name = names == 0 ? null : ("%0" + names + "d").formatted(i);
            String event = names == 0 ? null : "e" + name;
            TraceContext trace =
                    names == 0 ? null : new TraceContext("00-%032x-%016x-01".formatted(i + 1, i + 1), "vendor=" + name);
            broker.append(channel, new Draft(event, name, JsonValue.ofText("x".repeat(data)), Instant.now(), trace));
        }
        if (encoded > 0) {
            HistoryPage page = broker.read(channel, From.EARLIEST, messages)
                    .toCompletableFuture()
                    .join();
            ((HistoryPage.Messages) page).messages().forEach(message -> message.shared(form));
        }
    }
}
