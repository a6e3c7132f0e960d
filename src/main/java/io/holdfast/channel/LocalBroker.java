// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import io.holdfast.memory.MemoryBudget;
import io.holdfast.memory.MemoryPart;
import io.holdfast.time.Cancellable;
import io.holdfast.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Channels of this node alone, in memory. A channel exists from the first time it is named. It is removed when it has
 * no subscribers, no messages, and has not been used for as long as messages are kept. If it is named again, it gets
 * another epoch. Every stage that it returns is complete.
 */
@Component
@ConditionalOnProperty(name = "holdfast.broker", havingValue = "local", matchIfMissing = true)
final class LocalBroker implements Broker, DisposableBean {

    private static final Duration LONGEST_SWEEP = Duration.ofSeconds(30);
    private static final Duration SHORTEST_SWEEP = Duration.ofMillis(100);

    /** A channel that gives way drops at least this part of its history. */
    private static final int RELIEF_PARTS = 8;

    private final HistoryProperties limits;
    private final InstantSource clock;
    private final Cancellable sweeps;

    // Each log is touched only within compute, which locks it.
    private final ConcurrentHashMap<String, Log> logs = new ConcurrentHashMap<>();
    private final MemoryPart memory;
    private final AtomicBoolean relieving = new AtomicBoolean();
    private final AtomicLong epochs = new AtomicLong(ThreadLocalRandom.current().nextLong(1L << 40));

    private static final class Log {

        final History history;
        final List<Listener> listeners = new CopyOnWriteArrayList<>();
        Instant used = Instant.MIN;

        Log(History history) {
            this.history = history;
        }

        boolean isIdle() {
            return listeners.isEmpty() && history.isEmpty();
        }
    }

    LocalBroker(
            HistoryProperties limits, InstantSource clock, Timers timers, FanOutExecutor fanOut, MemoryBudget memory) {
        this.limits = limits;
        this.clock = clock;
        this.memory = memory.history();
        long sweep = Math.clamp(limits.age().toMillis() / 4, SHORTEST_SWEEP.toMillis(), LONGEST_SWEEP.toMillis());
        this.sweeps = timers.repeat(
                Duration.ofMillis(sweep),
                () -> fanOut.threads().execute(() -> sweep(clock.instant().minus(limits.age()))));
    }

    @Override
    public void destroy() {
        sweeps.cancel();
    }

    @Override
    public CompletionStage<Published> append(String channel, Draft draft) {
        CompletionStage<Published> published = with(channel, log -> switch (log.history.append(draft)) {
            case History.Appended.Repeat(Position first) -> new Published(first, true);
            case History.Appended.New(Message message) -> {
                log.listeners.forEach(listener -> listener.announced(message));
                yield new Published(message.position(), false);
            }
        });
        relieve();
        return published;
    }

    /** Drops the oldest messages of the largest channels while all histories together are over the budget. */
    private void relieve() {
        // Again, as those who published meanwhile found it under way.
        while (memory.isOver() && relieving.compareAndSet(false, true)) {
            try {
                Optional<Map.Entry<String, Log>> largest = largest();
                if (largest.isEmpty()) {
                    return;
                }
                long excess = memory.used() - memory.limit();
                logs.computeIfPresent(largest.get().getKey(), (name, log) -> {
                    // More than needed: to find the largest one is expensive.
                    log.history.dropOldest(Math.max(excess, log.history.droppable() / RELIEF_PARTS));
                    return log;
                });
            } finally {
                relieving.set(false);
            }
        }
    }

    private Optional<Map.Entry<String, Log>> largest() {
        return logs.entrySet().stream()
                .filter(entry -> entry.getValue().history.droppable() > 0)
                .max(Comparator.comparingLong(entry -> entry.getValue().history.droppable()));
    }

    @Override
    public CompletionStage<HistoryPage> read(String channel, From from, int limit) {
        return with(channel, log -> {
            log.history.trimByAge(clock.instant());
            return log.history.read(from, limit);
        });
    }

    @Override
    public CompletionStage<Feed> listen(String channel, Listener listener) {
        return with(channel, log -> {
            log.listeners.add(listener);
            return new LocalFeed(channel, listener, log.history.head());
        });
    }

    @Override
    public CompletionStage<Optional<HistoryStats>> historyStats(String channel) {
        CompletableFuture<Optional<HistoryStats>> result = new CompletableFuture<>();
        // A look at a channel does not keep it from being removed.
        logs.computeIfPresent(channel, (name, log) -> {
            log.history.trimByAge(clock.instant());
            result.complete(Optional.of(log.history.stats(clock.instant())));
            return log;
        });
        result.complete(Optional.empty());
        return result;
    }

    @Override
    public Collection<String> channels() {
        return Collections.unmodifiableSet(logs.keySet());
    }

    private <T> CompletionStage<T> with(String channel, Function<Log, T> action) {
        if (logs.mappingCount() >= limits.channels() && !logs.containsKey(channel)) {
            sweep(Instant.MAX);
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        logs.compute(channel, (name, existing) -> {
            if (existing == null && logs.mappingCount() >= limits.channels()) {
                result.completeExceptionally(new UnavailableException(
                        "limit", "The limit holdfast.history.channels of " + limits.channels() + " is reached."));
                return null;
            }
            Log log = existing == null ? new Log(new History(name, nextEpoch(), limits, memory)) : existing;
            log.used = clock.instant();
            result.complete(action.apply(log));
            return log;
        });
        return result;
    }

    /** Unique in this process, and probably different from those of earlier ones. */
    private String nextEpoch() {
        return Long.toString(epochs.incrementAndGet(), Character.MAX_RADIX);
    }

    /**
     * Drops messages that are too old, and removes channels that are empty and have not been used since {@code
     * unusedSince}.
     */
    private void sweep(Instant unusedSince) {
        for (String channel : logs.keySet()) {
            logs.computeIfPresent(channel, (name, log) -> {
                log.history.trimByAge(clock.instant());
                return log.isIdle() && log.used.isBefore(unusedSince) ? null : log;
            });
        }
    }

    private final class LocalFeed implements Feed {

        private final String channel;
        private final Listener listener;
        private final Position head;

        LocalFeed(String channel, Listener listener, Position head) {
            this.channel = channel;
            this.listener = listener;
            this.head = head;
        }

        @Override
        public Position head() {
            return head;
        }

        @Override
        public void close() {
            logs.computeIfPresent(channel, (name, log) -> {
                log.listeners.remove(listener);
                return log;
            });
        }
    }
}
