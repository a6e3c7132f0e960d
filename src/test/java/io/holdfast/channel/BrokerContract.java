// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** The contract of every broker. Its stages and announcements may complete at any time. */
public abstract class BrokerContract {

    public static final String CHANNEL = "news";

    /** What a broker here keeps of a channel, where a test is not about it. */
    public static final int KEPT = 500;

    private static final int PUBLISHERS = 4;
    private static final int EACH = 100;
    private static final int LISTENERS = 50;

    Broker broker;

    /** A broker with nothing in it. */
    public abstract Broker open(HistoryProperties limits);

    /** A broker with the same channels as {@code before}, whose data was lost. */
    public abstract Broker afterLoss(Broker before, HistoryProperties limits);

    /** The time stamp of messages. */
    public Instant now() {
        return Instant.now();
    }

    @BeforeEach
    public void openOne() {
        broker = open(keeping(KEPT));
    }

    public static HistoryProperties keeping(int messages) {
        return new HistoryProperties(messages, Duration.ofMinutes(5), DataSize.ofMegabytes(1), 100);
    }

    public static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    public Draft draft(String text) {
        return new Draft(null, null, JsonValue.ofText(text), now());
    }

    public Draft keyed(String key, String text) {
        return new Draft(null, key, JsonValue.ofText(text), now());
    }

    public Position append(String channel, Draft draft) {
        return done(broker.append(channel, draft)).position();
    }

    /** Publishes this many messages, whose data is their number from 1. */
    public Position fill(int count) {
        Position last = head();
        for (int i = 1; i <= count; i++) {
            last = append(CHANNEL, draft(String.valueOf(i)));
        }
        return last;
    }

    public Position head() {
        return done(broker.read(CHANNEL, From.NOW, 0)).head();
    }

    public HistoryPage read(From from, int limit) {
        return done(broker.read(CHANNEL, from, limit));
    }

    public static List<Message> messages(HistoryPage page) {
        assertThat(page).isInstanceOf(HistoryPage.Messages.class);
        return ((HistoryPage.Messages) page).messages();
    }

    public static List<Long> offsets(HistoryPage page) {
        return messages(page).stream()
                .map(message -> message.position().offset())
                .toList();
    }

    public static List<Long> offsets(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    public static From after(Position head, long offset) {
        return new From.After(new Position(head.epoch(), offset));
    }

    @Test
    public void positionsOfAChannelGrowByOneFromOne() {
        Position first = append(CHANNEL, draft("a"));
        Position second = append(CHANNEL, draft("b"));
        Position third = append(CHANNEL, draft("c"));

        assertThat(List.of(first.offset(), second.offset(), third.offset())).containsExactly(1L, 2L, 3L);
        assertThat(List.of(second.epoch(), third.epoch())).containsOnly(first.epoch());
    }

    @Test
    public void channelsCountEachForThemselves() {
        append(CHANNEL, draft("a"));
        append("other", draft("b"));

        assertThat(append(CHANNEL, draft("c")).offset()).isEqualTo(2);
        assertThat(append("other", draft("d")).offset()).isEqualTo(2);
        assertThat(messages(read(From.EARLIEST, KEPT)))
                .extracting(message -> message.data().text())
                .containsExactly("a", "c");
    }

    static Stream<@Nullable TraceContext> traces() {
        String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        return Stream.of(
                null, new TraceContext(parent, null), new TraceContext(parent, "rojo=00f067aa0ba902b7,t@x=\"a b\\"));
    }

    @ParameterizedTest
    @MethodSource("traces")
    public void traceContextTravelsWithTheMessageToListenersAndThroughTheHistory(@Nullable TraceContext trace) {
        RecordingListener listener = new RecordingListener();
        done(broker.listen(CHANNEL, listener));

        append(CHANNEL, new Draft(null, null, JsonValue.ofText("a"), now(), trace));
        append(CHANNEL, new Draft("price", "key 1", JsonValue.ofText("b"), now(), trace));

        await().until(() -> listener.messages().size() == 2);
        for (List<Message> way : List.of(listener.messages(), messages(read(From.EARLIEST, KEPT)))) {
            assertThat(way).extracting(Message::trace).containsExactly(trace, trace);
            assertThat(way).extracting(Message::key).containsExactly(null, "key 1");
            assertThat(way).extracting(message -> message.data().text()).containsExactly("a", "b");
        }
        assertThat(done(broker.append(CHANNEL, keyed("key 1", "again"))).repeated())
                .isTrue();
    }

    @Test
    public void headOfAChannelThatNobodyWroteToIsBeforeTheFirstMessage() {
        assertThat(head().offset()).isZero();
        assertThat(append(CHANNEL, draft("a"))).isEqualTo(new Position(head().epoch(), 1));
    }

    @Test
    public void epochIsAnotherOneAfterALoss() {
        Position before = fill(3);

        broker = afterLoss(broker, keeping(KEPT));

        assertThat(read(new From.After(before), KEPT)).isInstanceOf(HistoryPage.Lost.class);
        Position after = append(CHANNEL, draft("a"));
        assertThat(after.offset()).isEqualTo(1);
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
    }

    @Test
    public void messageIsKeptAsItWasPublished() {
        JsonValue data = Objects.requireNonNull(JsonValue.parse("{\"price\": [7, null, \"é\\n\"]}"));
        Draft draft = new Draft("price", "7f1c", data, now());

        Position position = append(CHANNEL, draft);

        Message message = messages(read(From.EARLIEST, 1)).getFirst();
        assertThat(message.channel()).isEqualTo(CHANNEL);
        assertThat(message.position()).isEqualTo(position);
        assertThat(message.event()).isEqualTo("price");
        assertThat(message.data().toString()).isEqualTo("{\"price\":[7,null,\"é\\n\"]}");
        assertThat(message.time().toEpochMilli()).isEqualTo(draft.time().toEpochMilli());
    }

    @Test
    public void readingFromNowGivesTheHeadAlone() {
        Position head = fill(3);

        HistoryPage page = read(From.NOW, KEPT);

        assertThat(messages(page)).isEmpty();
        assertThat(page.head()).isEqualTo(head);
    }

    @Test
    public void readingTheEarliestGivesAllThatIsKeptUpToTheLimit() {
        Position head = fill(7);

        assertThat(offsets(read(From.EARLIEST, KEPT))).isEqualTo(offsets(1, 7));
        assertThat(offsets(read(From.EARLIEST, 3))).isEqualTo(offsets(1, 3));
        assertThat(read(From.EARLIEST, 3).head()).isEqualTo(head);
    }

    @Test
    public void readingAfterAPositionGivesWhatFollowsItUpToTheLimit() {
        Position head = fill(7);

        assertThat(offsets(read(after(head, 0), KEPT))).isEqualTo(offsets(1, 7));
        assertThat(offsets(read(after(head, 2), KEPT))).isEqualTo(offsets(3, 7));
        assertThat(offsets(read(after(head, 2), 2))).isEqualTo(offsets(3, 4));
        assertThat(messages(read(after(head, 7), KEPT))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8})
    public void pagesTogetherGiveEverythingOnce(int limit) {
        Position head = fill(7);

        List<Long> all = new ArrayList<>();
        HistoryPage page = read(From.EARLIEST, limit);
        while (!messages(page).isEmpty()) {
            all.addAll(offsets(page));
            page = read(after(head, all.getLast()), limit);
        }

        assertThat(all).isEqualTo(offsets(1, 7));
    }

    @Test
    public void pageSaysWhetherThereIsMore() {
        fill(3);

        assertThat(((HistoryPage.Messages) read(From.EARLIEST, 2)).hasMore()).isTrue();
        assertThat(((HistoryPage.Messages) read(From.EARLIEST, 3)).hasMore()).isFalse();
        assertThat(((HistoryPage.Messages) read(From.NOW, 3)).hasMore()).isFalse();
    }

    @Test
    public void positionWhoseNextMessageWasTrimmedIsLost() {
        broker = open(keeping(3));
        Position head = fill(5);

        assertThat(read(after(head, 1), KEPT)).isEqualTo(new HistoryPage.Lost(head));
        assertThat(read(after(head, 0), KEPT)).isEqualTo(new HistoryPage.Lost(head));
        assertThat(offsets(read(after(head, 2), KEPT))).isEqualTo(offsets(3, 5));
        assertThat(offsets(read(From.EARLIEST, KEPT))).isEqualTo(offsets(3, 5));
    }

    @Test
    public void positionOfAnotherEpochIsLost() {
        Position head = fill(3);

        assertThat(read(new From.After(new Position("other", 3)), KEPT)).isEqualTo(new HistoryPage.Lost(head));
        assertThat(read(new From.After(new Position("other", 0)), KEPT)).isEqualTo(new HistoryPage.Lost(head));
    }

    @Test
    public void positionAheadOfTheHeadIsLost() {
        Position head = fill(3);

        assertThat(read(after(head, 4), KEPT)).isEqualTo(new HistoryPage.Lost(head));
        assertThat(read(after(head, 999_999_999_999_999_999L), KEPT)).isEqualTo(new HistoryPage.Lost(head));
    }

    @Test
    public void channelThatKeepsNothingStillKnowsWhoMissedNothing() {
        broker = open(keeping(0));
        Position head = fill(3);

        assertThat(messages(read(new From.After(head), KEPT))).isEmpty();
        assertThat(read(after(head, 2), KEPT)).isEqualTo(new HistoryPage.Lost(head));
        assertThat(messages(read(From.EARLIEST, KEPT))).isEmpty();
    }

    @Test
    public void repeatUnderAKeyAnswersTheFirstPositionAndAnnouncesNothing() {
        RecordingListener listener = new RecordingListener();
        done(broker.listen(CHANNEL, listener));
        Published first = done(broker.append(CHANNEL, keyed("k", "a")));
        append(CHANNEL, draft("b"));

        Published repeat = done(broker.append(CHANNEL, keyed("k", "other data")));

        assertThat(first.repeated()).isFalse();
        assertThat(repeat).isEqualTo(new Published(first.position(), true));
        assertThat(append(CHANNEL, keyed("another", "c")).offset()).isEqualTo(3);
        listener.awaits(offsets(1, 3));
        assertThat(messages(read(From.EARLIEST, KEPT)))
                .extracting(message -> message.data().text())
                .containsExactly("a", "b", "c");
    }

    @Test
    public void keysOfOneChannelAreNothingToAnother() {
        append(CHANNEL, keyed("k", "a"));

        assertThat(done(broker.append("other", keyed("k", "a"))).repeated()).isFalse();
    }

    @Test
    public void keyIsForgottenWithItsMessage() {
        broker = open(keeping(3));
        append(CHANNEL, keyed("k", "a"));
        fill(2);
        assertThat(done(broker.append(CHANNEL, keyed("k", "a"))).repeated()).isTrue();

        append(CHANNEL, draft("trims the first"));
        Published again = done(broker.append(CHANNEL, keyed("k", "a")));

        assertThat(again.repeated()).isFalse();
        assertThat(again.position().offset()).isEqualTo(5);
        assertThat(done(broker.append(CHANNEL, keyed("k", "a")))).isEqualTo(new Published(again.position(), true));
    }

    @Test
    public void messagesPublishedAtOnceKeepTheirOrder() {
        RecordingListener listener = new RecordingListener();
        done(broker.listen(CHANNEL, listener));

        List<Published> all = atOnce(LongStream.rangeClosed(1, KEPT)
                .mapToObj(i -> draft(String.valueOf(i)))
                .toList());

        assertThat(all).extracting(published -> published.position().offset()).isEqualTo(offsets(1, KEPT));
        assertThat(all).extracting(published -> published.position().epoch()).containsOnly(head().epoch());
        listener.awaits(offsets(1, KEPT));
        assertThat(messages(read(From.EARLIEST, KEPT)))
                .extracting(message -> message.data().text())
                .containsExactlyElementsOf(
                        offsets(1, KEPT).stream().map(String::valueOf).toList());
    }

    @Test
    public void keysAndLimitsHoldAmongMessagesPublishedAtOnce() {
        broker = open(keeping(3));
        RecordingListener listener = new RecordingListener();
        done(broker.listen(CHANNEL, listener));

        List<Published> all = atOnce(List.of(
                draft("a"), keyed("k", "b"), keyed("k", "b"), draft("c"), draft("d"), draft("e"), keyed("k", "b")));

        assertThat(all)
                .extracting(published -> published.position().offset())
                .containsExactly(1L, 2L, 2L, 3L, 4L, 5L, 6L);
        assertThat(all).extracting(Published::repeated).containsExactly(false, false, true, false, false, false, false);
        listener.awaits(offsets(1, 6));
        assertThat(messages(read(From.EARLIEST, KEPT)))
                .extracting(message -> message.data().text())
                .containsExactly("d", "e", "b");
    }

    /** Publishes all without waiting for answers. */
    private List<Published> atOnce(List<Draft> drafts) {
        List<CompletionStage<Published>> all =
                drafts.stream().map(draft -> broker.append(CHANNEL, draft)).toList();
        return all.stream().map(BrokerContract::done).toList();
    }

    @Test
    public void everyListenerHearsEveryMessageOnceInOrder() {
        Position before = fill(2);
        RecordingListener one = new RecordingListener();
        RecordingListener two = new RecordingListener();
        Broker.Feed first = done(broker.listen(CHANNEL, one));
        fill(3);
        Broker.Feed second = done(broker.listen(CHANNEL, two));
        fill(3);

        assertThat(first.head()).isEqualTo(before);
        assertThat(second.head().offset()).isEqualTo(5);
        one.awaits(offsets(3, 8));
        two.awaits(offsets(6, 8));
        assertThat(one.messages()).extracting(Message::channel).containsOnly(CHANNEL);
    }

    @Test
    public void listenerOfOneChannelHearsNothingOfAnother() {
        RecordingListener listener = new RecordingListener();
        done(broker.listen(CHANNEL, listener));

        append("other", draft("a"));
        append(CHANNEL, draft("b"));

        await().until(() -> !listener.messages().isEmpty());
        assertThat(listener.messages())
                .extracting(message -> message.data().text())
                .containsExactly("b");
    }

    @Test
    public void closedFeedHearsNoMoreAndTheOthersGoOn() {
        RecordingListener closes = new RecordingListener();
        RecordingListener stays = new RecordingListener();
        Broker.Feed feed = done(broker.listen(CHANNEL, closes));
        done(broker.listen(CHANNEL, stays));
        fill(2);
        closes.awaits(offsets(1, 2));

        feed.close();
        fill(2);

        stays.awaits(offsets(1, 4));
        assertThat(closes.offsets()).isEqualTo(offsets(1, 2));
    }

    @Test
    public void concurrentPublishersKeepTheirOrderAndLeaveNoHole() throws InterruptedException {
        RecordingListener listener = new RecordingListener();
        done(broker.listen(CHANNEL, listener));
        Set<Position> answered = ConcurrentHashMap.newKeySet();
        List<Thread> publishers = new ArrayList<>();
        for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
            String name = publisher + "-";
            publishers.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < EACH; i++) {
                    answered.add(append(CHANNEL, draft(name + i)));
                }
            }));
        }
        for (Thread publisher : publishers) {
            publisher.join();
        }

        List<Message> kept = messages(read(From.EARLIEST, KEPT));

        listener.awaits(offsets(1, PUBLISHERS * EACH));
        assertThat(answered)
                .isEqualTo(new HashSet<>(kept.stream().map(Message::position).toList()));
        assertThat(texts(listener.messages(), null)).isEqualTo(texts(kept, null));
        for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
            String name = publisher + "-";
            assertThat(texts(kept, name))
                    .isEqualTo(LongStream.range(0, EACH).mapToObj(i -> name + i).toList());
        }
    }

    @Test
    public void repeatsUnderAKeyThatComeTogetherPublishOnce() throws InterruptedException {
        Queue<Published> answers = new ConcurrentLinkedQueue<>();
        List<Thread> publishers = new ArrayList<>();
        for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
            publishers.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < EACH; i++) {
                    answers.add(done(broker.append(CHANNEL, keyed("k" + i, "a"))));
                }
            }));
        }
        for (Thread publisher : publishers) {
            publisher.join();
        }

        assertThat(head().offset()).isEqualTo(EACH);
        assertThat(answers.stream().filter(answer -> !answer.repeated())).hasSize(EACH);
        assertThat(answers.stream().map(Published::position).distinct()).hasSize(EACH);
    }

    private static List<String> texts(List<Message> messages, @Nullable String start) {
        return messages.stream()
                .map(message -> message.data().text())
                .filter(text -> start == null || text.startsWith(start))
                .toList();
    }

    @Test
    public void listeningWhileOthersPublishBeginsExactlyAfterTheHead() throws InterruptedException {
        Thread publisher = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < KEPT; i++) {
                append(CHANNEL, draft(String.valueOf(i)));
            }
        });
        List<RecordingListener> listeners = new ArrayList<>();
        List<Broker.Feed> feeds = new ArrayList<>();
        while (publisher.isAlive() && listeners.size() < LISTENERS) {
            RecordingListener listener = new RecordingListener();
            listeners.add(listener);
            feeds.add(done(broker.listen(CHANNEL, listener)));
        }
        publisher.join();

        for (int i = 0; i < listeners.size(); i++) {
            listeners.get(i).awaits(offsets(feeds.get(i).head().offset() + 1, KEPT));
        }
    }

    @Test
    public void keptSaysWhatThereIs() {
        append(CHANNEL, draft("four"));
        Position head = append(CHANNEL, draft("five5"));

        Broker.HistoryStats kept = done(broker.historyStats(CHANNEL)).orElseThrow();

        assertThat(kept.head()).isEqualTo(head);
        assertThat(kept.messages()).isEqualTo(2);
        assertThat(kept.bytes()).isEqualTo("\"four\"".length() + "\"five5\"".length());
        assertThat(kept.perSecond()).isPositive();
        assertThat(broker.channels()).contains(CHANNEL);
    }
}
