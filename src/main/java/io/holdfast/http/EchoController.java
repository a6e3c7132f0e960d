package io.holdfast.http;

import io.holdfast.connection.BadParameterException;
import io.holdfast.connection.LimitProperties;
import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.holdfast.fault.Fault;
import io.holdfast.fault.FaultParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpHeader;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Sends a request's body back, unchanged, with its own content type. */
@RestController
class EchoController {

    private static final String UNKNOWN_TYPE = MediaType.APPLICATION_OCTET_STREAM_VALUE;

    private final int maxBytes;
    private final Traffic.Counts traffic;
    private final Streams streams;

    EchoController(LimitProperties limits, Traffic traffic, Streams streams) {
        this.streams = streams;
        this.maxBytes = Math.toIntExact(limits.echoSize().toBytes());
        this.traffic = traffic.of(Transport.HTTP);
    }

    /**
     * Reads the body whole before it answers: most clients don't read before they have sent all, and two that wait for
     * each other would wait for ever.
     */
    @PostMapping("/echo")
    void echo(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Query query = Query.of(request);
        FaultParameters faults = query.faults();
        Fault fault = faults.fault();
        Problems.throwIfAsked(faults);
        faults.refuseRetry();
        if (isLast(query, fault)) {
            response.setHeader(HttpHeaders.CONNECTION, "close");
        }
        byte[] body = RequestBody.read(request, maxBytes, this::tooLarge);
        traffic.messageIn();
        traffic.bytesIn(body.length);
        String type = Objects.requireNonNullElse(request.getContentType(), UNKNOWN_TYPE);
        if (!fault.isNone()) {
            streams.open(request, response, StreamBody.of("echo", type, Streams.isChunked(request), fault, body));
            return;
        }
        // Not setContentType, which would put it in words of its own.
        ServletContextRequest.getServletContextRequest(request)
                .getServletContextResponse()
                .getHeaders()
                .put(HttpHeader.CONTENT_TYPE, type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        traffic.messageOut();
        traffic.bytesOut(body.length);
    }

    /** Whether the answer is to end its connection: a page has no other means to get a new one for the next request. */
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
