// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import io.holdfast.memory.MemoryPart;
import io.holdfast.memory.OutgoingBytes;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Direct buffers into which outboxes copy small messages. Some are kept for the next write: a new one would have to be
 * cleared by the JVM, which costs more than the message. Safe from any thread.
 */
final class ChunkPool {

    /** Bytes of a chunk. */
    static final int SIZE = 16 * 1024;

    private static final int MOST_KEPT = 1024;

    /** One buffer. It counts as its whole size while it is in use. */
    final class Chunk implements OutgoingBytes {

        private final ByteBuffer bytes = ByteBuffer.allocateDirect(SIZE);

        @Override
        public ByteBuffer bytes() {
            return bytes;
        }

        /** Back to the pool. */
        @Override
        public void release(MemoryPart part) {
            part.release(SIZE);
            keep(this);
        }

        /** Left to the garbage collector. */
        @Override
        public void abandon(MemoryPart part) {
            part.release(SIZE);
        }
    }

    private final ConcurrentLinkedQueue<Chunk> kept = new ConcurrentLinkedQueue<>();
    private final AtomicInteger keptCount = new AtomicInteger();

    /** An empty chunk, which counts in {@code part}. */
    Chunk acquire(MemoryPart part) {
        part.add(SIZE);
        Chunk chunk = kept.poll();
        if (chunk == null) {
            return new Chunk();
        }
        keptCount.decrementAndGet();
        return chunk;
    }

    private void keep(Chunk chunk) {
        chunk.bytes.clear();
        if (keptCount.incrementAndGet() <= MOST_KEPT) {
            kept.add(chunk);
        } else {
            keptCount.decrementAndGet();
        }
    }

    /** Chunks that are kept now. */
    int kept() {
        return keptCount.get();
    }
}
