// SPDX-License-Identifier: Apache-2.0
package io.holdfast.memory;

import java.util.concurrent.atomic.AtomicLong;

/** One part of the memory budget. Safe from any thread. */
public final class MemoryPart {

    private final String name;
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    MemoryPart(String name, long limit) {
        this.name = name;
        this.limit = limit;
    }

    /** Takes {@code bytes}, or nothing if they are not available. */
    public boolean reserve(long bytes) {
        if (used.addAndGet(bytes) <= limit) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    /** Takes {@code bytes}, even if they are not available. */
    public void add(long bytes) {
        used.addAndGet(bytes);
    }

    /** Whether more is used than allowed. */
    public boolean isOver() {
        return used.get() > limit;
    }

    /** Gives back what was taken. */
    public void release(long bytes) {
        used.addAndGet(-bytes);
    }

    /** The value of the metric tag {@code part}. */
    public String name() {
        return name;
    }

    /** The property that sets the limit. */
    public String property() {
        return "holdfast.memory." + name;
    }

    public long used() {
        return used.get();
    }

    public long limit() {
        return limit;
    }
}
