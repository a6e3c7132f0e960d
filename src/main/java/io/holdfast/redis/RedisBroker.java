// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import io.holdfast.channel.Broker;
import io.holdfast.channel.Draft;
import io.holdfast.channel.From;
import io.holdfast.channel.HistoryPage;
import io.holdfast.channel.HistoryProperties;
import io.holdfast.channel.Message;
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
 * Channels that all nodes on one Redis share. A channel has a stream for its history, a hash for its head, a hash for
 * its idempotency keys, and a pub/sub channel. Each call is one script on the server that has them. Redis limits the
 * memory of all channels together.
 */
final class RedisBroker implements Broker {

    private static final Duration RATE_SPAN = Duration.ofMinutes(1);

    private final RedisConnector redis;
    private final PubSubSubscriptions subscriptions;
    private final String prefix;
    private final HistoryProperties limits;
    private final byte[] channelAge;
    private final RecentChannels recent;
    private final Appends appends;

    RedisBroker(
            RedisConnector redis,
            PubSubSubscriptions subscriptions,
            RedisProperties properties,
            HistoryProperties limits) {
        this.redis = redis;
        this.subscriptions = subscriptions;
        this.prefix = properties.keyPrefix();
        this.limits = limits;
        // If the head expired before the messages, the messages would be lost, too.
        Duration age = properties.channelAge();
        this.channelAge =
                number((age.compareTo(limits.age()) > 0 ? age : limits.age().multipliedBy(2)).toMillis());
        this.recent = new RecentChannels(limits.channels());
        this.appends = new Appends(redis, prefix, limits, channelAge);
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public CompletionStage<Published> append(String channel, Draft draft) {
        recent.used(channel);
        return appends.append(channel, draft);
    }

    @Override
    public CompletionStage<HistoryPage> read(String channel, From from, int limit) {
        recent.used(channel);
        return redis.run(
                        LuaScript.READ,
                        ChannelKeys.of(prefix, channel),
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

    private static HistoryPage page(String channel, List<Object> answer) {
        Position head = position(answer);
        if ((long) answer.get(2) == 1) {
            return new HistoryPage.Lost(head);
        }
        List<Message> messages = new ArrayList<>();
        for (int i = 3; i < answer.size(); i += 2) {
            Position position = new Position(head.epoch(), (long) answer.get(i));
            messages.add(MessageCodec.stored(channel, position, (byte[]) answer.get(i + 1)));
        }
        return new HistoryPage.Messages(messages, head);
    }

    @Override
    public CompletionStage<Feed> listen(String channel, Listener listener) {
        String live = ChannelKeys.of(prefix, channel).live();
        RedisFeed feed = new RedisFeed(channel, listener, closed -> subscriptions.leave(live, closed));
        return subscriptions
                .listen(live, feed)
                .thenCompose(nothing -> read(channel, From.NOW, 0))
                .<Feed>thenApply(page -> feed.begin(page.head()))
                .whenComplete((begun, failure) -> {
                    if (failure != null) {
                        feed.close();
                    }
                });
    }

    @Override
    public CompletionStage<Optional<HistoryStats>> historyStats(String channel) {
        return redis.run(
                        LuaScript.SIZE,
                        ChannelKeys.of(prefix, channel),
                        newEpoch(),
                        channelAge,
                        number(limits.age().toMillis()),
                        number(RATE_SPAN.toMillis()))
                .thenApply(answer -> {
                    if (answer.isEmpty()) {
                        return Optional.empty();
                    }
                    double seconds = (long) answer.get(5) / 1e3;
                    return Optional.of(new HistoryStats(
                            position(answer),
                            Math.toIntExact((long) answer.get(2)),
                            (long) answer.get(3),
                            (long) answer.get(4) / seconds));
                });
    }

    @Override
    public Collection<String> channels() {
        Set<String> names = new TreeSet<>();
        subscriptions.channels().forEach(live -> names.add(ChannelKeys.channel(prefix, live)));
        names.addAll(recent.names());
        return names;
    }

    private static Position position(List<Object> answer) {
        return new Position(new String((byte[]) answer.get(0), StandardCharsets.US_ASCII), (long) answer.get(1));
    }

    /** The epoch of a channel that begins anew. No two nodes may ever make the same. */
    static byte[] newEpoch() {
        return text(Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, Character.MAX_RADIX));
    }

    static byte[] number(long number) {
        return text(Long.toString(number));
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
