// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.memory.MemoryBudget;
import io.holdfast.memory.MemoryProperties;
import io.holdfast.support.RecordingSubscriber;
import io.holdfast.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** Lost announcements are read again after an interruption, whenever it is reported, even if no message follows. */
class InterruptionTest {

    private static final String CHANNEL = "news";

    private final Timers timers = new Timers(System::nanoTime);
    private final FanOutExecutor threads = new FanOutExecutor();
    private final DeafBroker broker = new DeafBroker(newEpoch());
    private final Channels channels = new Channels(broker, threads, timers, new ChannelCounts(), MessageTracing.NONE);
    private final RecordingSubscriber reader = new RecordingSubscriber();

    private LocalBroker newEpoch() {
        return new LocalBroker(
                new HistoryProperties(100, Duration.ofMinutes(5), DataSize.ofMegabytes(1), 10),
                InstantSource.system(),
                timers,
                threads,
                new MemoryBudget(new MemoryProperties(null, null, null)));
    }

    @AfterEach
    void end() {
        threads.destroy();
        timers.destroy();
    }

    /** A broker that announces nothing, can be interrupted, and delays its answers until the test releases them. */
    private static final class DeafBroker implements Broker {

        private volatile Broker inside;
        private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
        private volatile boolean slow;
        private volatile @Nullable Listener listener;

        DeafBroker(Broker inside) {
            this.inside = inside;
        }

        void interrupt() {
            Listener told = listener;
            if (told != null) {
                told.interrupted();
            }
        }

        @Override
        public CompletionStage<Published> append(String channel, Draft draft) {
            return inside.append(channel, draft);
        }

        @Override
        public CompletionStage<HistoryPage> read(String channel, From from, int limit) {
            return answer(inside.read(channel, from, limit));
        }

        @Override
        public CompletionStage<Feed> listen(String channel, Listener hears) {
            listener = hears;
            return answer(inside.listen(channel, message -> {}));
        }

        private <T> CompletionStage<T> answer(CompletionStage<T> now) {
            if (!slow) {
                return now;
            }
            CompletableFuture<T> later = new CompletableFuture<>();
            held.add(() -> later.complete(now.toCompletableFuture().join()));
            return later;
        }

        void answerOne() {
            slow = false;
            held.remove().run();
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

    private static Draft draft() {
        return new Draft(null, null, JsonValue.ofText("a"), Instant.now());
    }

    private void subscribe() {
        subscribe(From.NOW, reader);
    }

    private void subscribe(From from, RecordingSubscriber who) {
        channels.subscribe(CHANNEL, from, Subscription.Mode.ALL, who);
        who.awaitsAnything();
    }

    private Position publish() {
        return broker.append(CHANNEL, draft()).toCompletableFuture().join().position();
    }

    @Test
    void whatWasLostIsReadWhenItIsToldOf() {
        subscribe();
        publish();
        publish();

        broker.interrupt();

        reader.awaits("subscribed 0", 1, 2);
    }

    @Test
    void interruptionWhileAnotherIsHealedIsHealedToo() {
        subscribe();
        publish();
        broker.slow = true;
        broker.interrupt();
        await().until(() -> !broker.held.isEmpty());

        publish();
        broker.interrupt();
        broker.answerOne();

        reader.awaits("subscribed 0", 1, 2);
    }

    @Test
    void interruptionBeforeTheHeadIsKnownIsHealedWhenItIs() {
        broker.slow = true;
        channels.subscribe(CHANNEL, From.NOW, Subscription.Mode.ALL, reader);
        await().until(() -> !broker.held.isEmpty());

        publish();
        broker.interrupt();
        broker.answerOne();

        reader.awaits("subscribed 0", 1, 1);
    }

    /** Another node may have told a client of the new epoch before this one knows. */
    @Test
    void subscriberOfAnEpochThatThisNodeDoesNotKnowYetResumes() {
        subscribe();
        publish();
        broker.inside = newEpoch();
        Position known = publish();
        publish();
        RecordingSubscriber other = new RecordingSubscriber();

        subscribe(new From.After(known), other);

        assertThat(other.told()).startsWith("subscribed 1");
        await().untilAsserted(() -> assertThat(other.messages()).containsExactly(2L));
        assertThat(other.gaps()).isEmpty();
        assertThat(reader.gaps()).containsExactly(new Position(known.epoch(), 2));
    }

    @Test
    void subscriberOfAnEpochThatHasEndedIsToldOfOneGapToTheNewOne() {
        subscribe();
        Position last = publish();
        broker.inside = newEpoch();
        Position now = publish();
        RecordingSubscriber other = new RecordingSubscriber();

        subscribe(new From.After(last), other);
        broker.interrupt();
        publish();
        broker.interrupt();

        await().untilAsserted(() -> assertThat(other.messages()).containsExactly(2L));
        assertThat(other.gaps()).containsExactly(now);
    }

    /** Offsets of the old epoch mean nothing in the new one. */
    @Test
    void subscriberWithoutRoomIsToldOfTheGapWhenItHasSome() {
        subscribe();
        Position first = publish();
        publish();
        RecordingSubscriber other = new RecordingSubscriber();
        other.setRoom(false);
        Subscription slow = channels.subscribe(
                CHANNEL, new From.After(new Position(first.epoch(), 0)), Subscription.Mode.ALL, other);
        other.awaitsAnything();
        broker.inside = newEpoch();
        publish();
        publish();
        Position now = publish();
        broker.interrupt();
        await().until(() -> reader.gaps().size() == 1);

        other.setRoom(true);
        slow.ready();

        await().untilAsserted(() -> assertThat(other.gaps()).containsExactly(now));
        assertThat(other.messages()).isEmpty();
    }
}
