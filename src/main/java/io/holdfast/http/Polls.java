package io.holdfast.http;

import io.holdfast.channel.Channels;
import io.holdfast.channel.From;
import io.holdfast.channel.Message;
import io.holdfast.channel.Page;
import io.holdfast.channel.Position;
import io.holdfast.channel.Rules;
import io.holdfast.connection.ParameterValues;
import io.holdfast.delivery.HeartbeatSpec;
import io.holdfast.fault.Fault;
import io.holdfast.fault.FaultParameters;
import io.holdfast.session.ChannelSessions;
import io.holdfast.session.Events;
import io.holdfast.time.Timers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * Answers what clients ask about a channel's messages, at once or when there are some. One that waits is a stream like
 * any other, with a body that comes late: it takes a permit, is listed, keeps no thread, and ends with its client.
 */
@Component
class Polls {

    private static final int MOST = 1000;
    private static final int USUAL = 100;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Channels channels;
    private final Streams streams;
    private final ChannelSessions sessions;
    private final Timers timers;

    Polls(Channels channels, Streams streams, ChannelSessions sessions, Timers timers) {
        this.channels = channels;
        this.streams = streams;
        this.sessions = sessions;
        this.timers = timers;
    }

    /** The answer, or null if it will be given later. */
    @Nullable
    ResponseEntity<byte[]> answer(String channel, Query query, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        From from = Rules.from("after", query.value("after"));
        Long limit = query.values().number("limit", MOST, "a number of messages from 1 to " + MOST + ", as limit=10");
        int most = limit == null ? USUAL : limit.intValue();
        Duration wait = "0".equals(query.value("wait"))
                ? null
                : query.values().duration("wait", LONGEST, "0, or a duration from 1ms to 60s, as wait=25s");
        // What it calls after is a position.
        FaultParameters faults =
                new FaultParameters(new ParameterValues(name -> name.equals("after") ? null : query.value(name)));
        Fault fault = faults.fault();
        Problems.throwIfAsked(faults);
        faults.refuseRetry();
        Page page = channels.read(channel, from, most).toCompletableFuture().join();
        if (wait != null
                && page instanceof Page.Messages(List<Message> messages, Position head)
                && messages.isEmpty()) {
            PollAnswer answer = new PollAnswer(sessions, timers, channel, head, most, wait);
            streams.open(
                    request,
                    response,
                    new StreamBody(
                            "poll",
                            MediaType.APPLICATION_JSON_VALUE,
                            answer.framing(Streams.isChunked(request)),
                            answer,
                            HeartbeatSpec.NONE,
                            query.label(),
                            fault));
            return null;
        }
        if (!fault.isNone()) {
            byte[] answer = json(channel, page).getBytes(StandardCharsets.UTF_8);
            streams.open(
                    request,
                    response,
                    StreamBody.of("poll", MediaType.APPLICATION_JSON_VALUE, Streams.isChunked(request), fault, answer));
            return null;
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noStore().noTransform())
                .body(json(channel, page).getBytes(StandardCharsets.UTF_8));
    }

    /** A page as it is answered; its position is that of its last message, or of the channel's newest. */
    static String json(String channel, Page page) {
        List<Message> messages = page instanceof Page.Messages(List<Message> found, Position head) ? found : List.of();
        Position position =
                messages.isEmpty() ? page.head() : messages.getLast().position();
        return messages.stream()
                .map(message -> StandardCharsets.UTF_8
                        .decode(message.as(Events.MESSAGE))
                        .toString())
                .collect(Collectors.joining(
                        ",",
                        "{\"channel\":\"" + channel + "\",\"position\":\"" + position + "\",\"resumed\":"
                                + (page instanceof Page.Messages) + ",\"messages\":[",
                        "]}"));
    }
}
