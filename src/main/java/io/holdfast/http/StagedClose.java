// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.time.Cancellable;
import io.holdfast.time.Timers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The end of one connection after its last answer (RFC 9112, section 9.6). A socket that is closed with unread input sends
 * a reset, and a client that is still sending then loses the answer. So the output is ended first. What arrives afterwards
 * is discarded, until the client ends its side or a limit is reached.
 *
 * <p>Safe from any thread.
 */
final class StagedClose implements Callback {

    /** What is discarded of one client. A fast one sends about as much in a second. */
    static final long MAX_DISCARDED = 256L * 1024 * 1024;

    private static final int BUFFER = 64 * 1024;

    /** Reads in a row, so that a fast client does not keep the event loop from others. */
    private static final int READS = 16;

    private final EndPoint endPoint;
    private final ByteBufferPool buffers;
    private final Runnable then;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable Cancellable deadline;

    // Guarded by this.
    private long discarded;

    /** @param then closes the connection; runs once */
    StagedClose(EndPoint endPoint, ByteBufferPool buffers, Runnable then) {
        this.endPoint = endPoint;
        this.buffers = buffers;
        this.then = then;
    }

    /** Ends the output, and begins to discard the input. */
    void start(Timers timers, Duration timeout) {
        deadline = timers.after(timeout, this::end);
        endPoint.shutdownOutput();
        succeeded();
    }

    boolean isOver() {
        return over.get();
    }

    /** Something arrived, or the client ended its side. */
    @Override
    public void succeeded() {
        if (isOver()) {
            return;
        }
        if (discard()) {
            // If another wait for input is pending, its end is passed on to here.
            endPoint.tryFillInterested(this);
        } else {
            end();
        }
    }

    /** Whether to go on. */
    private synchronized boolean discard() {
        RetainableByteBuffer buffer = buffers.acquire(BUFFER, true);
        try {
            ByteBuffer room = buffer.getByteBuffer();
            for (int i = 0; i < READS; i++) {
                BufferUtil.clear(room);
                int filled = endPoint.fill(room);
                if (filled < 0) {
                    return false;
                }
                if (filled == 0) {
                    break;
                }
                discarded += filled;
            }
            return discarded < MAX_DISCARDED;
        } catch (IOException e) {
            return false;
        } finally {
            buffer.release();
        }
    }

    @Override
    public void failed(Throwable cause) {
        end();
    }

    private void end() {
        if (over.compareAndSet(false, true)) {
            Cancellable pending = deadline;
            if (pending != null) {
                pending.cancel();
            }
            then.run();
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
