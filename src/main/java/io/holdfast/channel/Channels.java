package io.holdfast.channel;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * The channels of this service: publish, read, subscribe. However many subscribers a channel has on this node, the
 * broker is listened to once for it. Safe from any thread.
 */
@Component
public final class Channels {

    private final Broker broker;
    private final FanOut fanOut;
    private final ChannelCounts counts;

    private final ConcurrentHashMap<String, Open> open = new ConcurrentHashMap<>();

    /** A topic that is subscribed to; the count is touched only within compute. */
    private static final class Open {

        final Topic topic;
        int subscriptions;

        Open(Topic topic) {
            this.topic = topic;
        }
    }

    Channels(Broker broker, FanOut fanOut, ChannelCounts counts) {
        this.broker = broker;
        this.fanOut = fanOut;
        this.counts = counts;
    }

    /**
     * Publishes to a channel, whose name is valid.
     *
     * @param transport by which the draft came, as {@code http}
     * @return fails with {@link UnavailableException}
     */
    public CompletionStage<Published> publish(String channel, Draft draft, String transport) {
        return broker.append(channel, draft).handle((published, failure) -> {
            if (published == null) {
                throw UnavailableException.of(failure);
            }
            if (published.repeated()) {
                counts.repeated();
            } else {
                counts.published(transport);
            }
            return published;
        });
    }

    /**
     * What is kept of a channel.
     *
     * @param limit messages at the most
     * @return fails with {@link UnavailableException}
     */
    public CompletionStage<Page> read(String channel, From from, int limit) {
        return broker.read(channel, from, limit).handle((page, failure) -> {
            if (page == null) {
                throw UnavailableException.of(failure);
            }
            return page;
        });
    }

    /** Subscribes until the subscription is closed. */
    public Subscription subscribe(String channel, From from, Subscription.Mode mode, Subscriber subscriber) {
        Topic topic = enter(channel);
        Subscription subscription = new Subscription(topic, subscriber, mode);
        topic.join(subscription, from);
        return subscription;
    }

    private Topic enter(String channel) {
        Open entered = open.compute(channel, (name, existing) -> {
            Open now = existing == null ? open(name) : existing;
            now.subscriptions++;
            return now;
        });
        return entered.topic;
    }

    private Open open(String channel) {
        Topic topic = new Topic(channel, broker, fanOut.threads(), counts, () -> left(channel));
        topic.open();
        return new Open(topic);
    }

    private void left(String channel) {
        open.computeIfPresent(channel, (name, existing) -> {
            existing.subscriptions--;
            if (existing.subscriptions > 0) {
                return existing;
            }
            existing.topic.close();
            return null;
        });
    }

    /** The names of the channels that this node knows of, in order. */
    public Collection<String> names() {
        return new TreeSet<>(broker.channels());
    }

    /** What a channel keeps now, if it exists. */
    public CompletionStage<Optional<Broker.Kept>> kept(String channel) {
        return broker.kept(channel);
    }

    /** Subscribers on this node, by transport. */
    public CompletionStage<Map<String, Integer>> subscribers(String channel) {
        Open now = open.get(channel);
        CompletableFuture<Map<String, Integer>> counted = new CompletableFuture<>();
        if (now == null) {
            counted.complete(Map.of());
        } else {
            now.topic.execute(() -> counted.complete(now.topic.subscribers()));
        }
        return counted;
    }
}
