// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.channel.Broker;
import io.holdfast.channel.Draft;
import io.holdfast.channel.From;
import io.holdfast.channel.HistoryPage;
import io.holdfast.channel.HistoryProperties;
import io.holdfast.channel.JsonValue;
import io.holdfast.channel.Position;
import io.holdfast.channel.Published;
import io.holdfast.channel.RecordingListener;
import io.holdfast.channel.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.contributor.Status;
import org.springframework.util.unit.DataSize;

/** What happens to channels when Redis or its connection fails, and what Redis keeps. */
class RedisLossTest {

    private static final String CHANNEL = "news";
    private static final int KEPT = 100;

    /** Longer than a command may take, and than the longest pause before a connection is tried again. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    private RedisServer server(String... settings) {
        RedisServer server = RedisServer.start(settings);
        opened.add(server);
        return server;
    }

    private RedisNode node(RedisServer server, String... settings) {
        return node(server, Duration.ofMinutes(5), DataSize.ofMegabytes(1), settings);
    }

    private RedisNode node(RedisServer server, Duration age, DataSize bytes, String... settings) {
        RedisNode node = new RedisNode(
                new HistoryProperties(KEPT, age, bytes, 1000),
                Stream.concat(Stream.of(server.setting()), Stream.of(settings)).toArray(String[]::new));
        opened.add(node);
        return node;
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static Draft draft(@Nullable String key, String text) {
        return new Draft(null, key, JsonValue.ofText(text), Instant.now());
    }

    private static Position append(Broker broker, String text) {
        return done(broker.append(CHANNEL, draft(null, text))).position();
    }

    private static HistoryPage read(Broker broker, From from) {
        return done(broker.read(CHANNEL, from, KEPT));
    }

    private static List<String> texts(HistoryPage page) {
        assertThat(page).isInstanceOf(HistoryPage.Messages.class);
        return ((HistoryPage.Messages) page)
                .messages().stream().map(message -> message.data().text()).toList();
    }

    private static void assertUnavailable(CompletionStage<?> stage) {
        assertThatThrownBy(() -> done(stage))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        UnavailableException.class,
                        cause -> assertThat(cause.code()).isEqualTo("unavailable"));
    }

    @Test
    void nodeThatStartsWithoutRedisRefusesUntilItIsThere() {
        RedisServer server = RedisServer.away();
        opened.add(server);
        RedisNode node = node(server);

        assertUnavailable(node.broker().append(CHANNEL, draft(null, "a")));
        assertUnavailable(node.broker().read(CHANNEL, From.NOW, 0));
        assertUnavailable(node.broker().listen(CHANNEL, new RecordingListener()));
        assertThat(node.health().getStatus()).isEqualTo(Status.DOWN);

        server.startAgain();

        await().atMost(PATIENCE).until(() -> node.health().getStatus().equals(Status.UP));
        RecordingListener listener = new RecordingListener();
        done(node.broker().listen(CHANNEL, listener));
        assertThat(append(node.broker(), "b").offset()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(listener.texts()).containsExactly("b"));
    }

    @Test
    void redisThatHangsIsWaitedForNoLongerThanTheTimeout() {
        RedisServer server = server();
        RedisNode node = node(server, "spring.data.redis.timeout=300ms");
        append(node.broker(), "a");

        server.hang();
        long began = System.nanoTime();
        CompletionStage<Published> hanging = node.broker().append(CHANNEL, draft("k", "b"));
        List<CompletionStage<Published>> waiting = IntStream.range(0, 10)
                .mapToObj(i -> node.broker().append(CHANNEL, draft(null, "waits for the first")))
                .toList();
        assertUnavailable(hanging);
        waiting.forEach(RedisLossTest::assertUnavailable);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
        assertUnavailable(node.broker().listen(CHANNEL, new RecordingListener()));
        assertThat(node.health().getStatus()).isEqualTo(Status.DOWN);
        server.goOn();

        await().atMost(PATIENCE).until(() -> node.health().getStatus().equals(Status.UP));
        // A refused publish may have been done. Its key shows it.
        Published again = done(node.broker().append(CHANNEL, draft("k", "b")));
        assertThat(again.position().offset()).isEqualTo(2);
        assertThat(texts(read(node.broker(), From.EARLIEST))).containsExactly("a", "b");
    }

    @Test
    void redisThatIsAwayRefusesAtOnceAndNothingIsDoneLater() {
        RedisServer server = server("--appendonly", "yes", "--appendfsync", "always");
        RedisNode node = node(server);
        append(node.broker(), "a");
        server.kill();
        await().atMost(PATIENCE).until(() -> node.health().getStatus().equals(Status.DOWN));

        long began = System.nanoTime();
        IntStream.range(0, 10).forEach(i -> assertUnavailable(node.broker().append(CHANNEL, draft(null, "lost"))));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
        server.startAgain();

        await().atMost(PATIENCE).until(() -> node.health().getStatus().equals(Status.UP));
        append(node.broker(), "b");
        assertThat(texts(read(node.broker(), From.EARLIEST))).containsExactly("a", "b");
    }

    @Test
    void restartedRedisKeepsItsHistoryAndContinuesNoPosition() {
        RedisServer server = server("--appendonly", "yes", "--appendfsync", "always");
        RedisNode node = node(server);
        Position before = append(node.broker(), "a");
        RecordingListener listener = new RecordingListener();
        done(node.broker().listen(CHANNEL, listener));

        server.kill();
        server.startAgain();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(listener.interruptions()).isPositive());
        // The connection for commands comes back at a moment of its own.
        await().atMost(PATIENCE).until(() -> node.health().getStatus().equals(Status.UP));

        HistoryPage page = read(node.broker(), new From.After(before));
        assertThat(page).isInstanceOf(HistoryPage.Lost.class);
        assertThat(page.head().epoch()).isNotEqualTo(before.epoch());
        assertThat(texts(read(node.broker(), From.EARLIEST))).containsExactly("a");
        Position after = append(node.broker(), "b");
        assertThat(after).isEqualTo(new Position(page.head().epoch(), 2));
        await().untilAsserted(() -> assertThat(listener.texts()).containsExactly("b"));
    }

    @Test
    void flushedRedisBeginsAnotherEpoch() {
        RedisServer server = server();
        RedisNode node = node(server);
        RecordingListener listener = new RecordingListener();
        done(node.broker().listen(CHANNEL, listener));
        Position before = append(node.broker(), "a");

        server.cli("flushall");
        Position after = append(node.broker(), "b");

        assertThat(after.offset()).isEqualTo(1);
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
        assertThat(read(node.broker(), new From.After(before))).isEqualTo(new HistoryPage.Lost(after));
        await().untilAsserted(() -> assertThat(listener.texts()).containsExactly("a", "b"));
    }

    @Test
    void lostHeadTakesTheHistoryWithIt() {
        RedisServer server = server();
        RedisNode node = node(server);
        append(node.broker(), "a");
        append(node.broker(), "b");

        server.cli("del", "holdfast:{news}:meta");

        assertThat(append(node.broker(), "c").offset()).isEqualTo(1);
        assertThat(texts(read(node.broker(), From.EARLIEST))).containsExactly("c");
    }

    @Test
    void lostHistoryIsAGapForAllButWhoMissedNothing() {
        RedisServer server = server();
        RedisNode node = node(server);
        Position first = append(node.broker(), "a");
        Position second = append(node.broker(), "b");

        server.cli("del", "holdfast:{news}:log");

        assertThat(read(node.broker(), new From.After(first))).isEqualTo(new HistoryPage.Lost(second));
        assertThat(texts(read(node.broker(), new From.After(second)))).isEmpty();
        assertThat(append(node.broker(), "c").offset()).isEqualTo(3);
        assertThat(done(node.broker().historyStats(CHANNEL)).orElseThrow().bytes())
                .isEqualTo("\"c\"".length());
    }

    @Test
    void brokenSubscriptionIsMadeAgainAndTold() {
        RedisServer server = server();
        RedisNode node = node(server);
        RecordingListener listener = new RecordingListener();
        done(node.broker().listen(CHANNEL, listener));

        server.cli("client", "kill", "type", "pubsub");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(listener.interruptions()).isPositive());
        append(node.broker(), "a");
        await().untilAsserted(() -> assertThat(listener.texts()).containsExactly("a"));
    }

    @Test
    void channelIsSubscribedToOnceForAllListenersAndNoMoreWhenTheLastHasLeft() {
        RedisServer server = server();
        RedisNode node = node(server);
        Broker.Feed one = done(node.broker().listen(CHANNEL, new RecordingListener()));
        Broker.Feed two = done(node.broker().listen(CHANNEL, new RecordingListener()));

        assertThat(subscriptions(server)).isEqualTo("1");
        one.close();
        RecordingListener listener = new RecordingListener();
        done(node.broker().listen(CHANNEL, listener)).close();
        assertThat(subscriptions(server)).isEqualTo("1");
        two.close();
        await().untilAsserted(() -> assertThat(subscriptions(server)).isEqualTo("0"));
        done(node.broker().listen(CHANNEL, listener));
        append(node.broker(), "a");
        await().untilAsserted(() -> assertThat(listener.texts()).containsExactly("a"));
    }

    private static String subscriptions(RedisServer server) {
        return server.cli("pubsub", "shardnumsub", "holdfast:{news}:live")
                .lines()
                .toList()
                .getLast();
    }

    @Test
    void messagesOlderThanTheirAgeAreGoneAndThePositionOutlivesThem() {
        Duration age = Duration.ofMillis(400);
        RedisNode node = node(server(), age, DataSize.ofMegabytes(1));
        append(node.broker(), "a");
        Position last = done(node.broker().append(CHANNEL, draft("k", "b"))).position();

        await().untilAsserted(() ->
                assertThat(texts(read(node.broker(), From.EARLIEST))).isEmpty());

        assertThat(texts(read(node.broker(), new From.After(last)))).isEmpty();
        assertThat(read(node.broker(), new From.After(new Position(last.epoch(), 1))))
                .isEqualTo(new HistoryPage.Lost(last));
        assertThat(done(node.broker().append(CHANNEL, draft("k", "c"))))
                .isEqualTo(new Published(new Position(last.epoch(), 3), false));
    }

    @Test
    void onlyTheMessagesThatAreTooOldAreGone() {
        RedisNode node = node(server(), Duration.ofSeconds(1), DataSize.ofMegabytes(1));
        List<String> published = new ArrayList<>();
        long began = System.nanoTime();
        // At a steady rate, so that the log never expires as a whole.
        await().atMost(PATIENCE).until(() -> {
            published.add(String.valueOf(append(node.broker(), "a").offset()));
            return System.nanoTime() - began > Duration.ofMillis(1200).toNanos() || published.size() > KEPT - 10;
        });
        await().untilAsserted(() -> {
            HistoryPage.Messages page = (HistoryPage.Messages) read(node.broker(), From.EARLIEST);
            assertThat(page.messages().size()).isBetween(1, published.size() - 1);
            assertThat(page.messages().getLast().position()).isEqualTo(page.head());
            assertThat(done(node.broker().historyStats(CHANNEL)).orElseThrow().messages())
                    .isPositive();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 10})
    void bytesOfAChannelAreBounded(int most) {
        RedisNode node = node(server(), Duration.ofMinutes(5), DataSize.ofBytes(most * 10L));

        IntStream.range(0, 15).forEach(i -> append(node.broker(), "8 chars."));

        assertThat(texts(read(node.broker(), From.EARLIEST))).hasSize(most);
        Broker.HistoryStats kept = done(node.broker().historyStats(CHANNEL)).orElseThrow();
        assertThat(kept.bytes()).isEqualTo(most * 10L);
        assertThat(kept.head().offset()).isEqualTo(15);
    }

    @Test
    void allOfAChannelEndsByItselfAndTheHeadLast() {
        RedisServer server = server();
        RedisNode node = node(server, Duration.ofMinutes(1), DataSize.ofMegabytes(1), "holdfast.redis.channel-age=1h");

        done(node.broker().append(CHANNEL, draft("k", "a")));

        assertThat(server.cli("keys", "*").lines())
                .containsExactlyInAnyOrder("holdfast:{news}:meta", "holdfast:{news}:log", "holdfast:{news}:keys");
        assertThat(Integer.parseInt(server.cli("ttl", "holdfast:{news}:log"))).isBetween(1, 60);
        assertThat(Integer.parseInt(server.cli("ttl", "holdfast:{news}:keys"))).isBetween(1, 60);
        assertThat(Integer.parseInt(server.cli("ttl", "holdfast:{news}:meta"))).isBetween(61, 3600);
    }

    @Test
    void servicesWithAnotherPrefixShareNothing() {
        RedisServer server = server();
        RedisNode one = node(server);
        RedisNode other = node(server, "holdfast.redis.key-prefix=staging/");
        RecordingListener listener = new RecordingListener();
        done(other.broker().listen(CHANNEL, listener));

        append(one.broker(), "a");
        append(other.broker(), "b");

        assertThat(texts(read(other.broker(), From.EARLIEST))).containsExactly("b");
        await().untilAsserted(() -> assertThat(listener.texts()).containsExactly("b"));
    }

    @Test
    void fullRedisTakesNoMessageAndCanStillBeRead() {
        RedisServer server = server();
        RedisNode node = node(server);
        Position last = append(node.broker(), "a");
        RecordingListener listener = new RecordingListener();
        done(node.broker().listen(CHANNEL, listener));

        server.cli("config", "set", "maxmemory", "1");

        assertThatThrownBy(() -> append(node.broker(), "b"))
                .cause()
                .isInstanceOfSatisfying(
                        UnavailableException.class,
                        cause -> assertThat(cause.code()).isEqualTo("limit"));
        assertThat(texts(read(node.broker(), From.EARLIEST))).containsExactly("a");
        server.cli("config", "set", "maxmemory", "0");
        assertThat(append(node.broker(), "c")).isEqualTo(new Position(last.epoch(), 2));
        await().untilAsserted(() -> assertThat(listener.texts()).containsExactly("c"));
    }

    @Test
    void scriptsThatRedisForgotAreSentAgain() {
        RedisServer server = server();
        RedisNode node = node(server);
        append(node.broker(), "a");

        server.cli("script", "flush");

        assertThat(append(node.broker(), "b").offset()).isEqualTo(2);
        assertThat(texts(read(node.broker(), From.EARLIEST))).containsExactly("a", "b");
    }
}
