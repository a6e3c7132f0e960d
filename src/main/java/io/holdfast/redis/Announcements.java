package io.holdfast.redis;

import io.holdfast.channel.Broker;
import io.holdfast.channel.Message;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Redis announces to this node: one subscription a channel, however many listen to it, and none when the last one
 * has left. Where a subscription broke off, or its channel moved to another server, it is made again, and who listens is
 * told of the interruption. Public to its room and safe from any thread; within, all but the handing on of messages is
 * confined to one thread.
 */
final class Announcements {

    private static final Logger log = LoggerFactory.getLogger(Announcements.class);

    /** How often subscriptions are looked after. */
    private static final long CARE_MILLIS = 500;

    /** After that a subscription that was asked for is asked for again. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

    private final Link link;
    private final String prefix;
    private final ScheduledExecutorService thread;

    private final ConcurrentHashMap<String, Line> lines = new ConcurrentHashMap<>();
    private final Set<StatefulRedisPubSubConnection<String, byte[]>> watched = ConcurrentHashMap.newKeySet();

    /** One channel's subscription. */
    private static final class Line {

        final String channel;
        final String live;
        final List<Broker.Listener> listeners = new CopyOnWriteArrayList<>();
        final CompletableFuture<Void> begun = new CompletableFuture<>();

        @Nullable
        StatefulRedisPubSubConnection<String, byte[]> connection;

        volatile boolean standing;
        private boolean asked;
        private long askedAt;

        Line(String channel, String live) {
            this.channel = channel;
            this.live = live;
        }

        boolean isBy(StatefulRedisPubSubConnection<String, byte[]> other) {
            return other.equals(connection);
        }

        void asked() {
            standing = false;
            asked = true;
            askedAt = System.nanoTime();
        }

        void stands() {
            boolean again = begun.isDone();
            standing = true;
            asked = false;
            begun.complete(null);
            if (again) {
                listeners.forEach(Broker.Listener::interrupted);
            }
        }

        void broke() {
            standing = false;
            asked = false;
        }

        boolean isDue() {
            return !standing && !(asked && System.nanoTime() - askedAt < PATIENCE);
        }
    }

    Announcements(Link link, String prefix) {
        this.link = link;
        this.prefix = prefix;
        this.thread = link.thread();
        thread.scheduleWithFixedDelay(this::care, CARE_MILLIS, CARE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Adds a listener; once the stage is complete, what is published is announced to it. */
    CompletionStage<Void> listen(String channel, Broker.Listener listener) {
        if (link.servers() == null) {
            return CompletableFuture.failedStage(Link.unavailable());
        }
        CompletableFuture<Void> begun = new CompletableFuture<>();
        thread.execute(() -> {
            Line line = lines.computeIfAbsent(
                    channel, name -> new Line(name, Keys.of(prefix, name).live()));
            line.listeners.add(listener);
            line.begun.whenComplete((nothing, failure) -> {
                if (failure == null) {
                    begun.complete(null);
                } else {
                    begun.completeExceptionally(failure);
                }
            });
            tend(line);
        });
        return begun;
    }

    void leave(String channel, Broker.Listener listener) {
        thread.execute(() -> {
            Line line = lines.get(channel);
            if (line != null && line.listeners.remove(listener) && line.listeners.isEmpty()) {
                lines.remove(channel);
                unsubscribe(line.connection, line.live);
            }
        });
    }

    /** The channels that are listened to. */
    Collection<String> channels() {
        return Collections.unmodifiableSet(lines.keySet());
    }

    /** How many subscriptions stand, of how many that are wanted. */
    record Standing(int made, int wanted) {}

    Standing standing() {
        Collection<Line> all = lines.values();
        return new Standing((int) all.stream().filter(line -> line.standing).count(), all.size());
    }

    private void care() {
        try {
            lines.values().forEach(this::tend);
        } catch (RuntimeException e) {
            // Thrown, it would have been the last time.
            log.error("Subscriptions can't be looked after", e);
        }
    }

    /** Subscribes where the line's announcements come from now, unless it is. */
    private void tend(Line line) {
        Servers servers = link.servers();
        if (servers == null) {
            return;
        }
        CompletableFuture<StatefulRedisPubSubConnection<String, byte[]>> found =
                servers.announcer(line.live).toCompletableFuture();
        if (found.isDone() && !found.isCompletedExceptionally()) {
            tend(line, found.join());
        } else {
            found.whenComplete((connection, failure) -> thread.execute(() -> {
                if (failure != null) {
                    failed(line, failure);
                } else {
                    tend(line, connection);
                }
            }));
        }
    }

    private void tend(Line line, StatefulRedisPubSubConnection<String, byte[]> connection) {
        if (lines.get(line.channel) == line && (!line.isBy(connection) || line.isDue())) {
            subscribe(line, connection);
        }
    }

    private void subscribe(Line line, StatefulRedisPubSubConnection<String, byte[]> connection) {
        if (watched.add(connection)) {
            Watch watch = new Watch(connection);
            connection.addListener((RedisConnectionStateListener) watch);
            connection.addListener((RedisPubSubListener<String, byte[]>) watch);
        }
        if (!line.isBy(connection)) {
            unsubscribe(line.connection, line.live);
            line.connection = connection;
        }
        line.asked();
        RedisPubSubAsyncCommands<String, byte[]> commands = connection.async();
        (link.isSharded() ? commands.ssubscribe(line.live) : commands.subscribe(line.live))
                .whenComplete((nothing, failure) -> {
                    if (failure != null) {
                        thread.execute(() -> failed(line, failure));
                    }
                });
    }

    private void unsubscribe(@Nullable StatefulRedisPubSubConnection<String, byte[]> connection, String live) {
        if (connection != null && connection.isOpen()) {
            RedisPubSubAsyncCommands<String, byte[]> commands = connection.async();
            if (link.isSharded()) {
                commands.sunsubscribe(live);
            } else {
                commands.unsubscribe(live);
            }
        }
    }

    private void failed(Line line, Throwable failure) {
        log.debug("Not subscribed to {}", line.channel, failure);
        line.broke();
        line.begun.completeExceptionally(Link.unavailable());
        Servers servers = link.servers();
        // It may have said that the channel is another server's by now.
        if (servers != null && line.connection != null && line.connection.isOpen()) {
            servers.lookAgain();
        }
    }

    /** Hears of one connection. */
    private final class Watch extends RedisPubSubAdapter<String, byte[]> implements RedisConnectionStateListener {

        private final StatefulRedisPubSubConnection<String, byte[]> connection;

        Watch(StatefulRedisPubSubConnection<String, byte[]> connection) {
            this.connection = connection;
        }

        @Override
        public void message(String live, byte[] announcement) {
            String channel = Keys.channel(prefix, live);
            Line line = lines.get(channel);
            if (line == null) {
                return;
            }
            Message message = Entry.announced(channel, announcement);
            for (Broker.Listener listener : line.listeners) {
                listener.announced(message);
            }
        }

        @Override
        public void smessage(String live, byte[] announcement) {
            message(live, announcement);
        }

        @Override
        public void subscribed(String live, long count) {
            thread.execute(() -> {
                Line line = lines.get(Keys.channel(prefix, live));
                if (line == null || !line.isBy(connection)) {
                    // Nobody waited any longer.
                    unsubscribe(connection, live);
                } else {
                    line.stands();
                }
            });
        }

        @Override
        public void ssubscribed(String live, long count) {
            subscribed(live, count);
        }

        @Override
        public void unsubscribed(String live, long count) {
            thread.execute(() -> {
                Line line = lines.get(Keys.channel(prefix, live));
                // Its slot moves to another server. One that was left and is wanted again does not stand yet.
                if (line != null && line.isBy(connection) && line.standing) {
                    line.broke();
                    Servers servers = link.servers();
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
            thread.execute(() -> lines.values().stream()
                    .filter(line -> line.isBy(connection))
                    .forEach(Line::broke));
        }
    }
}
