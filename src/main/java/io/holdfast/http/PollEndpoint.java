// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.access.Action;
import io.holdfast.channel.ChannelRules;
import io.holdfast.channel.Channels;
import io.holdfast.channel.From;
import io.holdfast.channel.HistoryPage;
import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import io.holdfast.channel.UnavailableException;
import io.holdfast.connection.ParameterValues;
import io.holdfast.delivery.HeartbeatSpec;
import io.holdfast.fault.Fault;
import io.holdfast.fault.FaultParameters;
import io.holdfast.jetty.RequestAccess;
import io.holdfast.session.ChannelSessions;
import io.holdfast.session.Events;
import io.holdfast.time.Timers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Answers with a channel's messages after a position, at once or as soon as there are some. A request that waits is a
 * stream with a body that comes late: it takes a permit, is listed, keeps no thread, and ends with its client.
 */
@Component
final class PollEndpoint implements MessageEndpoint {

    private static final int MOST = 1000;
    private static final int USUAL = 100;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private static final HttpField JSON = new HttpField(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
    private static final HttpField NOT_CACHED = new HttpField(HttpHeader.CACHE_CONTROL, "no-store, no-transform");

    private final Channels channels;
    private final Streams streams;
    private final ChannelSessions sessions;
    private final Timers timers;
    private final RequestAccess requests;

    PollEndpoint(Channels channels, Streams streams, ChannelSessions sessions, Timers timers, RequestAccess requests) {
        this.requests = requests;
        this.channels = channels;
        this.streams = streams;
        this.sessions = sessions;
        this.timers = timers;
    }

    /**
     * What was asked for.
     *
     * @param most messages in one answer
     * @param timeout how long to wait for a message; null for not at all
     */
    private record Poll(
            String channel,
            int most,
            @Nullable Duration timeout,
            @Nullable String label,
            Fault fault) {}

    @Override
    public String pattern() {
        return "/channels/{name}/messages";
    }

    @Override
    public boolean handles(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    @Override
    public Action action(String method) {
        return Action.SUBSCRIBE;
    }

    @Override
    public void handle(Exchange exchange, String name) {
        Query query = exchange.query()
                .allow(List.of("after", "limit", "wait", "label", RequestAccess.TICKET), FaultParameters.OF_POLLS);
        String channel = ChannelRules.channel(name);
        From from = ChannelRules.from("after", query.value("after"));
        Long limit = query.values().number("limit", MOST, "a number of messages from 1 to " + MOST + ", as limit=10");
        Duration timeout = "0".equals(query.value("wait"))
                ? null
                : query.values().duration("wait", LONGEST, "0, or a duration from 1ms to 60s, as wait=25s");
        // The parameter that is called after is a position here.
        FaultParameters faults =
                new FaultParameters(new ParameterValues(key -> key.equals("after") ? null : query.value(key)));
        Poll poll = new Poll(channel, limit == null ? USUAL : limit.intValue(), timeout, query.label(), faults.fault());
        requests.checkFault(exchange.request(), poll.fault().holdsResources());
        ProblemAnswers.throwIfAsked(faults);
        faults.refuseRetry();
        channels.read(channel, from, poll.most())
                .whenComplete((page, failure) -> exchange.attempt(() -> answer(exchange, poll, page, failure)));
    }

    private void answer(Exchange exchange, Poll poll, @Nullable HistoryPage page, @Nullable Throwable failure) {
        if (page == null) {
            throw UnavailableException.of(failure);
        }
        if (poll.timeout() != null
                && page instanceof HistoryPage.Messages(List<Message> messages, Position head)
                && messages.isEmpty()) {
            PollAnswer answer = new PollAnswer(sessions, timers, poll.channel(), head, poll.most(), poll.timeout());
            streams.open(
                    exchange,
                    new StreamBody(
                            "poll",
                            MediaType.APPLICATION_JSON_VALUE,
                            answer.framing(Streams.isChunked(exchange)),
                            answer,
                            HeartbeatSpec.NONE,
                            poll.label(),
                            poll.fault()));
            return;
        }
        exchange.reserve(size(page));
        byte[] answer = json(poll.channel(), page).getBytes(StandardCharsets.UTF_8);
        if (poll.fault().isNone()) {
            exchange.answer(HttpStatus.OK.value(), ByteBuffer.wrap(answer), JSON, NOT_CACHED);
        } else {
            streams.open(
                    exchange,
                    StreamBody.of(
                            "poll",
                            MediaType.APPLICATION_JSON_VALUE,
                            Streams.isChunked(exchange),
                            poll.fault(),
                            answer));
        }
    }

    /** Bytes of the messages of a page. */
    private static int size(HistoryPage page) {
        return page instanceof HistoryPage.Messages(List<Message> messages, Position head)
                ? messages.stream()
                        .mapToInt(message -> message.shared(Events.MESSAGE).length())
                        .sum()
                : 0;
    }

    /** A page as it is answered. Its position is that of its last message, or of the channel's newest one. */
    static String json(String channel, HistoryPage page) {
        List<Message> messages =
                page instanceof HistoryPage.Messages(List<Message> found, Position head) ? found : List.of();
        Position position =
                messages.isEmpty() ? page.head() : messages.getLast().position();
        return messages.stream()
                .map(message -> StandardCharsets.UTF_8
                        .decode(message.as(Events.MESSAGE))
                        .toString())
                .collect(Collectors.joining(
                        ",",
                        "{\"channel\":\"" + channel + "\",\"position\":\"" + position + "\",\"resumed\":"
                                + (page instanceof HistoryPage.Messages) + ",\"messages\":[",
                        "]}"));
    }
}
