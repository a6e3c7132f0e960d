// SPDX-License-Identifier: Apache-2.0
package io.holdfast.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects the bytes of one body or message, within the budget. Memory grows with what has arrived: an announced length
 * alone takes none. Safe from any thread; bytes are added by one at a time.
 */
public final class ReceiveBuffer {

    private static final byte[] NOTHING = {};

    private final MemoryPart part;
    private final int most;
    private byte[] bytes = NOTHING;
    private int length;
    private boolean released;

    /** @param most the most bytes that will be added: no more room than that is taken */
    public ReceiveBuffer(MemoryPart part, int most) {
        this.part = part;
        this.most = most;
    }

    /**
     * Adds all of {@code more}.
     *
     * @return false if the budget is full, or if this was released: then nothing is kept
     */
    public synchronized boolean add(ByteBuffer more) {
        int needed = length + more.remaining();
        if (released || (needed > bytes.length && !resize(capacityFor(needed)))) {
            release();
            return false;
        }
        more.get(bytes, length, more.remaining());
        length = needed;
        return true;
    }

    private int capacityFor(int needed) {
        return Math.max(needed, (int) Math.min(most, 2L * bytes.length));
    }

    /** While bytes are copied, both arrays exist. */
    private boolean resize(int capacity) {
        if (!part.reserve(capacity)) {
            return false;
        }
        int old = bytes.length;
        bytes = Arrays.copyOf(bytes, capacity);
        part.release(old);
        return true;
    }

    /** All bytes, which stay counted until {@link #release}; null if the budget is full or this was released. */
    public synchronized byte @Nullable [] complete() {
        if (released || (length < bytes.length && !resize(length))) {
            release();
            return null;
        }
        return bytes;
    }

    public synchronized int length() {
        return length;
    }

    /** Gives the memory back. May be called more than once. */
    public synchronized void release() {
        released = true;
        part.release(bytes.length);
        bytes = NOTHING;
        length = 0;
    }
}
