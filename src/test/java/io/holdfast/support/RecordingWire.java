// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.delivery.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A wire without a socket: records what it is told, and completes a write at once or when the test says so. */
public final class RecordingWire implements Wire {

    private final Queue<String> batches = new ConcurrentLinkedQueue<>();
    private final Queue<String> events = new ConcurrentLinkedQueue<>();
    private volatile boolean slow;
    private volatile @Nullable Completion current;

    /** Completes no write from now on, until {@link #finish}. */
    public RecordingWire slow() {
        slow = true;
        return this;
    }

    /** Each batch as one text. */
    public List<String> batches() {
        return List.copyOf(batches);
    }

    /** Each buffer of a batch as one text, and each call that is no write by its name. */
    public List<String> events() {
        return List.copyOf(events);
    }

    @Override
    public void write(ByteBuffer[] batch, Completion completion) {
        assertThat(current).as("a write under way").isNull();
        StringBuilder text = new StringBuilder();
        for (ByteBuffer part : batch) {
            String decoded = StandardCharsets.UTF_8.decode(part).toString();
            text.append(decoded);
            events.add(decoded);
        }
        batches.add(text.toString());
        if (slow) {
            current = completion;
        } else {
            completion.written();
        }
    }

    private Completion take() {
        Completion completion = current;
        assertThat(completion).as("a write under way").isNotNull();
        current = null;
        return completion;
    }

    /** The socket has taken the current write. */
    public void finish() {
        take().written();
    }

    /** The socket fails during the current write. */
    public void fail() {
        take().failed(new IOException("reset"));
    }

    @Override
    public long unwrittenBytes() {
        return 0;
    }

    @Override
    public void pauseReading() {
        events.add("pause");
    }

    @Override
    public void resumeReading() {
        events.add("resume");
    }

    @Override
    public void readOnce() {
        events.add("read");
    }

    @Override
    public void shutdownOutput() {
        events.add("shutdown");
    }

    @Override
    public void close() {
        events.add("close");
    }

    @Override
    public void reset() {
        events.add("reset");
    }
}
