package io.holdfast.http;

import io.holdfast.connection.LimitProperties;
import io.holdfast.fault.Beat;
import io.holdfast.fault.Fault;
import io.holdfast.fault.Wishes;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** A keep-alive stream of ticks that ends only when it is told to. */
@RestController
class StreamController {

    private static final Duration HEARTBEAT = Duration.ofSeconds(25);
    private static final List<String> METHODS = List.of("GET", "HEAD");

    private final Streams streams;
    private final int maxMessage;
    private final InstantSource clock;

    StreamController(Streams streams, LimitProperties limits, InstantSource clock) {
        this.streams = streams;
        this.maxMessage = Math.toIntExact(limits.messageSize().toBytes());
        this.clock = clock;
    }

    /** Any method is mapped, since Spring would answer some by itself, and not with 405. */
    @RequestMapping("/stream")
    void stream(HttpServletRequest request, HttpServletResponse response, @RequestHeader HttpHeaders headers)
            throws IOException, HttpMediaTypeNotAcceptableException, HttpRequestMethodNotSupportedException {
        if (!METHODS.contains(request.getMethod())) {
            throw new HttpRequestMethodNotSupportedException(request.getMethod(), METHODS);
        }
        StreamFormat format = StreamFormat.of(Accept.of(headers));
        Query query = Query.of(request);
        StreamParameters parameters = StreamParameters.parse(query.parameters(), maxMessage);
        Wishes wishes = query.wishes();
        Fault fault = wishes.fault();
        Beat beat = format.beat(wishes, HEARTBEAT);
        FaultProblems.throwIfAsked(wishes);
        long seen = format == StreamFormat.SSE ? lastEventId(headers) : 0;
        if (parameters.count() != null && seen >= parameters.count()) {
            // The one answer after which an EventSource does not come again for what it has.
            response.setStatus(HttpStatus.NO_CONTENT.value());
            return;
        }
        Ticks ticks = fault.isNone()
                ? new Ticks(format, parameters, seen, clock, System.nanoTime())
                : new Ticks(format, parameters, seen, clock, System.nanoTime(), 0);
        streams.open(
                request,
                response,
                new Streams.Body(
                        "stream",
                        format.contentType(),
                        format.retryFirst(wishes, new TickSource(ticks, format, beat.kind())),
                        beat.interval(),
                        parameters.label(),
                        fault));
    }

    /** Spring answers this method itself, unless it is mapped by name. */
    @RequestMapping(path = "/stream", method = RequestMethod.OPTIONS)
    void options(HttpServletRequest request) throws HttpRequestMethodNotSupportedException {
        throw new HttpRequestMethodNotSupportedException(request.getMethod(), METHODS);
    }

    /** The number of the last tick that a reconnecting client has seen; 0 if it says none, or none of ours. */
    private static long lastEventId(HttpHeaders headers) {
        String id = headers.getFirst("Last-Event-ID");
        return id != null && id.matches("\\d{1,15}") ? Long.parseLong(id) : 0;
    }
}
