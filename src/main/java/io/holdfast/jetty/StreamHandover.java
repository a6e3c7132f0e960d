package io.holdfast.jetty;

import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the stream of an HTTP/2 request from being ended with its handling, if a connection of ours is to have it. It wraps the
 * stream before all others do, so that these see the request completed.
 */
public final class StreamHandover extends HttpStream.Wrapper {

    private @Nullable Runnable taker;

    private StreamHandover(HttpStream stream) {
        super(stream);
    }

    /** Has to be called before anything else handles {@code request}. */
    public static void prepare(Request request) {
        if (ConnectionUpgrade.isMultiplexed(request)) {
            request.addHttpStreamWrapper(StreamHandover::new);
        }
    }

    /** @param stream the request's, with all its wrappers */
    static StreamHandover of(HttpStream stream) {
        HttpStream next = stream;
        while (next instanceof HttpStream.Wrapper wrapper) {
            if (wrapper instanceof StreamHandover handover) {
                return handover;
            }
            next = wrapper.getWrapped();
        }
        throw new IllegalStateException("The request was not prepared");
    }

    /** When the request has been handled, {@code takes} runs in the place of the stream's end. */
    void to(Runnable takes) {
        taker = takes;
    }

    @Override
    public void succeeded() {
        Runnable takes = taker;
        if (takes == null) {
            super.succeeded();
        } else {
            taker = null;
            takes.run();
        }
    }
}
