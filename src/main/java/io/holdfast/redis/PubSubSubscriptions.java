// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pub/sub subscriptions of this node: one for each name that has listeners. If a subscription breaks off, or its
 * name moves to another server, it is made again, and the listeners are told of the interruption. Its package-private
 * methods are safe from any thread. Everything else, apart from handing on announcements, is confined to one thread.
 */
final class PubSubSubscriptions {

    private static final Logger log = LoggerFactory.getLogger(PubSubSubscriptions.class);

    /** The interval at which subscriptions are checked. */
    private static final Duration CHECKS = Duration.ofMillis(500);

    /** After this time, a subscription that was not confirmed is requested again. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

    private final RedisConnector redis;
    private final ConcurrentHashMap<String, Subscription> subscriptions = new ConcurrentHashMap<>();
    private final Set<StatefulRedisPubSubConnection<String, byte[]>> watched = ConcurrentHashMap.newKeySet();

    /** Hears what is announced under one name. Must not block. */
    interface Listener {

        /** Called by the thread of a connection. */
        void announced(byte[] announcement);

        /** It is subscribed to again: announcements may have been missed. Called by the connector's thread. */
        void interrupted();

        /** Announcements may be missed until {@link #interrupted} is called. Called by the connector's thread. */
        default void lost() {}
    }

    /** The subscription to one name. */
    private static final class Subscription {

        final String live;
        final boolean kept;
        final List<Listener> listeners = new CopyOnWriteArrayList<>();
        final CompletableFuture<Void> begun = new CompletableFuture<>();

        @Nullable
        StatefulRedisPubSubConnection<String, byte[]> connection;

        volatile boolean confirmed;
        private boolean asked;
        private long askedAt;

        Subscription(String live, boolean kept) {
            this.live = live;
            this.kept = kept;
        }

        boolean isBy(StatefulRedisPubSubConnection<String, byte[]> other) {
            return other.equals(connection);
        }

        void asked(long now) {
            broke();
            asked = true;
            askedAt = now;
        }

        void confirm() {
            boolean again = begun.isDone();
            confirmed = true;
            asked = false;
            begun.complete(null);
            if (again) {
                listeners.forEach(Listener::interrupted);
            }
        }

        void broke() {
            boolean before = confirmed;
            confirmed = false;
            asked = false;
            if (before) {
                listeners.forEach(Listener::lost);
            }
        }

        boolean isDue(long now) {
            return !confirmed && !(asked && now - askedAt < PATIENCE);
        }
    }

    PubSubSubscriptions(RedisConnector redis) {
        this.redis = redis;
        redis.repeat(CHECKS, this::check);
    }

    /** Adds a listener of a channel. When the stage is complete, it hears what is announced. */
    CompletionStage<Void> listen(String live, Listener listener) {
        return redis.servers() == null
                ? CompletableFuture.failedStage(RedisConnector.unavailable())
                : listen(live, listener, false);
    }

    /**
     * Adds a listener of a name that is no channel. It stays, and Redis need not be available. The first subscription
     * is reported as an interruption.
     */
    void keep(String live, Listener listener) {
        listen(live, listener, true).thenRun(listener::interrupted);
    }

    private CompletionStage<Void> listen(String live, Listener listener, boolean kept) {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        redis.execute(() -> {
            Subscription subscription = subscriptions.computeIfAbsent(live, name -> new Subscription(name, kept));
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

    void leave(String live, Listener listener) {
        redis.execute(() -> {
            Subscription subscription = subscriptions.get(live);
            if (subscription != null && subscription.listeners.remove(listener) && subscription.listeners.isEmpty()) {
                subscriptions.remove(live);
                unsubscribe(subscription.connection, live);
            }
        });
    }

    /** The names of the channels that have listeners. */
    Stream<String> channels() {
        return ofChannels().map(subscription -> subscription.live);
    }

    private Stream<Subscription> ofChannels() {
        return subscriptions.values().stream().filter(subscription -> !subscription.kept);
    }

    /** The number of channels whose subscription is confirmed, and of those that have listeners. */
    record SubscriptionCounts(int confirmed, int wanted) {}

    SubscriptionCounts counts() {
        return new SubscriptionCounts(
                (int) ofChannels()
                        .filter(subscription -> subscription.confirmed)
                        .count(),
                (int) ofChannels().count());
    }

    private void check() {
        try {
            subscriptions.values().forEach(this::ensure);
        } catch (RuntimeException e) {
            log.error("Subscriptions could not be checked", e);
        }
    }

    /** Subscribes at the server that has the name now, unless it is subscribed there. */
    private void ensure(Subscription subscription) {
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

    private void ensure(Subscription subscription, StatefulRedisPubSubConnection<String, byte[]> connection) {
        if (subscriptions.get(subscription.live) == subscription
                && (!subscription.isBy(connection) || subscription.isDue(redis.nanos()))) {
            subscribe(subscription, connection);
        }
    }

    private void subscribe(Subscription subscription, StatefulRedisPubSubConnection<String, byte[]> connection) {
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

    private void failed(Subscription subscription, Throwable failure) {
        log.debug("Not subscribed to {}", subscription.live, failure);
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
            Subscription subscription = subscriptions.get(live);
            if (subscription == null) {
                return;
            }
            for (Listener listener : subscription.listeners) {
                listener.announced(announcement);
            }
        }

        @Override
        public void smessage(String live, byte[] announcement) {
            message(live, announcement);
        }

        @Override
        public void subscribed(String live, long count) {
            redis.execute(() -> {
                Subscription subscription = subscriptions.get(live);
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
                Subscription subscription = subscriptions.get(live);
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
                    .forEach(Subscription::broke));
        }
    }
}
