// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import java.util.Objects;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the stream of an HTTP/2 request from being ended with its handling, if a connection of ours is to have it. It wraps the
 * stream before all others do, so that these see the request completed.
 */
public final class StreamHandover extends HttpStream.Wrapper {

    private static final String ATTRIBUTE = StreamHandover.class.getName();

    private final HTTP2Stream stream;
    private @Nullable Runnable taker;

    private StreamHandover(HttpStream wrapped, HTTP2Stream stream) {
        super(wrapped);
        this.stream = stream;
    }

    /** A customizer: it sees requests before all handlers, also those that Spring Boot puts around ours. */
    public static Request prepare(Request request, HttpFields.Mutable answer) {
        if (request.getConnectionMetaData().getConnection() instanceof HTTP2Connection http) {
            HTTP2Stream stream = http.getSession().getStream(Integer.parseInt(request.getId()));
            if (stream == null) {
                // The session has just ended. Nobody reads this.
                throw new HttpException.RuntimeException(HttpStatus.SERVICE_UNAVAILABLE_503, "The stream is closed");
            }
            request.addHttpStreamWrapper(wrapped -> {
                StreamHandover handover = new StreamHandover(wrapped, stream);
                request.setAttribute(ATTRIBUTE, handover);
                return handover;
            });
        }
        return request;
    }

    static StreamHandover of(Request request) {
        return (StreamHandover) Objects.requireNonNull(request.getAttribute(ATTRIBUTE), "The request was not prepared");
    }

    HTTP2Stream stream() {
        return stream;
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
