// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import io.holdfast.time.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A channel as this node sees it: one feed from the broker, handed to the node's subscribers in rounds. All messages
 * that came since the last round go to a subscriber together, so that they leave in one write.
 *
 * <p>Confined to its serial executor, except for the methods that are marked as safe from any thread.
 */
final class ChannelFanOut implements Broker.Listener {

    /** The longest pause after a round, and so the longest time that a message waits for its round. */
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    /** Messages that are read at a time when announcements were lost. */
    private static final int HEALED_AT_ONCE = 1000;

    /** The wait before something that failed is tried again. */
    private static final Duration RETRY = Duration.ofMillis(500);

    private final String channel;
    private final Broker broker;
    private final Timers timers;
    private final SerialExecutor executor;
    private final ChannelCounts counts;
    private final MessageTracing tracing;
    private final Runnable onLeft;

    private final Set<Subscription> members = new LinkedHashSet<>();
    private final Map<Subscription, From> waitingForFeed = new LinkedHashMap<>();
    private Broker.@Nullable Feed feed;
    private boolean listening;
    private @Nullable Position head;
    private @Nullable Message newest;
    private boolean healing;
    private final List<Runnable> afterHealing = new ArrayList<>();
    private boolean closed;
    private boolean interrupted;
    private int delivered;

    private final Queue<Message> announced = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean roundDue = new AtomicBoolean();
    private volatile long nextRound;

    /** @param onLeft called for each subscription that has ended */
    ChannelFanOut(
            String channel,
            Broker broker,
            Executor threads,
            Timers timers,
            ChannelCounts counts,
            MessageTracing tracing,
            Runnable onLeft) {
        this.channel = channel;
        this.broker = broker;
        this.timers = timers;
        this.executor = new SerialExecutor(threads);
        this.nextRound = timers.nanos();
        this.counts = counts;
        this.tracing = tracing;
        this.onLeft = onLeft;
    }

    /** Safe from any thread. */
    void execute(Runnable task) {
        executor.execute(() -> {
            task.run();
            counts.delivered(delivered);
            delivered = 0;
        });
    }

    /** A subscriber was handed a message. */
    void delivered() {
        delivered++;
    }

    private void listen() {
        listening = true;
        broker.listen(channel, this).whenComplete((begun, why) -> execute(() -> listening(begun, why)));
    }

    /** If it failed, the next subscriber has it tried again, also if refused ones have not left yet. */
    private void listening(Broker.@Nullable Feed begun, @Nullable Throwable why) {
        listening = false;
        Map<Subscription, From> waiting = new LinkedHashMap<>(waitingForFeed);
        waitingForFeed.clear();
        if (begun == null) {
            UnavailableException cause = UnavailableException.of(why);
            waiting.keySet().forEach(member -> refuse(member, cause));
        } else if (closed) {
            begun.close();
        } else {
            feed = begun;
            if (head == null) {
                head = begun.head();
            }
            waiting.forEach(this::start);
            if (interrupted) {
                heal();
            }
        }
    }

    private static void refuse(Subscription member, UnavailableException cause) {
        if (!member.hasLeft()) {
            member.subscriber().refused(cause);
        }
    }

    /** Ends the feed. Safe from any thread. */
    void close() {
        execute(() -> {
            closed = true;
            if (feed != null) {
                feed.close();
            }
        });
    }

    /** Listens to the broker for the first one. Safe from any thread. */
    void join(Subscription subscription, From from) {
        execute(() -> {
            members.add(subscription);
            if (feed != null) {
                start(subscription, from);
                return;
            }
            waitingForFeed.put(subscription, from);
            if (!listening) {
                listen();
            }
        });
    }

    private void start(Subscription subscription, From from) {
        if (!subscription.hasLeft()) {
            // Messages that were published before it joined are not for it.
            round();
            subscription.start(from);
            subscription.subscriber().flush();
        }
    }

    /** Safe from any thread. */
    void leave(Subscription subscription, Runnable then) {
        execute(() -> {
            if (members.remove(subscription)) {
                subscription.closed();
                onLeft.run();
            }
            then.run();
        });
    }

    void read(Subscription subscription, From from, int limit) {
        broker.read(channel, from, limit)
                .whenComplete((page, why) -> execute(() -> {
                    if (page == null) {
                        subscription.notRead(UnavailableException.of(why));
                    } else if (page.head().epoch().equals(head().epoch())) {
                        // After this the head is as new as the page.
                        round();
                        subscription.page(page);
                    } else {
                        // An epoch has ended, and either the page or the head does not know yet.
                        afterHealing.add(subscription::readAgain);
                        heal();
                    }
                }));
    }

    /** Runs {@code task} when something that failed may be possible again. */
    void later(Runnable task) {
        timers.after(RETRY, () -> execute(task));
    }

    /** Safe from any thread, if calls for one channel come one after the other. */
    @Override
    public void announced(Message message) {
        announced.add(message);
        if (roundDue.compareAndSet(false, true)) {
            long pause = nextRound - timers.nanos();
            if (pause <= 0) {
                execute(this::round);
            } else {
                timers.preciselyAfter(pause, () -> execute(this::round));
            }
        }
    }

    /** Safe from any thread. */
    @Override
    public void interrupted() {
        execute(() -> {
            // Noted until it can be read: a read in progress may miss it, and without a head there is none.
            interrupted = true;
            heal();
        });
    }

    private void round() {
        roundDue.set(false);
        if (healing || announced.isEmpty()) {
            return;
        }
        List<Message> messages = new ArrayList<>();
        Position at = head;
        Message next;
        while ((next = announced.poll()) != null) {
            Position position = next.position();
            if (at == null || position.equals(at.next())) {
                messages.add(next);
                at = position;
            } else if (!position.epoch().equals(at.epoch()) || position.isAfter(at)) {
                handOut(messages);
                heal();
                return;
            }
        }
        handOut(messages);
    }

    private void handOut(List<Message> messages) {
        if (messages.isEmpty()) {
            return;
        }
        long began = timers.nanos();
        newest = messages.getLast();
        head = newest.position();
        for (Subscription member : members) {
            member.announced(messages);
        }
        long ended = timers.nanos();
        counts.fannedOut(ended - began);
        tracing.fannedOut(messages, members.size(), ended - began);
        nextRound = ended + pauseAfter(messages, ended - began);
    }

    /**
     * Messages that come faster than rounds can be handed out have to share them. So there is a pause as long as the round
     * after one with several. If each has a round of its own, none waits.
     */
    private static long pauseAfter(List<Message> messages, long duration) {
        return messages.size() > 1 ? Math.min(duration, LONGEST_PAUSE) : 0;
    }

    /** Announcements were lost: reads the missed messages. What is announced meanwhile waits. */
    private void heal() {
        Position at = head;
        if (at != null && !healing && !closed) {
            healing = true;
            interrupted = false;
            broker.read(channel, new From.After(at), HEALED_AT_ONCE)
                    .whenComplete((page, failure) -> execute(() -> healed(page)));
        }
    }

    private void healed(@Nullable HistoryPage page) {
        healing = false;
        switch (page) {
            case HistoryPage.Messages missed -> {
                handOut(missed.messages());
                if (missed.hasMore()) {
                    heal();
                }
            }
            case HistoryPage.Lost(Position now) -> {
                head = now;
                newest = null;
                members.forEach(member -> member.lost(now));
                members.forEach(member -> member.subscriber().flush());
            }
            case null -> later(this::heal);
        }
        List<Runnable> waited = List.copyOf(afterHealing);
        afterHealing.clear();
        waited.forEach(Runnable::run);
        if (interrupted) {
            heal();
        }
        round();
    }

    Position head() {
        return Objects.requireNonNull(head);
    }

    @Nullable
    Message newest() {
        return newest;
    }

    ChannelCounts counts() {
        return counts;
    }

    /** The number of subscribers by transport. */
    Map<String, Integer> subscribers() {
        Map<String, Integer> byTransport = new TreeMap<>();
        members.forEach(member -> byTransport.merge(member.subscriber().transport(), 1, Integer::sum));
        return byTransport;
    }
}
