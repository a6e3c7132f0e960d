package io.holdfast.connection;

import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/**
 * A wait for bytes on a Jetty endpoint that marks what follows as non-blocking, which is what keeps Jetty from handing it
 * to another thread. One instance serves a connection all its life.
 */
public final class ReadInterest implements Callback {

    private final EndPoint endPoint;
    private final Runnable read;

    /** @param read takes the bytes, on the selector's thread: it must not block */
    public ReadInterest(EndPoint endPoint, Runnable read) {
        this.endPoint = endPoint;
        this.read = read;
    }

    /** Has {@code read} run once, when there are bytes or there is an end; does nothing if that is so already. */
    public void register() {
        endPoint.tryFillInterested(this);
    }

    @Override
    public void succeeded() {
        read.run();
    }

    @Override
    public void failed(Throwable cause) {
        endPoint.close(cause);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
