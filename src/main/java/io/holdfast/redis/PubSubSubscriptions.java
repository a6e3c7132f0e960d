package io.holdfast.redis;

import io.holdfast.channel.Broker;
import io.holdfast.channel.Message;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pub/sub subscriptions of this node: one for each channel that has listeners. If a subscription breaks off, or its
 * channel moves to another server, it is made again, and the listeners are told of the interruption. Its
 * package-private methods are safe from any thread. Everything else, apart from handing on messages, is confined to one
 * thread.
 */
final class PubSubSubscriptions {

    private static final Logger log = LoggerFactory.getLogger(PubSubSubscriptions.class);

    /** The interval at which subscriptions are checked. */
    private static final Duration CHECKS = Duration.ofMillis(500);

    /** After this time, a subscription that was not confirmed is requested again. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

    private final RedisConnector redis;
    private final String prefix;

    private final ConcurrentHashMap<String, ChannelSubscription> subscriptions = new ConcurrentHashMap<>();
    private final Set<StatefulRedisPubSubConnection<String, byte[]>> watched = ConcurrentHashMap.newKeySet();

    /** One channel's subscription. */
    private static final class ChannelSubscription {

        final String channel;
        final String live;
        final List<Broker.Listener> listeners = new CopyOnWriteArrayList<>();
        final CompletableFuture<Void> begun = new CompletableFuture<>();

        @Nullable
        StatefulRedisPubSubConnection<String, byte[]> connection;

        volatile boolean confirmed;
        private boolean asked;
        private long askedAt;

        ChannelSubscription(String channel, String live) {
            this.channel = channel;
            this.live = live;
        }

        boolean isBy(StatefulRedisPubSubConnection<String, byte[]> other) {
            return other.equals(connection);
        }

        void asked(long now) {
            confirmed = false;
            asked = true;
            askedAt = now;
        }

        void confirm() {
            boolean again = begun.isDone();
            confirmed = true;
            asked = false;
            begun.complete(null);
            if (again) {
                listeners.forEach(Broker.Listener::interrupted);
            }
        }

        void broke() {
            confirmed = false;
            asked = false;
        }

        boolean isDue(long now) {
            return !confirmed && !(asked && now - askedAt < PATIENCE);
        }
    }

    PubSubSubscriptions(RedisConnector redis, String prefix) {
        this.redis = redis;
        this.prefix = prefix;
        redis.repeat(CHECKS, this::check);
    }

    /** Adds a listener. When the stage is complete, messages are announced to it. */
    CompletionStage<Void> listen(String channel, Broker.Listener listener) {
        if (redis.servers() == null) {
            return CompletableFuture.failedStage(RedisConnector.unavailable());
        }
        CompletableFuture<Void> begun = new CompletableFuture<>();
        redis.execute(() -> {
            ChannelSubscription subscription = subscriptions.computeIfAbsent(
                    channel,
                    name -> new ChannelSubscription(
                            name, ChannelKeys.of(prefix, name).live()));
            subscription.listeners.add(listener);
            subscription.begun.whenComplete((nothing, failure) -> {
                if (failure == null) {
                    begun.complete(null);
                } else {
                    begun.completeExceptionally(failure);
                }
            });
            ensure(subscription);
        });
        return begun;
    }

    void leave(String channel, Broker.Listener listener) {
        redis.execute(() -> {
            ChannelSubscription subscription = subscriptions.get(channel);
            if (subscription != null && subscription.listeners.remove(listener) && subscription.listeners.isEmpty()) {
                subscriptions.remove(channel);
                unsubscribe(subscription.connection, subscription.live);
            }
        });
    }

    /** The channels that have listeners. */
    Collection<String> channels() {
        return Collections.unmodifiableSet(subscriptions.keySet());
    }

    /** The number of confirmed subscriptions, and of those that are wanted. */
    record SubscriptionCounts(int confirmed, int wanted) {}

    SubscriptionCounts counts() {
        Collection<ChannelSubscription> all = subscriptions.values();
        return new SubscriptionCounts(
                (int) all.stream()
                        .filter(subscription -> subscription.confirmed)
                        .count(),
                all.size());
    }

    private void check() {
        try {
            subscriptions.values().forEach(this::ensure);
        } catch (RuntimeException e) {
            log.error("Subscriptions could not be checked", e);
        }
    }

    /** Subscribes at the server that has the channel now, unless it is subscribed there. */
    private void ensure(ChannelSubscription subscription) {
        RedisConnections servers = redis.servers();
        if (servers == null) {
            return;
        }
        CompletableFuture<StatefulRedisPubSubConnection<String, byte[]>> found =
                servers.announcer(subscription.live).toCompletableFuture();
        if (found.isDone() && !found.isCompletedExceptionally()) {
            ensure(subscription, found.join());
        } else {
            found.whenComplete((connection, failure) -> redis.execute(() -> {
                if (failure != null) {
                    failed(subscription, failure);
                } else {
                    ensure(subscription, connection);
                }
            }));
        }
    }

    private void ensure(ChannelSubscription subscription, StatefulRedisPubSubConnection<String, byte[]> connection) {
        if (subscriptions.get(subscription.channel) == subscription
                && (!subscription.isBy(connection) || subscription.isDue(redis.nanos()))) {
            subscribe(subscription, connection);
        }
    }

    private void subscribe(ChannelSubscription subscription, StatefulRedisPubSubConnection<String, byte[]> connection) {
        if (watched.add(connection)) {
            ConnectionListener listener = new ConnectionListener(connection);
            connection.addListener((RedisConnectionStateListener) listener);
            connection.addListener((RedisPubSubListener<String, byte[]>) listener);
        }
        if (!subscription.isBy(connection)) {
            unsubscribe(subscription.connection, subscription.live);
            subscription.connection = connection;
        }
        subscription.asked(redis.nanos());
        RedisPubSubAsyncCommands<String, byte[]> commands = connection.async();
        (redis.isSharded() ? commands.ssubscribe(subscription.live) : commands.subscribe(subscription.live))
                .whenComplete((nothing, failure) -> {
                    if (failure != null) {
                        redis.execute(() -> failed(subscription, failure));
                    }
                });
    }

    private void unsubscribe(@Nullable StatefulRedisPubSubConnection<String, byte[]> connection, String live) {
        if (connection != null && connection.isOpen()) {
            RedisPubSubAsyncCommands<String, byte[]> commands = connection.async();
            if (redis.isSharded()) {
                commands.sunsubscribe(live);
            } else {
                commands.unsubscribe(live);
            }
        }
    }

    private void failed(ChannelSubscription subscription, Throwable failure) {
        log.debug("Not subscribed to {}", subscription.channel, failure);
        subscription.broke();
        subscription.begun.completeExceptionally(RedisConnector.unavailable());
        RedisConnections servers = redis.servers();
        // The server may have answered that another one has the channel now.
        if (servers != null && subscription.connection != null && subscription.connection.isOpen()) {
            servers.lookAgain();
        }
    }

    /** Hears about one connection. */
    private final class ConnectionListener extends RedisPubSubAdapter<String, byte[]>
            implements RedisConnectionStateListener {

        private final StatefulRedisPubSubConnection<String, byte[]> connection;

        ConnectionListener(StatefulRedisPubSubConnection<String, byte[]> connection) {
            this.connection = connection;
        }

        @Override
        public void message(String live, byte[] announcement) {
            String channel = ChannelKeys.channel(prefix, live);
            ChannelSubscription subscription = subscriptions.get(channel);
            if (subscription == null) {
                return;
            }
            Message message = MessageCodec.announced(channel, announcement);
            for (Broker.Listener listener : subscription.listeners) {
                listener.announced(message);
            }
        }

        @Override
        public void smessage(String live, byte[] announcement) {
            message(live, announcement);
        }

        @Override
        public void subscribed(String live, long count) {
            redis.execute(() -> {
                ChannelSubscription subscription = subscriptions.get(ChannelKeys.channel(prefix, live));
                if (subscription == null || !subscription.isBy(connection)) {
                    // All listeners have left meanwhile.
                    unsubscribe(connection, live);
                } else {
                    subscription.confirm();
                }
            });
        }

        @Override
        public void ssubscribed(String live, long count) {
            subscribed(live, count);
        }

        @Override
        public void unsubscribed(String live, long count) {
            redis.execute(() -> {
                ChannelSubscription subscription = subscriptions.get(ChannelKeys.channel(prefix, live));
                // Its slot moves to another server. A channel that was left and is wanted again is not confirmed yet.
                if (subscription != null && subscription.isBy(connection) && subscription.confirmed) {
                    subscription.broke();
                    RedisConnections servers = redis.servers();
                    if (servers != null) {
                        servers.lookAgain();
                    }
                }
            });
        }

        @Override
        public void sunsubscribed(String live, long count) {
            unsubscribed(live, count);
        }

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
            redis.execute(() -> subscriptions.values().stream()
                    .filter(subscription -> subscription.isBy(connection))
                    .forEach(ChannelSubscription::broke));
        }
    }
}
