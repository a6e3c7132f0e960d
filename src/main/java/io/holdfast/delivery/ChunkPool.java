package io.holdfast.delivery;

import io.holdfast.memory.MemoryPart;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers into which outboxes copy small messages. Some are kept for the next write: a new one would have to be
 * cleared by the JVM, which costs more than the message. Safe from any thread.
 */
final class ChunkPool {

    /** Bytes of a chunk. */
    static final int SIZE = 16 * 1024;

    private static final int MOST_KEPT = 1024;

    /** A buffer, and the one that follows it in the same outbox. */
    static final class Chunk {

        final ByteBuffer bytes = ByteBuffer.allocateDirect(SIZE);

        @Nullable
        Chunk next;
    }

    private final MemoryPart memory;
    private final ConcurrentLinkedQueue<Chunk> kept = new ConcurrentLinkedQueue<>();
    private final AtomicInteger keptCount = new AtomicInteger();

    /** @param memory counts the chunks that are in use */
    ChunkPool(MemoryPart memory) {
        this.memory = memory;
    }

    /** An empty chunk. */
    Chunk acquire() {
        memory.add(SIZE);
        Chunk chunk = kept.poll();
        if (chunk == null) {
            return new Chunk();
        }
        keptCount.decrementAndGet();
        return chunk;
    }

    /** Takes back {@code first} and all that follow it. No one may use them any more. */
    void release(@Nullable Chunk first) {
        Chunk chunk = first;
        while (chunk != null) {
            Chunk next = chunk.next;
            chunk.next = null;
            chunk.bytes.clear();
            memory.release(SIZE);
            if (keptCount.incrementAndGet() <= MOST_KEPT) {
                kept.add(chunk);
            } else {
                keptCount.decrementAndGet();
            }
            chunk = next;
        }
    }

    /** As {@link #release}, for chunks that the socket may still use: they are left to the garbage collector. */
    void abandon(@Nullable Chunk first) {
        for (Chunk chunk = first; chunk != null; chunk = chunk.next) {
            memory.release(SIZE);
        }
    }

    /** Chunks that are kept now. */
    int kept() {
        return keptCount.get();
    }
}
