// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.access.Action;
import io.holdfast.channel.BadValueException;
import io.holdfast.channel.ChannelRules;
import io.holdfast.channel.Channels;
import io.holdfast.channel.Draft;
import io.holdfast.channel.JsonValue;
import io.holdfast.channel.Published;
import io.holdfast.channel.TraceContext;
import io.holdfast.channel.UnavailableException;
import io.holdfast.connection.LimitProperties;
import io.holdfast.connection.RateExceeded;
import io.holdfast.connection.RateLimits;
import io.holdfast.connection.RequestProblem;
import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.holdfast.fault.Fault;
import io.holdfast.fault.FaultParameters;
import io.holdfast.jetty.ConnectionUpgrade;
import io.holdfast.jetty.HeaderList;
import io.holdfast.jetty.RequestAccess;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;

/** Publishes a request's body to a channel. */
@Component
final class PublishEndpoint implements MessageEndpoint {

    private static final String TYPES = "application/json, text/*";
    private static final String IDENTITY = "identity";
    private static final HttpField JSON = new HttpField(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);

    private final Channels channels;
    private final Streams streams;
    private final InstantSource clock;
    private final Traffic.Counts traffic;
    private final RateLimits rates;
    private final RequestAccess requests;
    private final int maxData;

    PublishEndpoint(
            Channels channels,
            Streams streams,
            InstantSource clock,
            Traffic traffic,
            LimitProperties limits,
            RateLimits rates,
            RequestAccess requests) {
        this.channels = channels;
        this.streams = streams;
        this.clock = clock;
        this.traffic = traffic.of(Transport.HTTP);
        this.rates = rates;
        this.requests = requests;
        this.maxData = Math.toIntExact(limits.messageSize().toBytes());
    }

    @Override
    public String pattern() {
        return "/channels/{name}";
    }

    @Override
    public boolean handles(String method) {
        return method.equals("POST");
    }

    /** The stream is a controller's. */
    @Override
    public boolean leaves(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    @Override
    public Action action(String method) {
        return method.equals("POST") ? Action.PUBLISH : Action.SUBSCRIBE;
    }

    @Override
    public void handle(Exchange exchange, String name) {
        String channel = ChannelRules.channel(name);
        Query query = exchange.query().allow(List.of("event", RequestAccess.TICKET), FaultParameters.OF_ANSWERS);
        String event = ChannelRules.event(query.value("event"));
        String key = ChannelRules.key("Idempotency-Key", exchange.header("Idempotency-Key"));
        FaultParameters faults = query.faults();
        Fault fault = faults.fault();
        requests.checkFault(exchange.request(), fault.holdsResources());
        ProblemAnswers.throwIfAsked(faults);
        faults.refuseRetry();
        MediaType type = type(exchange);
        refuseCodings(exchange);
        RateExceeded exceeded =
                rates.publish(requests.known(exchange.request()), ConnectionUpgrade.remote(exchange.request()));
        if (exceeded != null) {
            throw ProblemAnswers.of(exceeded);
        }
        TraceContext trace = trace(exchange.request().getHeaders());
        exchange.body(maxData, () -> ChannelRules.tooBig(maxData), body -> {
            Draft draft = new Draft(event, key, data(type, body), clock.instant(), trace);
            channels.publish(channel, draft, Transport.HTTP.tag())
                    .whenComplete((published, failure) ->
                            exchange.attempt(() -> answer(exchange, fault, channel, published, failure)));
        });
    }

    /** Null for none, and for several, as it is not known which one counts. */
    private static @Nullable TraceContext trace(HttpFields headers) {
        if (!headers.contains(TraceContext.TRACEPARENT)) {
            return null;
        }
        List<String> parents = headers.getValuesList(TraceContext.TRACEPARENT);
        return TraceContext.ofHeaders(
                parents.size() == 1 ? parents.getFirst() : null,
                String.join(",", headers.getValuesList(TraceContext.TRACESTATE)));
    }

    /** A fault is applied after the message was published. */
    private void answer(
            Exchange exchange,
            Fault fault,
            String channel,
            @Nullable Published published,
            @Nullable Throwable failure) {
        if (published == null) {
            throw UnavailableException.of(failure);
        }
        byte[] answer = ("{\"channel\":\"" + channel + "\",\"position\":\"" + published.position() + "\"}")
                .getBytes(StandardCharsets.US_ASCII);
        HttpField location = new HttpField(HttpHeader.LOCATION, "/channels/" + channel);
        if (fault.isNone()) {
            exchange.answer(HttpStatus.CREATED.value(), ByteBuffer.wrap(answer), location, JSON);
            return;
        }
        exchange.response().setStatus(HttpStatus.CREATED.value());
        exchange.response().getHeaders().put(location);
        streams.open(
                exchange,
                StreamBody.of("publish", MediaType.APPLICATION_JSON_VALUE, Streams.isChunked(exchange), fault, answer));
    }

    private JsonValue data(@Nullable MediaType type, byte[] body) {
        traffic.messageIn();
        traffic.bytesIn(body.length);
        String text = decode(body);
        if (!isJson(type)) {
            return JsonValue.ofText(text);
        }
        JsonValue json = JsonValue.parse(text);
        if (json == null) {
            throw new BadValueException(
                    "bad-data",
                    "body",
                    null,
                    "one JSON value, no deeper than " + JsonValue.MAX_DEPTH + ", as {\"price\":7}");
        }
        return json;
    }

    private static boolean isJson(@Nullable MediaType type) {
        return type != null
                && (type.isCompatibleWith(MediaType.APPLICATION_JSON) || "json".equals(type.getSubtypeSuffix()));
    }

    /** Text, or the type that curl gives to any data unless it is told another one. */
    private static boolean isText(@Nullable MediaType type) {
        return type == null
                || type.getType().equals("text")
                || type.equalsTypeAndSubtype(MediaType.APPLICATION_FORM_URLENCODED);
    }

    private static @Nullable MediaType type(Exchange exchange) {
        String header = exchange.header(HttpHeaders.CONTENT_TYPE);
        if (header == null || header.isEmpty()) {
            return null;
        }
        try {
            MediaType type = MediaType.parseMediaType(header);
            if (isUtf8(type.getCharset()) && (isJson(type) || isText(type))) {
                return type;
            }
        } catch (InvalidMediaTypeException e) {
            // Refused below, as a type that cannot be published is.
        }
        throw unsupported(
                HttpHeader.CONTENT_TYPE,
                header,
                TYPES + ", with the charset utf-8 if there is one, as text/plain;charset=utf-8",
                new HttpField(HttpHeader.ACCEPT, TYPES));
    }

    private static boolean isUtf8(@Nullable Charset charset) {
        return charset == null || charset.equals(StandardCharsets.UTF_8) || charset.equals(StandardCharsets.US_ASCII);
    }

    /** Bodies are not decoded (RFC 9110, section 8.4.1): subscribers would get text that no one can read. */
    private static void refuseCodings(Exchange exchange) {
        List<String> codings = HeaderList.of(exchange.request().getHeaders(), HttpHeader.CONTENT_ENCODING);
        if (!codings.stream().allMatch(IDENTITY::equalsIgnoreCase)) {
            throw unsupported(
                    HttpHeader.CONTENT_ENCODING,
                    String.join(", ", codings),
                    "identity, or no such header, as Content-Encoding: identity",
                    new HttpField(HttpHeader.ACCEPT_ENCODING, IDENTITY));
        }
    }

    /**
     * The answer to a body of another type or coding (RFC 9110, section 15.5.16).
     *
     * @param accepted tells a client what to send instead
     */
    private static ErrorResponseException unsupported(HttpHeader name, String value, String valid, HttpField accepted) {
        ErrorResponseException answer = ProblemAnswers.response(
                RequestProblem.header(HttpStatus.UNSUPPORTED_MEDIA_TYPE, name.asString(), value, valid));
        answer.getHeaders().set(accepted.getName(), accepted.getValue());
        return answer;
    }

    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadValueException(
                    "bad-data",
                    "body",
                    null,
                    "bytes in UTF-8, whatever the Content-Type; encode text as UTF-8 and send it as"
                            + " text/plain;charset=utf-8, as Grüße");
        }
    }
}
