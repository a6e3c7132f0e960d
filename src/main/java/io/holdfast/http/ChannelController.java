package io.holdfast.http;

import io.holdfast.channel.BadValueException;
import io.holdfast.channel.Channels;
import io.holdfast.channel.Draft;
import io.holdfast.channel.From;
import io.holdfast.channel.Json;
import io.holdfast.channel.Position;
import io.holdfast.channel.Published;
import io.holdfast.channel.Rules;
import io.holdfast.channel.Subscription;
import io.holdfast.connection.LimitProperties;
import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.holdfast.delivery.HeartbeatSpec;
import io.holdfast.delivery.KeepAlives;
import io.holdfast.fault.Fault;
import io.holdfast.fault.FaultParameters;
import io.holdfast.session.ChannelSession;
import io.holdfast.session.ChannelSessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** A channel over HTTP: subscribe by a stream, ask by long polling, publish by POST. */
@RestController
class ChannelController {

    private static final List<MediaType> BODIES =
            List.of(MediaType.APPLICATION_JSON, MediaType.parseMediaType("text/*"));

    private final Channels channels;
    private final Streams streams;
    private final Polls polls;
    private final ChannelSessions sessions;
    private final Duration heartbeatInterval;
    private final InstantSource clock;
    private final Traffic.Counts traffic;
    private final int maxData;

    ChannelController(
            Channels channels,
            Streams streams,
            Polls polls,
            ChannelSessions sessions,
            KeepAlives keepAlives,
            InstantSource clock,
            Traffic traffic,
            LimitProperties limits) {
        this.channels = channels;
        this.streams = streams;
        this.polls = polls;
        this.sessions = sessions;
        this.heartbeatInterval = keepAlives.interval();
        this.clock = clock;
        this.traffic = traffic.of(Transport.HTTP);
        this.maxData = Math.toIntExact(limits.messageSize().toBytes());
    }

    @GetMapping("/channels/{name}")
    void subscribe(
            @PathVariable String name,
            HttpServletRequest request,
            HttpServletResponse response,
            @RequestHeader HttpHeaders headers)
            throws IOException, HttpMediaTypeNotAcceptableException {
        String channel = Rules.channel(name);
        Query query = Query.of(request).allow(List.of("from", "mode", "label"), FaultParameters.OF_STREAMS);
        ChannelFormat format =
                Accept.choose(Accept.of(headers), List.of(ChannelFormat.values()), ChannelFormat::mediaType);
        From from = from(query, headers);
        Subscription.Mode mode = Rules.mode(query.value("mode"));
        FaultParameters faults = query.faults();
        Fault fault = faults.fault();
        HeartbeatSpec heartbeat = faults.heartbeat(format.format().heartbeats(heartbeatInterval));
        Problems.throwIfAsked(faults);
        // So that what can't be had is told by the status.
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

    /** A reconnecting EventSource says where it was by the header, whatever its address once said. */
    private static From from(Query query, HttpHeaders headers) {
        String last = headers.getFirst("Last-Event-ID");
        if (last == null || last.isEmpty()) {
            return Rules.from("from", query.value("from"));
        }
        Position position = Position.parse(last);
        // An id that is none of ours is of another history: what came since can't be told.
        return new From.After(position == null ? new Position("0", 0) : position);
    }

    @GetMapping("/channels/{name}/messages")
    @Nullable
    ResponseEntity<byte[]> poll(@PathVariable String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Query query = Query.of(request).allow(List.of("after", "limit", "wait", "label"), FaultParameters.OF_POLLS);
        return polls.answer(Rules.channel(name), query, request, response);
    }

    @PostMapping("/channels/{name}")
    @Nullable
    ResponseEntity<byte[]> publish(
            @PathVariable String name,
            HttpServletRequest request,
            HttpServletResponse response,
            @RequestHeader HttpHeaders headers)
            throws IOException, HttpMediaTypeNotSupportedException {
        String channel = Rules.channel(name);
        Query query = Query.of(request).allow(List.of("event"), FaultParameters.OF_ANSWERS);
        String event = Rules.event(query.value("event"));
        String key = Rules.key("Idempotency-Key", headers.getFirst("Idempotency-Key"));
        FaultParameters faults = query.faults();
        Fault fault = faults.fault();
        Problems.throwIfAsked(faults);
        faults.refuseRetry();
        Draft draft = new Draft(event, key, data(request, headers), clock.instant());
        Published published = channels.publish(channel, draft, Transport.HTTP.tag())
                .toCompletableFuture()
                .join();
        String answer = "{\"channel\":\"" + channel + "\",\"position\":\"" + published.position() + "\"}";
        return answer(fault, channel, answer.getBytes(StandardCharsets.US_ASCII), request, response);
    }

    /** What is to go wrong with it goes wrong after it was published. */
    private @Nullable ResponseEntity<byte[]> answer(
            Fault fault, String channel, byte[] answer, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String location = "/channels/" + channel;
        if (fault.isNone()) {
            return ResponseEntity.created(URI.create(location))
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(answer);
        }
        response.setStatus(HttpStatus.CREATED.value());
        response.setHeader(HttpHeaders.LOCATION, location);
        streams.open(
                request,
                response,
                StreamBody.of("publish", MediaType.APPLICATION_JSON_VALUE, Streams.isChunked(request), fault, answer));
        return null;
    }

    private Json data(HttpServletRequest request, HttpHeaders headers)
            throws IOException, HttpMediaTypeNotSupportedException {
        MediaType type = type(headers);
        byte[] body = RequestBody.read(request, maxData, () -> Rules.tooBig(maxData));
        traffic.messageIn();
        traffic.bytesIn(body.length);
        String text = decode(body);
        if (!isJson(type)) {
            return Json.ofText(text);
        }
        Json json = Json.parse(text);
        if (json == null) {
            throw new BadValueException(
                    "bad-data",
                    "body",
                    null,
                    "one JSON value, no deeper than " + Json.MAX_DEPTH + ", as {\"price\":7}");
        }
        return json;
    }

    private static boolean isJson(@Nullable MediaType type) {
        return type != null
                && (type.isCompatibleWith(MediaType.APPLICATION_JSON) || "json".equals(type.getSubtypeSuffix()));
    }

    /** Text, or what curl says of text if nobody tells it better. */
    private static boolean isText(@Nullable MediaType type) {
        return type == null
                || type.getType().equals("text")
                || type.equalsTypeAndSubtype(MediaType.APPLICATION_FORM_URLENCODED);
    }

    private static @Nullable MediaType type(HttpHeaders headers) throws HttpMediaTypeNotSupportedException {
        MediaType type;
        try {
            type = headers.getContentType();
        } catch (InvalidMediaTypeException e) {
            throw new HttpMediaTypeNotSupportedException("Could not parse 'Content-Type' header.", BODIES);
        }
        boolean utf8 = type == null
                || type.getCharset() == null
                || type.getCharset().equals(StandardCharsets.UTF_8)
                || type.getCharset().equals(StandardCharsets.US_ASCII);
        if (!utf8 || !(isJson(type) || isText(type))) {
            throw new HttpMediaTypeNotSupportedException(type, BODIES);
        }
        return type;
    }

    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadValueException("bad-data", "body", null, "text in UTF-8, as hello");
        }
    }
}
