// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.memory.MemoryBudget;
import io.holdfast.memory.MemoryProperties;
import io.holdfast.time.Timers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class LocalBrokerTest extends BrokerContract {

    private static final Duration AGE = Duration.ofMinutes(5);

    /** What a JSON string of 8 characters takes. */
    private static final int TEN = 10;

    /** Of all histories. */
    private static final DataSize ALL = DataSize.ofKilobytes(64);

    private MemoryBudget memory = new MemoryBudget(new MemoryProperties(null, null, null));
    private final Timers timers = new Timers(System::nanoTime);
    private final FanOutExecutor threads = new FanOutExecutor();

    private volatile Instant now = Instant.parse("2026-11-22T10:00:00Z");

    @AfterEach
    void end() {
        threads.destroy();
        timers.destroy();
    }

    @Override
    public Broker open(HistoryProperties limits) {
        return new LocalBroker(limits, () -> now, timers, threads, memory);
    }

    /** The service was started anew. */
    @Override
    public Broker afterLoss(Broker before, HistoryProperties limits) {
        return open(limits);
    }

    @Override
    public Instant now() {
        return now;
    }

    private void openWith(int messages, long bytes, int channels) {
        broker = open(new HistoryProperties(messages, AGE, DataSize.ofBytes(bytes), channels));
    }

    private Broker.HistoryStats kept(String channel) {
        return done(broker.historyStats(channel)).orElseThrow();
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private void assertOverLimit(String channel) {
        assertThatThrownBy(() -> append(channel, draft("a")))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(UnavailableException.class, cause -> {
                    assertThat(cause.code()).isEqualTo("limit");
                    assertThat(cause.sentence()).contains("holdfast.history.channels");
                });
    }

    @Test
    void countIsBounded() {
        openWith(3, 1000, 10);

        fill(10);

        assertThat(kept(CHANNEL).messages()).isEqualTo(3);
        assertThat(offsets(read(From.EARLIEST, KEPT))).isEqualTo(offsets(8, 10));
    }

    @Test
    void bytesOfDataAreBounded() {
        openWith(KEPT, 3 * TEN, 10);
        for (int i = 0; i < 5; i++) {
            append(CHANNEL, draft("12345678"));
        }

        assertThat(kept(CHANNEL).bytes()).isEqualTo(3 * TEN);
        assertThat(offsets(read(From.EARLIEST, KEPT))).isEqualTo(offsets(3, 5));

        append(CHANNEL, draft("1234567890123456789"));

        assertThat(offsets(read(From.EARLIEST, KEPT))).isEqualTo(offsets(6, 6));
    }

    @Test
    void messageOverAllTheBytesIsNotKeptButAnnounced() {
        openWith(KEPT, TEN, 10);
        RecordingListener listener = new RecordingListener();
        done(broker.listen(CHANNEL, listener));

        Position head = append(CHANNEL, draft("more than ten"));

        assertThat(kept(CHANNEL)).isEqualTo(new Broker.HistoryStats(head, 0, 0, 0));
        listener.awaits(offsets(1, 1));
        assertThat(read(new From.After(new Position(head.epoch(), 0)), 1)).isInstanceOf(HistoryPage.Lost.class);
    }

    private static Draft kilobyte(@Nullable String event, @Nullable String key, Instant time) {
        return new Draft(event, key, JsonValue.ofText("x".repeat(1022)), time);
    }

    /** A broker with little memory. */
    private void openSmall() {
        memory = new MemoryBudget(new MemoryProperties(null, null, ALL));
        openWith(KEPT, 1_000_000, 1000);
    }

    private void appendKilobytes(String channel, int count) {
        for (int i = 0; i < count; i++) {
            done(broker.append(channel, kilobyte(null, null, now)));
        }
    }

    @Test
    void memoryOfAllChannelsIsBoundedAndTheLargestGivesWay() {
        openSmall();
        appendKilobytes("quiet", 5);
        appendKilobytes("large", 100);
        appendKilobytes("medium", 10);

        assertThat(kept("quiet").messages()).isEqualTo(5);
        assertThat(kept("medium").messages()).isEqualTo(10);
        assertThat(kept("large").messages()).isBetween(20, 40);
        assertThat(memory.history().used()).isBetween(ALL.toBytes() / 2, ALL.toBytes());
    }

    @Test
    void newestMessageIsKeptHoweverManyChannelsThereAre() {
        openSmall();

        for (int i = 0; i < 100; i++) {
            appendKilobytes("channel-" + i, 2);
        }

        for (int i = 0; i < 100; i++) {
            assertThat(kept("channel-" + i).messages()).isBetween(1, 2);
        }
    }

    @Test
    void namesKeysAndEncodedFormsCountAsMemory() {
        String text = "t".repeat(128);
        RecordingListener listener = new RecordingListener();
        done(broker.listen(CHANNEL, listener));
        done(broker.append(CHANNEL, kilobyte(text, text, now)));
        long before = memory.history().used();

        listener.messages().getFirst().as(message -> ByteBuffer.allocate(5000));

        assertThat(before).isGreaterThan(1024 + 2 * 128);
        assertThat(memory.history().used()).isGreaterThanOrEqualTo(before + 5000);
    }

    @Test
    void memoryIsGivenBackByWhatGoes() {
        appendKilobytes("old", 40);
        assertThat(memory.history().used()).isGreaterThan(40 * 1024);

        pass(AGE.plusMillis(1));

        assertThat(kept("old").messages()).isZero();
        assertThat(memory.history().used()).isZero();
    }

    @Test
    void ageIsBounded() {
        Position old = append(CHANNEL, draft("old"));
        pass(Duration.ofMinutes(3));
        Position young = append(CHANNEL, draft("young"));
        pass(Duration.ofMinutes(2));
        assertThat(offsets(read(From.EARLIEST, KEPT))).isEqualTo(offsets(1, 2));

        pass(Duration.ofMillis(1));

        assertThat(offsets(read(From.EARLIEST, KEPT))).isEqualTo(offsets(2, 2));
        assertThat(offsets(read(new From.After(old), KEPT))).isEqualTo(offsets(2, 2));
        pass(AGE);
        assertThat(messages(read(new From.After(young), KEPT))).isEmpty();
        assertThat(read(new From.After(old), KEPT)).isInstanceOf(HistoryPage.Lost.class);
    }

    @Test
    void keyIsForgottenWithItsMessagesAge() {
        append(CHANNEL, keyed("k", "a"));
        pass(AGE);
        assertThat(done(broker.append(CHANNEL, keyed("k", "a"))).repeated()).isTrue();

        pass(Duration.ofMillis(1));

        assertThat(done(broker.append(CHANNEL, keyed("k", "a"))).repeated()).isFalse();
    }

    @Test
    void channelThatNothingIsLeftOfGivesWayToAnotherAndComesBackWithAnotherEpoch() {
        openWith(KEPT, 1000, 2);
        Position before = append(CHANNEL, draft("a"));
        pass(AGE.plusMillis(1));
        append("two", draft("b"));

        append("three", draft("c"));

        assertThat(broker.channels()).containsExactlyInAnyOrder("two", "three");
        pass(AGE.plusMillis(1));
        assertThat(read(new From.After(before), KEPT)).isInstanceOf(HistoryPage.Lost.class);
        assertThat(head().epoch()).isNotEqualTo(before.epoch());
    }

    @Test
    void channelOverTheLimitIsRefusedAndTheOthersGoOn() {
        openWith(KEPT, 1000, 2);
        append(CHANNEL, draft("a"));
        append("two", draft("b"));

        assertOverLimit("three");

        assertThat(broker.channels()).containsExactlyInAnyOrder(CHANNEL, "two");
        assertThat(append(CHANNEL, draft("c")).offset()).isEqualTo(2);
    }

    @Test
    void channelThatIsListenedToNeverGivesWay() {
        openWith(KEPT, 1000, 1);
        RecordingListener listener = new RecordingListener();
        Broker.Feed feed = done(broker.listen(CHANNEL, listener));
        Position before = append(CHANNEL, draft("a"));
        pass(AGE.multipliedBy(2));
        assertThat(kept(CHANNEL).messages()).isZero();

        assertOverLimit("two");

        assertThat(append(CHANNEL, draft("b"))).isEqualTo(before.next());
        listener.awaits(offsets(1, 2));
        feed.close();
        pass(AGE.plusMillis(1));
        assertThat(append("two", draft("a")).offset()).isEqualTo(1);
    }

    @Test
    void channelWithKeptMessagesNeverGivesWay() {
        openWith(KEPT, 1000, 1);
        Position before = append(CHANNEL, draft("a"));
        pass(AGE);

        assertOverLimit("two");

        assertThat(head()).isEqualTo(before);
    }

    @Test
    void channelsThatAreOnlyAskedForGiveWayToOneAnother() {
        openWith(KEPT, 1000, 2);

        for (int i = 0; i < 10; i++) {
            assertThat(done(broker.read("asked-" + i, From.NOW, 0)).head().offset())
                    .isZero();
        }

        assertThat(broker.channels()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void idleChannelIsSweptAwayAfterTheAgeOfAMessageAndNotBefore() {
        broker = open(new HistoryProperties(KEPT, Duration.ofMillis(400), DataSize.ofBytes(1000), 10));
        append(CHANNEL, draft("a"));
        append("heard", draft("a"));
        done(broker.listen("heard", new RecordingListener()));

        pass(Duration.ofSeconds(1));

        await().untilAsserted(() -> assertThat(broker.channels()).containsExactly("heard"));
    }
}
