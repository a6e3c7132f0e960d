// SPDX-License-Identifier: Apache-2.0
package io.holdfast.memory;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Read-only bytes that several connections have to send. They are counted once, while at least one of them holds them.
 * Safe from any thread.
 */
public final class SharedBytes implements OutgoingBytes {

    /** Bytes of the objects around the bytes. */
    private static final int OBJECTS = 112;

    private final ByteBuffer bytes;
    private final AtomicInteger holders = new AtomicInteger();

    /** @param bytes not changed any more, from position to limit */
    public SharedBytes(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    public int length() {
        return bytes.remaining();
    }

    /** Their memory in bytes, with the objects. */
    public int cost() {
        return OBJECTS + length();
    }

    /** One more holds them. */
    public void hold(MemoryPart part) {
        if (holders.getAndIncrement() == 0) {
            part.add(cost());
        }
    }

    /** One of them does not hold them any more. */
    @Override
    public void release(MemoryPart part) {
        if (holders.decrementAndGet() == 0) {
            part.release(cost());
        }
    }

    @Override
    public void abandon(MemoryPart part) {
        release(part);
    }
}
