// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.BadParameterException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/** One request that a {@link MessageEndpoint} handles, and its answer. Nothing blocks. Answered once. */
final class Exchange implements Callback {

    /** Bytes of an answer that sockets hold. */
    private static final int UNCOUNTED = 16 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final ProblemAnswers problems;
    private final Uploads uploads;
    private final @Nullable EndpointRoute route;
    private volatile @Nullable Upload upload;
    private volatile int reserved;

    Exchange(
            Request request,
            Response response,
            Callback callback,
            ProblemAnswers problems,
            Uploads uploads,
            @Nullable EndpointRoute route) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.problems = problems;
        this.uploads = uploads;
        this.route = route;
    }

    Request request() {
        return request;
    }

    Response response() {
        return response;
    }

    /** Has the endpoint of {@code own} answer. */
    void run(EndpointRoute own, String variable) {
        attempt(() -> own.endpoint().handle(this, variable));
    }

    /** A step of an answer. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    /** Takes a step; an exception is answered as problem JSON. */
    void attempt(Step step) {
        try {
            step.run();
        } catch (Exception e) {
            fail(e);
        }
    }

    @Nullable
    String header(String name) {
        return request.getHeaders().get(name);
    }

    /**
     * Reads the body whole and hands it to {@code then}, on the thread that read its end. It is valid until the answer has
     * been sent.
     *
     * @param most bytes that it may have
     * @param tooLarge the answer to a longer one, which is not read to its end
     */
    void body(int most, Supplier<? extends RuntimeException> tooLarge, Consumer<byte[]> then) {
        if (request.getLength() > most) {
            fail(tooLarge.get());
            return;
        }
        Upload reading = new Upload(uploads, this, most, tooLarge, then);
        upload = reading;
        reading.read();
    }

    /**
     * Counts an answer of {@code bytes} in the memory budget until it has been sent, as the client may not read it. A short one
     * does not count.
     *
     * @throws ErrorResponseException if the budget is full
     */
    void reserve(int bytes) {
        if (bytes > UNCOUNTED) {
            if (!uploads.memory().reserve(bytes)) {
                throw uploads.noMemory();
            }
            reserved = bytes;
        }
    }

    void answer(int status, HttpField... headers) {
        answer(status, NOTHING, headers);
    }

    void answer(int status, String contentType, String body) {
        answer(
                status,
                ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
                new HttpField(HttpHeader.CONTENT_TYPE, contentType));
    }

    void answer(int status, ByteBuffer body, HttpField... headers) {
        HttpFields.Mutable fields = response.getHeaders();
        for (HttpField header : headers) {
            fields.put(header);
        }
        if (status != HttpStatus.NO_CONTENT_204) {
            fields.put(HttpHeader.CONTENT_LENGTH, body.remaining());
        }
        response.setStatus(status);
        response.write(true, body, this);
    }

    /** Answers with the problem that {@code cause} stands for. */
    void fail(Exception cause) {
        problems.write(this, cause);
    }

    @Override
    public void succeeded() {
        if (route != null) {
            route.record(request.getMethod(), response.getStatus(), NanoTime.since(request.getBeginNanoTime()));
        }
        release();
        callback.succeeded();
    }

    @Override
    public void failed(Throwable cause) {
        release();
        callback.failed(cause);
    }

    private void release() {
        Upload read = upload;
        if (read != null) {
            read.release();
        }
        if (reserved > 0) {
            uploads.memory().release(reserved);
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    /** @throws BadParameterException if the query cannot be decoded */
    Query query() {
        return Query.of(request);
    }
}
