package io.holdfast.connection;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * What one connection has to send. Whatever was added leaves together: one gathering write at a time, with all that was
 * there when it began.
 *
 * <p>Any thread may add and flush; nothing blocks and nothing is dropped in silence. Holds no buffer while it is empty.
 */
public class Outbox extends IteratingCallback {

    /** The transport's way out, as {@code EndPoint::write}. */
    @FunctionalInterface
    public interface Writer {

        /** Writes all of {@code batch}, in order, and tells {@code done}; called again only after that. */
        void write(Callback done, ByteBuffer... batch);
    }

    /** Is told about the queue's ebb, on the thread that caused it. */
    public interface Listener {

        /** All that was added has been handed to the socket. */
        void drained();

        /** The socket refused; nothing more will leave. */
        void failed(Throwable cause);
    }

    private static final int CHUNK = 16 * 1024;

    private final Writer writer;
    private final ByteBufferPool pool;
    private final OutboxProperties limits;
    private final Listener listener;

    private @Nullable List<Segment> queued;
    private @Nullable List<Segment> writing;
    private long queuedBytes;
    private int queuedMessages;
    private long writingBytes;
    private int writingMessages;
    private boolean sealed;

    /** A run of bytes: our own pooled chunk, or a message shared with other connections. */
    private record Segment(ByteBuffer bytes, @Nullable RetainableByteBuffer chunk) {

        void release() {
            if (chunk != null) {
                chunk.release();
            }
        }
    }

    public Outbox(Writer writer, ByteBufferPool pool, OutboxProperties limits, Listener listener) {
        this.writer = writer;
        this.pool = pool;
        this.limits = limits;
        this.listener = listener;
    }

    /** The connection stands: called once, before anything is added. */
    public void start() {}

    /**
     * Adds one message, copied, without sending it yet. Small ones share a chunk.
     *
     * @param parts of the message, each read to its end
     * @return false if nothing can be added any more
     */
    public synchronized boolean append(ByteBuffer... parts) {
        if (sealed) {
            return false;
        }
        queuedMessages++;
        for (ByteBuffer part : parts) {
            queuedBytes += part.remaining();
            while (part.hasRemaining()) {
                BufferUtil.append(chunkWithSpace(), part);
            }
        }
        return true;
    }

    /** As {@link #append}, for what no message ends with: a part of one, a ping, a sign of life. */
    public boolean appendPart(ByteBuffer... parts) {
        return append(parts);
    }

    /**
     * Adds one message by reference, without sending it yet.
     *
     * @param message unchanged until it has left; its position is not touched
     * @return false if nothing can be added any more
     */
    public synchronized boolean offer(ByteBuffer message) {
        if (sealed) {
            return false;
        }
        queuedMessages++;
        queuedBytes += message.remaining();
        queue().add(new Segment(message.duplicate(), null));
        return true;
    }

    private List<Segment> queue() {
        if (queued == null) {
            queued = new ArrayList<>(2);
        }
        return queued;
    }

    private ByteBuffer chunkWithSpace() {
        List<Segment> segments = queue();
        if (!segments.isEmpty()) {
            Segment last = segments.getLast();
            if (last.chunk() != null && BufferUtil.space(last.bytes()) > 0) {
                return last.bytes();
            }
        }
        RetainableByteBuffer chunk = pool.acquire(CHUNK, true);
        BufferUtil.clear(chunk.getByteBuffer());
        segments.add(new Segment(chunk.getByteBuffer(), chunk));
        return chunk.getByteBuffer();
    }

    /** Adds one message, copied, as the last one; what is queued still leaves. */
    public synchronized boolean appendLast(ByteBuffer... parts) {
        boolean added = append(parts);
        seal();
        return added;
    }

    /** What is queued still leaves, and nothing else. */
    protected final synchronized void seal() {
        sealed = true;
    }

    /** Whether it was sealed and all of it has left. */
    public synchronized boolean isSpent() {
        return sealed && queued == null && writing == null;
    }

    /** Forgets what has not begun to leave, for a peer that will not read it. */
    public synchronized void discardQueued() {
        release(queued);
        queued = null;
        queuedBytes = 0;
        queuedMessages = 0;
    }

    /** Whether more waits than its owner should let wait: the peer is a slow consumer. */
    public synchronized boolean isFull() {
        return pending() > limits.bytes().toBytes() || queuedMessages + writingMessages > limits.messages();
    }

    /** Whether all that was added has been handed on, so that a source may go on. */
    public boolean isCaughtUp() {
        return pending() == 0;
    }

    /** How long what was added may be held back before it leaves. */
    public Duration lag() {
        return Duration.ZERO;
    }

    /** Whether less than half of what may wait does wait. */
    public synchronized boolean hasRoom() {
        return pending() * 2 < limits.bytes().toBytes()
                && (queuedMessages + writingMessages) * 2 < Math.max(limits.messages(), 2);
    }

    /** Bytes added and not yet handed to the socket. */
    public synchronized long pending() {
        return queuedBytes + writingBytes;
    }

    /** Bytes of the write under way that the socket did not take yet; 0 while there is none. */
    public synchronized long stuckBytes() {
        long bytes = 0;
        if (writing != null) {
            for (Segment segment : writing) {
                bytes += segment.bytes().remaining();
            }
        }
        return bytes;
    }

    /** Sends what was added, now or as soon as the socket takes it. */
    public void flush() {
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
            writingBytes = queuedBytes;
            writingMessages = queuedMessages;
            queued = null;
            queuedBytes = 0;
            queuedMessages = 0;
            batch = new ByteBuffer[writing.size()];
            for (int i = 0; i < batch.length; i++) {
                batch[i] = writing.get(i).bytes();
            }
        }
        writer.write(this, batch);
        return Action.SCHEDULED;
    }

    @Override
    protected void onSuccess() {
        boolean drained;
        synchronized (this) {
            release(writing);
            writing = null;
            writingBytes = 0;
            writingMessages = 0;
            drained = queued == null;
        }
        if (drained) {
            listener.drained();
        }
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        synchronized (this) {
            sealed = true;
            release(writing);
            writing = null;
            writingBytes = 0;
            discardQueued();
        }
        listener.failed(cause);
    }

    private static void release(@Nullable List<Segment> segments) {
        if (segments != null) {
            segments.forEach(Segment::release);
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
