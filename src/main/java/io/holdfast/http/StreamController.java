// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.LimitProperties;
import io.holdfast.delivery.HeartbeatSpec;
import io.holdfast.delivery.KeepAlives;
import io.holdfast.fault.Fault;
import io.holdfast.fault.FaultParameters;
import io.holdfast.jetty.RequestAccess;
import io.holdfast.time.Timers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** A keep-alive stream of ticks. It ends only if the client asks for an end. */
@RestController
class StreamController {

    private final Streams streams;
    private final int maxMessage;
    private final InstantSource clock;
    private final Timers timers;
    private final Duration heartbeatInterval;
    private final RequestAccess requests;

    StreamController(
            Streams streams,
            LimitProperties limits,
            InstantSource clock,
            Timers timers,
            KeepAlives keepAlives,
            RequestAccess requests) {
        this.requests = requests;
        this.streams = streams;
        this.timers = timers;
        this.heartbeatInterval = keepAlives.interval();
        this.maxMessage = Math.toIntExact(limits.messageSize().toBytes());
        this.clock = clock;
    }

    @GetMapping("/stream")
    void stream(HttpServletRequest request, HttpServletResponse response, @RequestHeader HttpHeaders headers)
            throws IOException, HttpMediaTypeNotAcceptableException {
        StreamFormat format = StreamFormat.of(Accept.of(headers));
        Query query = Query.of(request);
        StreamParameters parameters = StreamParameters.parse(query.parameters(), maxMessage);
        FaultParameters faults = query.faults();
        Fault fault = faults.fault();
        HeartbeatSpec heartbeat = faults.heartbeat(format.heartbeats(heartbeatInterval));
        requests.checkFault(ServletContextRequest.getServletContextRequest(request), fault.holdsResources());
        ProblemAnswers.throwIfAsked(faults);
        long seen = format == StreamFormat.SSE ? lastEventId(headers) : 0;
        if (parameters.count() != null && seen >= parameters.count()) {
            // The only answer after which an EventSource does not reconnect.
            response.setStatus(HttpStatus.NO_CONTENT.value());
            return;
        }
        // With a fault each tick is a message of its own: ticks that leave together could not be counted.
        int batch = fault.isNone() ? Ticks.BATCH : 0;
        Ticks ticks = new Ticks(format, parameters, seen, clock, timers.nanos(), batch);
        streams.open(
                request,
                response,
                new StreamBody(
                        "stream",
                        format.contentType(),
                        format.framing(Streams.isChunked(request)),
                        format.retryFirst(faults, new TickStream(ticks, timers, Streams.executor(request))),
                        heartbeat,
                        parameters.label(),
                        fault));
    }

    /** The number of the last tick that a reconnecting client has seen; 0 if it names none of ours. */
    private static long lastEventId(HttpHeaders headers) {
        String id = headers.getFirst("Last-Event-ID");
        return id != null && id.matches("\\d{1,15}") ? Long.parseLong(id) : 0;
    }
}
