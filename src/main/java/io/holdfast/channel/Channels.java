// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import io.holdfast.time.Timers;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * The channels of this service: publish, read, subscribe. However many subscribers a channel has on this node, it has
 * one feed from the broker. Safe from any thread.
 */
@Component
public final class Channels {

    private final Broker broker;
    private final FanOutExecutor executor;
    private final Timers timers;
    private final ChannelCounts counts;
    private final MessageTracing tracing;

    private final ConcurrentHashMap<String, Open> open = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /** A channel with subscribers. The count is touched only within compute. */
    private static final class Open {

        final ChannelFanOut fanOut;
        int subscriptions;

        Open(ChannelFanOut fanOut) {
            this.fanOut = fanOut;
        }
    }

    Channels(Broker broker, FanOutExecutor executor, Timers timers, ChannelCounts counts, MessageTracing tracing) {
        this.broker = broker;
        this.executor = executor;
        this.timers = timers;
        this.counts = counts;
        this.tracing = tracing;
    }

    /**
     * Publishes to a channel, whose name was checked. While the service stops, messages that no other node would deliver are
     * refused.
     *
     * @param transport by which the draft came, as {@code http}
     * @return fails with {@link UnavailableException}
     */
    public CompletionStage<Published> publish(String channel, Draft draft, String transport) {
        if (stopping && !broker.isShared()) {
            return CompletableFuture.failedStage(
                    new UnavailableException("draining", "The service is stopping; publish again in a moment."));
        }
        MessageTracing.Publish span = tracing.publish(channel, draft, transport);
        Draft traced = span == null ? draft : draft.in(span.context());
        return broker.append(channel, traced).handle((published, failure) -> {
            if (published == null) {
                UnavailableException cause = UnavailableException.of(failure);
                if (span != null) {
                    span.failed(cause);
                }
                throw cause;
            }
            if (span != null) {
                span.published(published);
            }
            if (published.repeated()) {
                counts.repeated();
            } else {
                counts.published(transport);
            }
            return published;
        });
    }

    /** Whether messages are accepted; false while the service stops. */
    public void acceptMessages(boolean accept) {
        stopping = !accept;
    }

    /**
     * Reads the history of a channel.
     *
     * @param limit messages at the most
     * @return fails with {@link UnavailableException}
     */
    public CompletionStage<HistoryPage> read(String channel, From from, int limit) {
        return broker.read(channel, from, limit).handle((page, failure) -> {
            if (page == null) {
                throw UnavailableException.of(failure);
            }
            return page;
        });
    }

    /** Subscribes until the subscription is closed. */
    public Subscription subscribe(String channel, From from, Subscription.Mode mode, Subscriber subscriber) {
        ChannelFanOut fanOut = enter(channel);
        Subscription subscription = new Subscription(fanOut, subscriber, mode);
        fanOut.join(subscription, from);
        return subscription;
    }

    private ChannelFanOut enter(String channel) {
        Open entered = open.compute(channel, (name, existing) -> {
            Open now = existing == null ? open(name) : existing;
            now.subscriptions++;
            return now;
        });
        return entered.fanOut;
    }

    private Open open(String channel) {
        return new Open(
                new ChannelFanOut(channel, broker, executor.threads(), timers, counts, tracing, () -> left(channel)));
    }

    private void left(String channel) {
        open.computeIfPresent(channel, (name, existing) -> {
            existing.subscriptions--;
            if (existing.subscriptions > 0) {
                return existing;
            }
            existing.fanOut.close();
            return null;
        });
    }

    /** The names of the channels that this node knows of, in order. */
    public Collection<String> names() {
        return new TreeSet<>(broker.channels());
    }

    /** Statistics of a channel's history, if the channel exists. */
    public CompletionStage<Optional<Broker.HistoryStats>> historyStats(String channel) {
        return broker.historyStats(channel);
    }

    /** Subscribers on this node, by transport. */
    public CompletionStage<Map<String, Integer>> subscribers(String channel) {
        Open now = open.get(channel);
        CompletableFuture<Map<String, Integer>> counted = new CompletableFuture<>();
        if (now == null) {
            counted.complete(Map.of());
        } else {
            now.fanOut.execute(() -> counted.complete(now.fanOut.subscribers()));
        }
        return counted;
    }
}
