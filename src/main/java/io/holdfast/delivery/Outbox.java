// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import io.holdfast.delivery.ChunkPool.Chunk;
import io.holdfast.memory.MemoryPart;
import io.holdfast.memory.OutgoingBytes;
import io.holdfast.memory.SharedBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue that writes to a {@link Wire}, one batch at a time: all that was added when a write begins leaves
 * together. Holds no buffer while it is empty.
 *
 * <p>Copied messages share pooled chunks. A chunk whose write fails is left to the garbage collector, as the socket may
 * still use it.
 */
public final class Outbox implements Outbound, Wire.Completion {

    /**
     * Who runs the write loop.
     *
     * <pre>
     *         flush()              write() returned
     *  IDLE ───────────► WRITING ───────────────────► WAITING
     *   ▲                 │   ▲                          │
     *   │ nothing queued  │   │ written() came first     │ written()
     *   └─────────────────┘   └── WRITTEN ◄── WRITING    └──► WRITING
     *
     *  any ── failed(), close() ──► CLOSED
     * </pre>
     */
    private enum State {
        IDLE,
        /** A thread runs the loop and is in {@link Wire#write}. */
        WRITING,
        /** The write completed before the call returned; its caller goes on. */
        WRITTEN,
        /** The completion will run the loop. */
        WAITING,
        CLOSED
    }

    /** Bytes of a place in the queue, as a growing list has it. */
    private static final int QUEUED = 5;

    /** Bytes of a place in a batch, with the buffer that the socket reads from. */
    private static final int WRITTEN = 64;

    /** Places are counted in steps, so that short queues cost no count. */
    private static final int STEP = 16;

    private final Wire wire;
    private final ChunkPool pool;
    private final MemoryPart memory;
    private final OutboxProperties limits;
    private final Listener listener;

    // Guarded by this.
    private State state = State.IDLE;
    private @Nullable List<OutgoingBytes> queued;
    private @Nullable List<OutgoingBytes> writing;
    private @Nullable Chunk openChunk;
    private boolean sealed;
    private long queuedBytes;
    private long writingBytes;
    private int queuedMessages;
    private int writingMessages;

    Outbox(Wire wire, ChunkPool pool, MemoryPart memory, OutboxProperties limits, Listener listener) {
        this.wire = wire;
        this.pool = pool;
        this.memory = memory;
        this.limits = limits;
        this.listener = listener;
    }

    @Override
    public synchronized boolean append(ByteBuffer... parts) {
        if (!appendPart(parts)) {
            return false;
        }
        queuedMessages++;
        return true;
    }

    @Override
    public synchronized boolean appendPart(ByteBuffer... parts) {
        if (sealed) {
            return false;
        }
        for (ByteBuffer part : parts) {
            addBytes(part.remaining());
            while (part.hasRemaining()) {
                copyInto(chunkWithSpace(), part);
            }
        }
        return true;
    }

    private void addBytes(int bytes) {
        queuedBytes += bytes;
        if (state == State.WAITING) {
            listener.waiting(bytes);
        }
    }

    private static void copyInto(ByteBuffer space, ByteBuffer part) {
        int length = Math.min(space.remaining(), part.remaining());
        space.put(space.position(), part, part.position(), length);
        space.position(space.position() + length);
        part.position(part.position() + length);
    }

    private ByteBuffer chunkWithSpace() {
        Chunk open = openChunk;
        if (open != null && open.bytes().hasRemaining()) {
            return open.bytes();
        }
        Chunk added = pool.acquire(memory);
        endChunk();
        openChunk = added;
        enqueue(added);
        return added.bytes();
    }

    /** Nothing more is copied into the current chunk. */
    private void endChunk() {
        if (openChunk != null) {
            openChunk.bytes().flip();
            openChunk = null;
        }
    }

    private void enqueue(OutgoingBytes added) {
        if (queued == null) {
            queued = new ArrayList<>(2);
        }
        queued.add(added);
        if (queued.size() % STEP == 0) {
            memory.add(STEP * QUEUED);
        }
    }

    private static int counted(List<OutgoingBytes> places) {
        return places.size() / STEP * STEP;
    }

    @Override
    public synchronized boolean offer(SharedBytes message) {
        if (sealed) {
            return false;
        }
        queuedMessages++;
        addBytes(message.length());
        endChunk();
        message.hold(memory);
        enqueue(message);
        return true;
    }

    @Override
    public synchronized boolean appendLast(ByteBuffer... parts) {
        boolean added = appendPart(parts);
        sealed = true;
        return added;
    }

    @Override
    public void flush() {
        synchronized (this) {
            if (state != State.IDLE || queued == null) {
                return;
            }
            state = State.WRITING;
        }
        run();
    }

    /** The thread that set {@link State#WRITING} runs it. */
    private void run() {
        ByteBuffer[] batch = nextBatch();
        while (batch != null) {
            listener.writing();
            write(batch);
            synchronized (this) {
                if (state == State.WRITING) {
                    state = State.WAITING;
                    listener.waiting(pendingBytes());
                }
                if (state != State.WRITTEN) {
                    return;
                }
                state = State.WRITING;
            }
            afterWrite();
            batch = nextBatch();
        }
    }

    private void write(ByteBuffer... batch) {
        try {
            wire.write(batch, this);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private synchronized ByteBuffer @Nullable [] nextBatch() {
        if (state == State.CLOSED) {
            return null;
        }
        if (queued == null) {
            state = State.IDLE;
            return null;
        }
        endChunk();
        ByteBuffer[] batch = new ByteBuffer[queued.size()];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = queued.get(i).bytes();
        }
        if (counted(queued) > 0) {
            memory.add((long) counted(queued) * (WRITTEN - QUEUED));
        }
        writing = queued;
        writingBytes = queuedBytes;
        writingMessages = queuedMessages;
        queued = null;
        forgetQueued();
        return batch;
    }

    private void forgetQueued() {
        if (queued != null) {
            for (OutgoingBytes bytes : queued) {
                bytes.release(memory);
            }
            releasePlaces(queued, QUEUED);
        }
        queued = null;
        openChunk = null;
        queuedBytes = 0;
        queuedMessages = 0;
    }

    private void releasePlaces(List<OutgoingBytes> places, int each) {
        if (counted(places) > 0) {
            memory.release((long) counted(places) * each);
        }
    }

    private void afterWrite() {
        boolean drained;
        synchronized (this) {
            if (writing != null) {
                for (OutgoingBytes bytes : writing) {
                    bytes.release(memory);
                }
                releasePlaces(writing, WRITTEN);
            }
            forgetWriting();
            drained = queued == null && state != State.CLOSED;
        }
        if (drained) {
            listener.drained();
        }
    }

    private void forgetWriting() {
        writing = null;
        writingBytes = 0;
        writingMessages = 0;
    }

    @Override
    public void written() {
        synchronized (this) {
            if (state == State.WRITING) {
                state = State.WRITTEN;
                return;
            }
            if (state != State.WAITING) {
                return;
            }
            listener.waiting(-pendingBytes());
            state = State.WRITING;
        }
        afterWrite();
        run();
    }

    @Override
    public void failed(Throwable cause) {
        if (end()) {
            listener.failed(cause);
        }
    }

    @Override
    public void close() {
        end();
    }

    private synchronized boolean end() {
        boolean first = state != State.CLOSED;
        if (state == State.WAITING) {
            listener.waiting(-pendingBytes());
        }
        state = State.CLOSED;
        sealed = true;
        if (writing != null) {
            for (OutgoingBytes bytes : writing) {
                bytes.abandon(memory);
            }
            releasePlaces(writing, WRITTEN);
        }
        forgetWriting();
        forgetQueued();
        return first;
    }

    @Override
    public synchronized void discardQueued() {
        if (state == State.WAITING) {
            listener.waiting(-queuedBytes);
        }
        forgetQueued();
    }

    @Override
    public synchronized boolean isFinished() {
        return sealed && queued == null && writingBytes == 0 && writingMessages == 0;
    }

    @Override
    public synchronized boolean isFull() {
        return pendingBytes() > limits.bytes().toBytes() || pendingMessages() > limits.messages();
    }

    @Override
    public synchronized boolean hasRoom() {
        return pendingBytes() * 2 < limits.bytes().toBytes() && pendingMessages() * 2 < Math.max(limits.messages(), 2);
    }

    @Override
    public boolean isCaughtUp() {
        return pendingBytes() == 0;
    }

    @Override
    public synchronized long pendingBytes() {
        return queuedBytes + writingBytes;
    }

    private int pendingMessages() {
        return queuedMessages + writingMessages;
    }
}
