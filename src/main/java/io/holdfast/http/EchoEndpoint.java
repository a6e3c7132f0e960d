// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.BadParameterException;
import io.holdfast.connection.LimitProperties;
import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.holdfast.fault.Fault;
import io.holdfast.fault.FaultParameters;
import io.holdfast.jetty.RequestAccess;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;

/**
 * Sends a request's body back, unchanged, with the headers that say what it is: its type, its codings and its language
 * (RFC 9110, sections 8.3 to 8.5).
 *
 * <p>The body is read whole before the answer begins: most clients do not read before they have sent everything, and both
 * sides would wait for each other.
 */
@Component
final class EchoEndpoint implements MessageEndpoint {

    private static final String UNKNOWN_TYPE = MediaType.APPLICATION_OCTET_STREAM_VALUE;
    private static final HttpField CLOSE = new HttpField(HttpHeader.CONNECTION, "close");

    private final int maxBytes;
    private final Traffic.Counts traffic;
    private final Streams streams;
    private final RequestAccess requests;

    EchoEndpoint(LimitProperties limits, Traffic traffic, Streams streams, RequestAccess requests) {
        this.requests = requests;
        this.streams = streams;
        this.maxBytes = Math.toIntExact(limits.echoSize().toBytes());
        this.traffic = traffic.of(Transport.HTTP);
    }

    @Override
    public String pattern() {
        return "/echo";
    }

    @Override
    public boolean handles(String method) {
        return method.equals("POST");
    }

    /** A GET is a WebSocket's handshake, or should be one. */
    @Override
    public boolean leaves(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    @Override
    public void handle(Exchange exchange, String variable) {
        Query query = exchange.query().allow(List.of("connection", RequestAccess.TICKET), FaultParameters.OF_ANSWERS);
        FaultParameters faults = query.faults();
        Fault fault = faults.fault();
        requests.checkFault(exchange.request(), fault.holdsResources());
        ProblemAnswers.throwIfAsked(faults);
        faults.refuseRetry();
        if (isLast(query, fault)) {
            exchange.response().getHeaders().put(CLOSE);
        }
        exchange.body(maxBytes, this::tooLarge, body -> answer(exchange, fault, body));
    }

    private void answer(Exchange exchange, Fault fault, byte[] body) {
        traffic.messageIn();
        traffic.bytesIn(body.length);
        for (HttpField field : exchange.request().getHeaders()) {
            if (field.getHeader() == HttpHeader.CONTENT_ENCODING || field.getHeader() == HttpHeader.CONTENT_LANGUAGE) {
                exchange.response().getHeaders().add(field);
            }
        }
        String type =
                Objects.requireNonNullElse(exchange.request().getHeaders().get(HttpHeader.CONTENT_TYPE), UNKNOWN_TYPE);
        if (!fault.isNone()) {
            streams.open(exchange, StreamBody.of("echo", type, Streams.isChunked(exchange), fault, body));
            return;
        }
        exchange.answer(HttpStatus.OK.value(), ByteBuffer.wrap(body), new HttpField(HttpHeader.CONTENT_TYPE, type));
        traffic.messageOut();
        traffic.bytesOut(body.length);
    }

    /** Whether the answer ends its connection: a page has no other means to get a new one for the next request. */
    private static boolean isLast(Query query, Fault fault) {
        String text = query.value("connection");
        if (text == null) {
            return false;
        }
        if (!text.equals("close") || !fault.isNone()) {
            throw new BadParameterException("connection", text, "close, as connection=close, and no fault beside it");
        }
        return true;
    }

    private ErrorResponseException tooLarge() {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.CONTENT_TOO_LARGE, "The body is over holdfast.limits.echo-size, " + maxBytes + " bytes.");
        problem.setProperty("limit", "holdfast.limits.echo-size");
        problem.setProperty("value", maxBytes);
        return new ErrorResponseException(HttpStatus.CONTENT_TOO_LARGE, problem, null);
    }
}
