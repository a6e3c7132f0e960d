package io.holdfast.redis;

import io.holdfast.channel.Broker;
import io.holdfast.channel.Draft;
import io.holdfast.channel.From;
import io.holdfast.channel.HistoryProperties;
import io.holdfast.channel.Message;
import io.holdfast.channel.Page;
import io.holdfast.channel.Position;
import io.holdfast.channel.Published;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Channels that all nodes on one Redis share. A channel is a stream for its history, a hash for its head, a hash for the
 * keys of its publishes, and a pub/sub channel; each call is one script on the server that has them. Redis bounds what
 * all channels take together.
 */
final class RedisBroker implements Broker {

    private static final Duration RATE_SPAN = Duration.ofMinutes(1);

    private final Link link;
    private final Announcements announcements;
    private final String prefix;
    private final HistoryProperties limits;
    private final byte[] channelAge;
    private final Recent recent;

    RedisBroker(Link link, Announcements announcements, RedisProperties properties, HistoryProperties limits) {
        this.link = link;
        this.announcements = announcements;
        this.prefix = properties.keyPrefix();
        this.limits = limits;
        // Were it forgotten before the messages, they would be gone with it.
        Duration age = properties.channelAge();
        this.channelAge =
                number((age.compareTo(limits.age()) > 0 ? age : limits.age().multipliedBy(2)).toMillis());
        this.recent = new Recent(limits.channels());
    }

    @Override
    public CompletionStage<Published> append(String channel, Draft draft) {
        recent.used(channel);
        Keys keys = Keys.of(prefix, channel);
        return link.run(
                        Script.APPEND,
                        keys,
                        newEpoch(),
                        channelAge,
                        Entry.encode(draft),
                        number(draft.data().length()),
                        text(draft.key() == null ? "" : draft.key()),
                        number(limits.messages()),
                        number(limits.age().toMillis()),
                        number(limits.bytes().toBytes()),
                        text(link.isSharded() ? "SPUBLISH" : "PUBLISH"),
                        text(keys.live()))
                .thenApply(answer -> new Published(position(answer), (long) answer.get(2) == 1));
    }

    @Override
    public CompletionStage<Page> read(String channel, From from, int limit) {
        recent.used(channel);
        return link.run(
                        Script.READ,
                        Keys.of(prefix, channel),
                        newEpoch(),
                        channelAge,
                        text(
                                switch (from) {
                                    case From.Now ignored -> "now";
                                    case From.Earliest ignored -> "earliest";
                                    case From.After(Position position) -> position.epoch();
                                }),
                        number(from instanceof From.After(Position position) ? position.offset() : 0),
                        number(limit),
                        number(limits.age().toMillis()))
                .thenApply(answer -> page(channel, answer));
    }

    private static Page page(String channel, List<Object> answer) {
        Position head = position(answer);
        if ((long) answer.get(2) == 1) {
            return new Page.Lost(head);
        }
        List<Message> messages = new ArrayList<>();
        for (int i = 3; i < answer.size(); i += 2) {
            Position position = new Position(head.epoch(), (long) answer.get(i));
            messages.add(Entry.kept(channel, position, (byte[]) answer.get(i + 1)));
        }
        return new Page.Messages(messages, head);
    }

    @Override
    public CompletionStage<Feed> listen(String channel, Listener listener) {
        RedisFeed feed = new RedisFeed(listener, closed -> announcements.leave(channel, closed));
        return announcements
                .listen(channel, feed)
                .thenCompose(nothing -> read(channel, From.NOW, 0))
                .<Feed>thenApply(page -> feed.begin(page.head()))
                .whenComplete((begun, failure) -> {
                    if (failure != null) {
                        feed.close();
                    }
                });
    }

    @Override
    public CompletionStage<Optional<Kept>> kept(String channel) {
        return link.run(
                        Script.KEPT,
                        Keys.of(prefix, channel),
                        newEpoch(),
                        channelAge,
                        number(limits.age().toMillis()),
                        number(RATE_SPAN.toMillis()))
                .thenApply(answer -> {
                    if (answer.isEmpty()) {
                        return Optional.empty();
                    }
                    double seconds = (long) answer.get(5) / 1e3;
                    return Optional.of(new Kept(
                            position(answer),
                            Math.toIntExact((long) answer.get(2)),
                            (long) answer.get(3),
                            (long) answer.get(4) / seconds));
                });
    }

    @Override
    public Collection<String> channels() {
        Set<String> names = new TreeSet<>(announcements.channels());
        names.addAll(recent.names());
        return names;
    }

    private static Position position(List<Object> answer) {
        return new Position(new String((byte[]) answer.get(0), StandardCharsets.US_ASCII), (long) answer.get(1));
    }

    /** Redis takes it where a channel begins anew. No two may be the same, of whichever nodes. */
    private static byte[] newEpoch() {
        return text(Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, Character.MAX_RADIX));
    }

    private static byte[] number(long number) {
        return text(Long.toString(number));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
