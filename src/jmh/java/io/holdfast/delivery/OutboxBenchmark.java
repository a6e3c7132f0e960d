// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import io.holdfast.memory.MemoryBudget;
import io.holdfast.memory.MemoryPart;
import io.holdfast.memory.MemoryProperties;
import io.holdfast.memory.SharedBytes;
import io.holdfast.settings.Defaults;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Messages of 200 bytes through an outbox, to a socket that takes all bytes at once. */
@State(Scope.Thread)
public class OutboxBenchmark {

    private static final int MESSAGE = 200;
    private static final int TOGETHER = 16;

    private final MemoryPart memory = new MemoryBudget(Defaults.of(MemoryProperties.class)).sending();
    private final Outbox outbox =
            new Outbox(new TakingWire(), new ChunkPool(), memory, Defaults.of(OutboxProperties.class), new Quiet());
    private final ByteBuffer message = ByteBuffer.allocate(MESSAGE);
    private final SharedBytes shared = new SharedBytes(ByteBuffer.allocate(MESSAGE));

    /** One message that is copied, in a write of its own. */
    @Benchmark
    public void append() {
        outbox.append(message.rewind());
        outbox.flush();
    }

    /** One of 16 copied messages that leave in one write. */
    @Benchmark
    @OperationsPerInvocation(TOGETHER)
    public void appendSixteen() {
        for (int i = 0; i < TOGETHER; i++) {
            outbox.append(message.rewind());
        }
        outbox.flush();
    }

    /** One message that connections share, in a write of its own. */
    @Benchmark
    public void offer() {
        outbox.offer(shared);
        outbox.flush();
    }

    private static final class Quiet implements Outbound.Listener {

        @Override
        public void writing() {}

        @Override
        public void drained() {}

        @Override
        public void failed(Throwable cause) {
            throw new IllegalStateException(cause);
        }

        @Override
        public void waiting(long bytes) {}
    }
}
