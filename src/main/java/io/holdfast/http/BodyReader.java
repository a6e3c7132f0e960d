package io.holdfast.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body whole, as it arrives. Memory grows with what has arrived: an announced length alone takes none.
 * Confined to the thread that reads.
 */
final class BodyReader implements Invocable.Task {

    private static final byte[] EMPTY = {};

    /** Hears what became of it, once. */
    interface Result {

        void complete(byte[] body);

        /** The body has more bytes than allowed. */
        void tooLarge();

        void failed(Throwable cause);
    }

    private final Request request;
    private final int most;
    private final Result result;
    private @Nullable ByteArrayOutputStream collected;

    BodyReader(Request request, int most, Result result) {
        this.request = request;
        this.most = most;
        this.result = result;
    }

    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                result.failed(chunk.getFailure());
                return;
            }
            int length = chunk.remaining() + (collected == null ? 0 : collected.size());
            if (length > most) {
                chunk.release();
                result.tooLarge();
                return;
            }
            byte[] bytes = take(chunk.getByteBuffer());
            boolean last = chunk.isLast();
            chunk.release();
            if (last) {
                result.complete(whole(bytes));
                return;
            }
            if (bytes.length > 0) {
                collect(bytes);
            }
        }
    }

    private static byte[] take(ByteBuffer buffer) {
        return buffer.hasRemaining() ? BufferUtil.toArray(buffer) : EMPTY;
    }

    private byte[] whole(byte[] last) {
        if (collected == null) {
            return last;
        }
        collected.writeBytes(last);
        return collected.toByteArray();
    }

    private void collect(byte[] bytes) {
        if (collected == null) {
            collected = new ByteArrayOutputStream(2 * bytes.length);
        }
        collected.writeBytes(bytes);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
