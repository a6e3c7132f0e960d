// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.memory.MemoryPart;
import io.holdfast.memory.ReceiveBuffer;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Reads the whole body of a request as it arrives. A body that is complete with its first read takes no buffer of its
 * own; another one is counted in the memory budget.
 *
 * <p>Reading is confined to the thread that reads. {@link #stop} and {@link #received} are safe from any thread.
 */
final class BodyReader implements Invocable.Task {

    /** Hears the outcome, once; after {@link #waits} has been called, if the body was not complete at once. */
    interface Result {

        /** The body is not complete with its first read. */
        void waits();

        void complete(byte[] body);

        /** The body has more bytes than allowed. */
        void tooLarge();

        /** The memory budget is full. */
        void noMemory();

        void failed(Throwable cause);
    }

    private final Request request;
    private final int most;
    private final ReceiveBuffer collected;
    private final Result result;
    private boolean waited;
    private volatile int received;
    private volatile boolean stopped;

    BodyReader(Request request, int most, MemoryPart memory, Result result) {
        this.request = request;
        this.most = most;
        this.collected = new ReceiveBuffer(memory, request.getLength() < 0 ? most : (int) request.getLength());
        this.result = result;
    }

    /** Bytes that have arrived. */
    int received() {
        return received;
    }

    /** Reads no more, and gives the memory of the body back. */
    void stop() {
        stopped = true;
        collected.release();
    }

    @Override
    public void run() {
        while (!stopped) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                if (!waited) {
                    waited = true;
                    result.waits();
                }
                if (!stopped) {
                    request.demand(this);
                }
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                result.failed(chunk.getFailure());
                return;
            }
            boolean last = chunk.isLast();
            ByteBuffer bytes = chunk.getByteBuffer();
            int before = received;
            received = before + bytes.remaining();
            if (received > most) {
                chunk.release();
                result.tooLarge();
                return;
            }
            byte @Nullable [] whole = before == 0 && last ? BufferUtil.toArray(bytes) : null;
            boolean added = whole != null || collected.add(bytes);
            chunk.release();
            if (!added) {
                result.noMemory();
                return;
            }
            if (last) {
                complete(whole == null ? collected.complete() : whole);
                return;
            }
        }
    }

    private void complete(byte @Nullable [] body) {
        if (body == null) {
            result.noMemory();
        } else {
            result.complete(body);
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
