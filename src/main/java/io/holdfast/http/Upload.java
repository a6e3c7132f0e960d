// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.access.Principal;
import io.holdfast.connection.Admission;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.ConnectionRequest;
import io.holdfast.connection.Transport;
import io.holdfast.connection.TransportHandle;
import io.holdfast.delivery.ProgressDeadline;
import io.holdfast.jetty.ConnectionUpgrade;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * The body of one request. If it is not complete with its first read, it takes a permit, is listed as a connection of the
 * kind {@code upload}, and must arrive in time, until it is complete. Safe from any thread.
 */
final class Upload implements BodyReader.Result, TransportHandle {

    private final Uploads shared;
    private final Exchange exchange;
    private final Supplier<? extends RuntimeException> tooLarge;
    private final Consumer<byte[]> then;
    private final BodyReader reader;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable Connection connection;
    private volatile @Nullable ProgressDeadline deadline;

    /**
     * @param most bytes that it may have
     * @param tooLarge the answer to a longer one, which is not read to its end
     * @param then takes the body, on the thread that read its end
     */
    Upload(
            Uploads shared,
            Exchange exchange,
            int most,
            Supplier<? extends RuntimeException> tooLarge,
            Consumer<byte[]> then) {
        this.shared = shared;
        this.exchange = exchange;
        this.tooLarge = tooLarge;
        this.then = then;
        this.reader = new BodyReader(exchange.request(), most, shared.memory(), this);
    }

    void read() {
        reader.run();
    }

    @Override
    public void waits() {
        ConnectionRequest request = new ConnectionRequest(
                Transport.HTTP,
                "upload",
                ConnectionUpgrade.remote(exchange.request()),
                null,
                ConnectionUpgrade.carrier(exchange.request()),
                Principal.NOBODY);
        switch (shared.connections().admit(request)) {
            case Admission.Refused refused -> refuse(ProblemAnswers.of(refused));
            case Admission.Admitted(Connection admitted) -> {
                connection = admitted;
                if (admitted.open(this)) {
                    ProgressDeadline started = shared.deadline(reader::received, this::tooSlow);
                    deadline = started;
                    if (over.get()) {
                        started.cancel();
                    }
                }
            }
        }
    }

    @Override
    public void complete(byte[] body) {
        if (end(CloseReason.COMPLETED)) {
            exchange.attempt(() -> then.accept(body));
        }
    }

    @Override
    public void tooLarge() {
        if (end(CloseReason.TOO_BIG)) {
            exchange.fail(tooLarge.get());
        }
    }

    @Override
    public void noMemory() {
        refuse(shared.noMemory());
    }

    private void tooSlow() {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.REQUEST_TIMEOUT,
                "The body arrives too slowly. At least holdfast.limits.body-rate bytes per second must arrive.");
        problem.setProperty("limit", "holdfast.limits.body-rate");
        refuse(new ErrorResponseException(HttpStatus.REQUEST_TIMEOUT, problem, null), CloseReason.TIMEOUT);
    }

    private void refuse(ErrorResponseException answer) {
        refuse(answer, CloseReason.LIMIT);
    }

    /** The rest of the body is not read, so the connection cannot serve another request. */
    private void refuse(ErrorResponseException answer, CloseReason reason) {
        if (end(reason)) {
            reader.stop();
            exchange.response().getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
            exchange.fail(answer);
        }
    }

    @Override
    public void failed(Throwable cause) {
        if (end(CloseReason.CLIENT)) {
            // The client ended the request early, or broke its framing: Jetty answers that.
            exchange.failed(cause);
        }
    }

    private boolean end(CloseReason reason) {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        ProgressDeadline started = deadline;
        if (started != null) {
            started.cancel();
        }
        Connection listed = connection;
        if (listed != null) {
            listed.closed(reason);
        }
        return true;
    }

    /** The memory of the body is given back. Called when the request is answered. */
    void release() {
        reader.stop();
    }

    @Override
    public void close(CloseReason reason) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, "The request was ended: " + reason.text() + ".");
        ErrorResponseException answer = new ErrorResponseException(HttpStatus.SERVICE_UNAVAILABLE, problem, null);
        if (reason == CloseReason.DRAINING) {
            answer.getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(Admission.Refused.RETRY_AFTER));
        }
        refuse(answer, reason);
    }

    @Override
    public void abort() {
        if (end(CloseReason.CLIENT)) {
            reader.stop();
            ConnectionUpgrade.abort(exchange.request());
        }
    }

    @Override
    public long queuedBytes() {
        return 0;
    }
}
