// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.memory.MemoryBudget;
import io.holdfast.memory.MemoryProperties;
import io.holdfast.support.RecordingSubscriber;
import io.holdfast.time.Timers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** Subscriptions to a slow broker. */
class ChannelsTest {

    private static final String CHANNEL = "news";

    private final Timers timers = new Timers(System::nanoTime);
    private final FanOutExecutor threads = new FanOutExecutor();
    private final ChannelCounts counts = new ChannelCounts();
    private final SlowBroker broker = new SlowBroker(new LocalBroker(
            new HistoryProperties(1000, Duration.ofMinutes(5), DataSize.ofMegabytes(1), 100),
            InstantSource.system(),
            timers,
            threads,
            new MemoryBudget(new MemoryProperties(null, null, null))));
    private final Channels channels = new Channels(broker, threads, timers, counts, MessageTracing.NONE);

    @AfterEach
    void end() {
        threads.destroy();
        timers.destroy();
    }

    /** Delays its answers to listening and reading until the test releases them. They show the state at the time of the call. */
    private static final class SlowBroker implements Broker {

        private final Broker inside;
        private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
        private volatile boolean holding;
        private volatile boolean failing;

        SlowBroker(Broker inside) {
            this.inside = inside;
        }

        private <T> CompletionStage<T> later(CompletionStage<T> now) {
            if (!holding) {
                return now;
            }
            CompletableFuture<T> later = new CompletableFuture<>();
            held.add(() -> {
                if (failing) {
                    later.completeExceptionally(new UnavailableException("unavailable", "Not now."));
                } else {
                    later.complete(now.toCompletableFuture().join());
                }
            });
            return later;
        }

        void awaitHeld(int count) {
            await().untilAsserted(() -> assertThat(held).hasSize(count));
        }

        void letGo() {
            held.remove().run();
        }

        @Override
        public CompletionStage<Published> append(String channel, Draft draft) {
            return inside.append(channel, draft);
        }

        @Override
        public CompletionStage<HistoryPage> read(String channel, From from, int limit) {
            return later(inside.read(channel, from, limit));
        }

        @Override
        public CompletionStage<Feed> listen(String channel, Listener listener) {
            return later(inside.listen(channel, listener));
        }

        @Override
        public CompletionStage<Optional<HistoryStats>> historyStats(String channel) {
            return inside.historyStats(channel);
        }

        @Override
        public Collection<String> channels() {
            return inside.channels();
        }
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            BrokerContract.done(
                    channels.publish(CHANNEL, new Draft(null, null, JsonValue.ofText("a"), Instant.now()), "test"));
        }
    }

    private RecordingSubscriber subscribe(From from) {
        RecordingSubscriber reader = new RecordingSubscriber();
        channels.subscribe(CHANNEL, from, Subscription.Mode.ALL, reader);
        return reader;
    }

    @Test
    void whatIsPublishedWhileHistoryIsReadFollowsItOnce() {
        publish(3);
        RecordingSubscriber standing = subscribe(From.NOW);
        standing.awaits("subscribed 3", 1, 0);
        broker.holding = true;
        RecordingSubscriber reader = subscribe(From.EARLIEST);
        broker.awaitHeld(1);
        publish(4);
        standing.awaits("subscribed 3", 4, 7);

        broker.letGo();

        reader.awaits("subscribed 0", 1, 7);
    }

    @Test
    void moreThanIsPutByWhileHistoryIsReadIsReadAgain() {
        publish(3);
        RecordingSubscriber standing = subscribe(From.NOW);
        standing.awaits("subscribed 3", 1, 0);
        broker.holding = true;
        RecordingSubscriber reader = subscribe(From.EARLIEST);
        broker.awaitHeld(1);
        publish(350);
        standing.awaits("subscribed 3", 4, 353);

        broker.holding = false;
        broker.letGo();

        reader.awaits("subscribed 0", 1, 353);
        publish(1);
        reader.awaits("subscribed 0", 1, 354);
    }

    @Test
    void whoComesBeforeTheBrokerListensGetsWhatIsPublishedFromThenOn() {
        publish(2);
        broker.holding = true;
        RecordingSubscriber reader = subscribe(From.NOW);
        broker.awaitHeld(1);

        broker.letGo();

        reader.awaitsAnything();
        publish(2);
        reader.awaits("subscribed 2", 3, 4);
    }

    @Test
    void everybodyOfAChannelThatCantBeListenedToIsRefused() {
        broker.holding = true;
        broker.failing = true;
        RecordingSubscriber early = subscribe(From.NOW);
        broker.awaitHeld(1);
        broker.letGo();
        early.awaits("refused unavailable", 1, 0);

        RecordingSubscriber late = subscribe(From.EARLIEST);
        broker.awaitHeld(1);
        broker.letGo();

        late.awaits("refused unavailable", 1, 0);
        assertThat(early.told()).containsExactly("refused unavailable");
    }

    /** Many that try again would otherwise keep each other out, as there is always one that has not left yet. */
    @Test
    void channelIsListenedToAgainBeforeTheRefusedHaveLeft() {
        broker.holding = true;
        broker.failing = true;
        RecordingSubscriber refused = subscribe(From.NOW);
        broker.awaitHeld(1);
        broker.letGo();
        refused.awaits("refused unavailable", 1, 0);

        broker.holding = false;
        RecordingSubscriber next = subscribe(From.NOW);
        next.awaits("subscribed 0", 1, 0);
        publish(1);

        next.awaits("subscribed 0", 1, 1);
        assertThat(refused.told()).containsExactly("refused unavailable");
    }

    @Test
    void channelIsListenedToAgainWhenTheRefusedHaveLeft() {
        broker.holding = true;
        broker.failing = true;
        RecordingSubscriber refused = new RecordingSubscriber();
        Subscription subscription = channels.subscribe(CHANNEL, From.NOW, Subscription.Mode.ALL, refused);
        broker.awaitHeld(1);
        broker.letGo();
        refused.awaits("refused unavailable", 1, 0);
        CompletableFuture<Void> left = new CompletableFuture<>();
        subscription.close(() -> left.complete(null));
        BrokerContract.done(left);

        broker.holding = false;
        RecordingSubscriber next = subscribe(From.NOW);
        next.awaits("subscribed 0", 1, 0);
        publish(1);

        next.awaits("subscribed 0", 1, 1);
    }

    @Test
    void subscriptionClosedWhileHistoryIsReadGetsNothing() {
        publish(3);
        broker.holding = true;
        RecordingSubscriber reader = new RecordingSubscriber();
        Subscription subscription = channels.subscribe(CHANNEL, From.EARLIEST, Subscription.Mode.ALL, reader);
        broker.awaitHeld(1);
        broker.letGo();
        broker.awaitHeld(1);

        CompletableFuture<Void> closed = new CompletableFuture<>();
        subscription.close(() -> closed.complete(null));
        BrokerContract.done(closed);
        broker.letGo();

        // The serial executor has then done all earlier tasks.
        BrokerContract.done(channels.subscribers(CHANNEL));
        assertThat(reader.told()).isEmpty();
        assertThat(BrokerContract.done(channels.subscribers(CHANNEL))).isEmpty();
    }

    @Test
    void messageIsEncodedOnceForHoweverManySubscribers() {
        AtomicInteger encodings = new AtomicInteger();
        Encoding form = message -> {
            encodings.incrementAndGet();
            return ByteBuffer.wrap(message.toString().getBytes(StandardCharsets.UTF_8));
        };
        Queue<ByteBuffer> bytes = new ConcurrentLinkedQueue<>();
        Message message = new Message(
                CHANNEL, new Position("a", 1), new Draft(null, null, JsonValue.ofText("hello"), Instant.now()));
        for (int i = 0; i < 10_000; i++) {
            bytes.add(message.as(form));
        }

        assertThat(encodings).hasValue(1);
        bytes.element().position(3);
        assertThat(bytes.stream().skip(1)).allMatch(one -> one.position() == 0 && one.isReadOnly());
        assertThat(bytes.stream().skip(1).distinct()).hasSize(1);
    }
}
