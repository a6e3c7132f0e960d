package io.holdfast.http;

import io.holdfast.channel.Channels;
import io.holdfast.channel.From;
import io.holdfast.channel.Message;
import io.holdfast.channel.Page;
import io.holdfast.channel.Position;
import io.holdfast.channel.Rules;
import io.holdfast.channel.Subscriber;
import io.holdfast.channel.Subscription;
import io.holdfast.channel.UnavailableException;
import io.holdfast.connection.Admission;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.connection.Link;
import io.holdfast.connection.Takeover;
import io.holdfast.connection.Transport;
import io.holdfast.session.Events;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * Answers what clients ask about a channel's messages, at once or when there are some. One that waits is a connection
 * like any other: it takes a permit, is listed, and can be closed, which answers it with what there is. Blocks the
 * request's virtual thread while it waits.
 */
@Component
class Polls {

    private static final int MOST = 1000;
    private static final int USUAL = 100;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Channels channels;
    private final Connections connections;

    Polls(Channels channels, Connections connections) {
        this.channels = channels;
        this.connections = connections;
    }

    ResponseEntity<byte[]> answer(String channel, Query query, HttpServletRequest request) {
        From from = Rules.from("after", query.value("after"));
        Long limit = query.number("limit", MOST, "a number of messages from 1 to " + MOST + ", as limit=10");
        Duration wait = "0".equals(query.value("wait"))
                ? null
                : query.duration("wait", LONGEST, "0, or a duration from 1ms to 60s, as wait=25s");
        int most = limit == null ? USUAL : limit.intValue();
        Page page = read(channel, from, most);
        if (page instanceof Page.Messages(List<Message> messages, Position head)
                && messages.isEmpty()
                && wait != null) {
            page = waiting(channel, new Poll(head, most), wait, request, query.label());
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noStore())
                .body(json(channel, page));
    }

    private Page read(String channel, From from, int limit) {
        return channels.read(channel, from, limit).toCompletableFuture().join();
    }

    private Page waiting(String channel, Poll poll, Duration wait, HttpServletRequest request, @Nullable String label) {
        return switch (connections.admit(Transport.HTTP, "poll", Takeover.remote(request), label)) {
            case Admission.Refused refused -> throw Streams.refusal(refused);
            case Admission.Admitted(Connection connection) -> {
                connection.opened(poll);
                Subscription subscription =
                        channels.subscribe(channel, new From.After(poll.empty.head()), Subscription.Mode.ALL, poll);
                try {
                    yield poll.await(wait);
                } finally {
                    subscription.close(() -> {});
                    connection.closed(CloseReason.CLIENT);
                }
            }
        };
    }

    private static byte[] json(String channel, Page page) {
        List<Message> messages = page instanceof Page.Messages(List<Message> found, Position head) ? found : List.of();
        Position position =
                messages.isEmpty() ? page.head() : messages.getLast().position();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("{\"channel\":\"" + channel + "\",\"position\":\"" + position + "\",\"resumed\":"
                        + (page instanceof Page.Messages) + ",\"messages\":[")
                .getBytes(StandardCharsets.US_ASCII));
        for (Message message : messages) {
            if (!message.equals(messages.getFirst())) {
                out.write(',');
            }
            ByteBuffer event = message.as(Events.MESSAGE);
            byte[] bytes = new byte[event.remaining()];
            event.get(bytes);
            out.writeBytes(bytes);
        }
        out.writeBytes("]}".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /** A request that waits: the first thing that happens on the channel answers it. */
    private static final class Poll implements Subscriber, Link {

        private final CompletableFuture<Page> page = new CompletableFuture<>();
        private final List<Message> messages = new ArrayList<>();
        private final int most;
        private final Page empty;

        Poll(Position head, int most) {
            this.most = most;
            this.empty = new Page.Messages(List.of(), head);
        }

        Page await(Duration longest) {
            return page.completeOnTimeout(empty, longest.toNanos(), TimeUnit.NANOSECONDS)
                    .join();
        }

        @Override
        public String transport() {
            return "poll";
        }

        @Override
        public void subscribed(Position at, Position head, boolean resumed) {
            if (!resumed) {
                gap(head);
            }
        }

        @Override
        public void message(Message message) {
            if (messages.size() < most) {
                messages.add(message);
            }
        }

        @Override
        public void gap(Position head) {
            page.complete(new Page.Lost(head));
        }

        @Override
        public void refused(UnavailableException cause) {
            page.completeExceptionally(cause);
        }

        @Override
        public void flush() {
            if (!messages.isEmpty()) {
                page.complete(new Page.Messages(
                        List.copyOf(messages), messages.getLast().position()));
            }
        }

        @Override
        public boolean hasRoom() {
            return !page.isDone();
        }

        @Override
        public boolean isCaughtUp() {
            return !page.isDone();
        }

        @Override
        public void close(CloseReason reason) {
            page.complete(empty);
        }

        @Override
        public void abort() {
            page.complete(empty);
        }

        @Override
        public long queuedBytes() {
            return 0;
        }
    }
}
