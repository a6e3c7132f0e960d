package io.holdfast.websocket;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has to send. Frames are copied into pooled chunks as they come and leave together: one gathering
 * write at a time, with all that was added before it began.
 *
 * <p>Any thread may add and flush; nothing blocks. Holds no buffer while nothing is queued.
 */
final class FrameWriter extends IteratingCallback {

    /** Is told about the queue's ebb and flow, on the thread that caused it. */
    interface Listener {

        /** All that was added has been handed to the socket. */
        void drained();

        /** The socket refused; nothing more will leave. */
        void failed(Throwable cause);
    }

    private static final int CHUNK = 16 * 1024;

    private final EndPoint endPoint;
    private final ByteBufferPool pool;
    private final Listener listener;

    private @Nullable List<RetainableByteBuffer> queued;
    private @Nullable List<RetainableByteBuffer> writing;
    private long pending;
    private boolean sealed;

    FrameWriter(EndPoint endPoint, ByteBufferPool pool, Listener listener) {
        this.endPoint = endPoint;
        this.pool = pool;
        this.listener = listener;
    }

    /**
     * Adds one frame, unmasked as a server's are, without sending it yet.
     *
     * @param first the frame's first byte: FIN, reserved bits and opcode
     * @param payload read to its end
     * @param seals whether nothing may follow it, as after a close frame
     * @return false if nothing can be sent any more; the frame is then dropped
     */
    synchronized boolean add(int first, ByteBuffer payload, boolean seals) {
        if (sealed) {
            return false;
        }
        sealed = seals;
        int length = payload.remaining();
        ByteBuffer chunk = chunkWith(10);
        BufferUtil.flipToFill(chunk);
        int before = chunk.position();
        chunk.put((byte) first);
        if (length < 126) {
            chunk.put((byte) length);
        } else if (length < 1 << 16) {
            chunk.put((byte) 126).putShort((short) length);
        } else {
            chunk.put((byte) 127).putLong(length);
        }
        pending += chunk.position() - before + length;
        BufferUtil.flipToFlush(chunk, 0);
        while (payload.hasRemaining()) {
            BufferUtil.append(chunkWith(1), payload);
        }
        return true;
    }

    /** The last queued chunk if it has {@code space} bytes left, else a new one. */
    private ByteBuffer chunkWith(int space) {
        if (queued == null) {
            queued = new ArrayList<>(2);
        } else {
            ByteBuffer last = queued.getLast().getByteBuffer();
            if (BufferUtil.space(last) >= space) {
                return last;
            }
        }
        RetainableByteBuffer chunk = pool.acquire(CHUNK, true);
        BufferUtil.clear(chunk.getByteBuffer());
        queued.add(chunk);
        return chunk.getByteBuffer();
    }

    /** Bytes added and not yet handed to the socket. */
    synchronized long pending() {
        return pending;
    }

    /** Sends what was added, now or as soon as the socket takes it. */
    void flush() {
        iterate();
    }

    @Override
    protected Action process() {
        ByteBuffer[] batch;
        synchronized (this) {
            if (queued == null) {
                return Action.IDLE;
            }
            writing = queued;
            queued = null;
            batch = new ByteBuffer[writing.size()];
            for (int i = 0; i < batch.length; i++) {
                batch[i] = writing.get(i).getByteBuffer();
            }
        }
        endPoint.write(this, batch);
        return Action.SCHEDULED;
    }

    @Override
    protected void onSuccess() {
        boolean drained;
        synchronized (this) {
            pending = queued == null ? 0 : queuedBytes(queued);
            release(writing);
            writing = null;
            drained = queued == null;
        }
        if (drained) {
            listener.drained();
        }
    }

    private static long queuedBytes(List<RetainableByteBuffer> chunks) {
        long bytes = 0;
        for (RetainableByteBuffer chunk : chunks) {
            bytes += chunk.remaining();
        }
        return bytes;
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        synchronized (this) {
            sealed = true;
            release(writing);
            release(queued);
            writing = null;
            queued = null;
            pending = 0;
        }
        listener.failed(cause);
    }

    private static void release(@Nullable List<RetainableByteBuffer> chunks) {
        if (chunks != null) {
            chunks.forEach(RetainableByteBuffer::release);
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
