// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.channel.ChannelRules;
import io.holdfast.channel.Channels;
import io.holdfast.channel.From;
import io.holdfast.channel.Position;
import io.holdfast.channel.Subscription;
import io.holdfast.connection.Transport;
import io.holdfast.delivery.HeartbeatSpec;
import io.holdfast.delivery.KeepAlives;
import io.holdfast.fault.Fault;
import io.holdfast.fault.FaultParameters;
import io.holdfast.jetty.RequestAccess;
import io.holdfast.session.ChannelSession;
import io.holdfast.session.ChannelSessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.springframework.http.HttpHeaders;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Subscribes to a channel over HTTP, by a stream. */
@RestController
class ChannelController {

    private final Channels channels;
    private final Streams streams;
    private final ChannelSessions sessions;
    private final Duration heartbeatInterval;
    private final RequestAccess requests;

    ChannelController(
            Channels channels,
            Streams streams,
            ChannelSessions sessions,
            KeepAlives keepAlives,
            RequestAccess requests) {
        this.requests = requests;
        this.channels = channels;
        this.streams = streams;
        this.sessions = sessions;
        this.heartbeatInterval = keepAlives.interval();
    }

    @GetMapping("/channels/{name}")
    void subscribe(
            @PathVariable String name,
            HttpServletRequest request,
            HttpServletResponse response,
            @RequestHeader HttpHeaders headers)
            throws IOException, HttpMediaTypeNotAcceptableException {
        String channel = ChannelRules.channel(name);
        Query query = Query.of(request)
                .allow(List.of("from", "mode", "label", RequestAccess.TICKET), FaultParameters.OF_STREAMS);
        ChannelFormat format =
                Accept.choose(Accept.of(headers), List.of(ChannelFormat.values()), ChannelFormat::mediaType);
        From from = from(query, headers);
        Subscription.Mode mode = ChannelRules.mode(query.value("mode"));
        FaultParameters faults = query.faults();
        Fault fault = faults.fault();
        HeartbeatSpec heartbeat = faults.heartbeat(format.format().heartbeats(heartbeatInterval));
        requests.checkFault(ServletContextRequest.getServletContextRequest(request), fault.holdsResources());
        ProblemAnswers.throwIfAsked(faults);
        // Asked first, so that a channel that is not available is told by the status.
        channels.read(channel, From.NOW, 0).toCompletableFuture().join();
        boolean chunked = Streams.isChunked(request);
        ChannelSession session = sessions.subscribing(Transport.HTTP, format.events(chunked), channel, from, mode);
        streams.open(
                request,
                response,
                new StreamBody(
                        "channel",
                        format.contentType(),
                        format.format().framing(chunked),
                        format.format().retryFirst(faults, session),
                        heartbeat,
                        query.label(),
                        fault));
    }

    /** A reconnecting EventSource sends its last position in a header; its URL is still that of the first request. */
    private static From from(Query query, HttpHeaders headers) {
        String last = headers.getFirst("Last-Event-ID");
        if (last == null || last.isEmpty()) {
            return ChannelRules.from("from", query.value("from"));
        }
        Position position = Position.parse(last);
        // An id of another form belongs to another history. What has come since cannot be told.
        return new From.After(position == null ? new Position("0", 0) : position);
    }
}
