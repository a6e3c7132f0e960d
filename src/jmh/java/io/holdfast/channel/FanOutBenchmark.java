// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import io.holdfast.delivery.Delivery;
import io.holdfast.delivery.OpenDeliveries;
import io.holdfast.memory.MemoryBudget;
import io.holdfast.memory.MemoryProperties;
import io.holdfast.session.Events;
import io.holdfast.session.JsonEvents;
import io.holdfast.settings.Defaults;
import io.holdfast.time.Timers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Publishes one message to 1,000 subscribers, whose sockets take all bytes at once. All of it is on one thread. */
@State(Scope.Thread)
public class FanOutBenchmark {

    private static final String CHANNEL = "prices.acme";
    private static final int SUBSCRIBERS = 1000;
    private static final JsonEvents LINES = new JsonEvents("tcp", Events.MESSAGE_LINE, Events.MESSAGE_LINE, true);

    /** For a clock that stands still a round takes no time, so there is no pause after it. */
    private final Timers roundTimers = new Timers(() -> 0);

    private final Timers timers = new Timers(System::nanoTime);
    private final FanOutExecutor threads = new FanOutExecutor();
    private final LocalBroker broker = new LocalBroker(
            Defaults.of(HistoryProperties.class),
            InstantSource.system(),
            timers,
            threads,
            new MemoryBudget(Defaults.of(MemoryProperties.class)));

    public FanOutBenchmark() {
        ChannelFanOut fanOut = new ChannelFanOut(
                CHANNEL, broker, Runnable::run, roundTimers, new ChannelCounts(), MessageTracing.NONE, () -> {});
        OpenDeliveries deliveries = new OpenDeliveries(timers);
        for (int i = 0; i < SUBSCRIBERS; i++) {
            fanOut.join(new Subscription(fanOut, new Lines(deliveries.open()), Subscription.Mode.ALL), From.NOW);
        }
    }

    @Benchmark
    public CompletionStage<Published> publish() {
        return broker.append(CHANNEL, Drafts.create(Instant.now()));
    }

    @TearDown
    public void stop() {
        broker.destroy();
        threads.destroy();
        timers.destroy();
        roundTimers.destroy();
    }

    /** As a session with one channel: events are lines of JSON. */
    private record Lines(Delivery delivery) implements Subscriber {

        @Override
        public String transport() {
            return LINES.transport();
        }

        @Override
        public void subscribed(Position at, Position head, boolean resumed) {
            LINES.subscribed(delivery, null, CHANNEL, at, head, resumed);
        }

        @Override
        public void message(Message message) {
            LINES.message(delivery, message);
        }

        @Override
        public void gap(Position head) {
            LINES.gap(delivery, CHANNEL, head);
        }

        @Override
        public void refused(UnavailableException cause) {
            LINES.refused(delivery, null, cause);
        }

        @Override
        public void flush() {
            LINES.flush(delivery);
        }

        @Override
        public boolean hasRoom() {
            return LINES.hasRoom(delivery);
        }

        @Override
        public boolean isCaughtUp() {
            return LINES.isCaughtUp(delivery);
        }
    }
}
