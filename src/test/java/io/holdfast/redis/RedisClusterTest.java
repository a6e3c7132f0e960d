// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.channel.Draft;
import io.holdfast.channel.From;
import io.holdfast.channel.HistoryPage;
import io.holdfast.channel.HistoryProperties;
import io.holdfast.channel.JsonValue;
import io.holdfast.channel.Position;
import io.holdfast.channel.RecordingListener;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.springframework.boot.health.contributor.Status;
import org.springframework.util.unit.DataSize;

/** How channels live on a cluster. */
@TestInstance(Lifecycle.PER_CLASS)
class RedisClusterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> CHANNELS =
            IntStream.range(0, 30).mapToObj(i -> "c" + i).toList();

    private final RedisCluster cluster = RedisCluster.start();
    private final Map<String, RecordingListener> listeners = new ConcurrentHashMap<>();
    private RedisNode node;

    @BeforeEach
    void listenToAll() {
        cluster.flush();
        node = new RedisNode(
                new HistoryProperties(100, Duration.ofMinutes(5), DataSize.ofMegabytes(1), 1000), cluster.setting());
        listeners.clear();
        for (String channel : CHANNELS) {
            RecordingListener listener = new RecordingListener();
            listeners.put(channel, listener);
            done(node.broker().listen(channel, listener));
        }
    }

    @AfterEach
    void close() {
        node.close();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private Position append(String channel, String text) {
        return done(node.broker().append(channel, new Draft(null, null, JsonValue.ofText(text), Instant.now())))
                .position();
    }

    private static List<String> subscriptions(RedisServer server) {
        return server.cli("pubsub", "shardchannels")
                .lines()
                .filter(line -> !line.isEmpty())
                .toList();
    }

    @Test
    void channelsSpreadAndEachIsAnnouncedByItsServerAlone() {
        CHANNELS.forEach(channel -> append(channel, "a"));

        await().untilAsserted(() -> assertThat(listeners.values())
                .allSatisfy(listener -> assertThat(listener.texts()).containsExactly("a")));
        assertThat(cluster.servers())
                .allSatisfy(server -> assertThat(subscriptions(server)).isNotEmpty());
        assertThat(cluster.servers().stream().flatMap(server -> subscriptions(server).stream()))
                .hasSameSizeAs(CHANNELS)
                .doesNotHaveDuplicates();
        assertThat(node.health().getStatus()).isEqualTo(Status.UP);
        assertThat(node.health().getDetails()).containsEntry("mode", "cluster").containsEntry("listening", 30);
    }

    @Test
    void allSubscriptionsThatBreakAreMadeAgain() {
        cluster.servers().forEach(server -> server.cli("client", "kill", "type", "pubsub"));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(listeners.values())
                        .allSatisfy(
                                listener -> assertThat(listener.interruptions()).isPositive()));
        CHANNELS.forEach(channel -> append(channel, "a"));
        await().untilAsserted(() -> assertThat(listeners.values())
                .allSatisfy(listener -> assertThat(listener.texts()).containsExactly("a")));
    }

    @Test
    void channelThatMovesToAnotherServerIsListenedToThere() {
        String channel = CHANNELS.getFirst();
        RecordingListener listener = Objects.requireNonNull(listeners.get(channel));
        Position before = append(channel, "a");

        move(channel);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(listener.interruptions()).isPositive());
        Position after = append(channel, "b");
        await().untilAsserted(() -> assertThat(listener.texts()).containsExactly("a", "b"));
        // It may have been moved by a fail-over as well, which loses what was on its way to the replica.
        assertThat(after)
                .isNotEqualTo(new Position(before.epoch(), 2))
                .extracting(Position::offset)
                .isEqualTo(2L);
        assertThat(done(node.broker().read(channel, new From.After(before), 10)))
                .isInstanceOf(HistoryPage.Lost.class);
        await().untilAsserted(() -> assertThat(node.health().getStatus()).isEqualTo(Status.UP));
    }

    private void move(String channel) {
        String start = "holdfast:{" + channel + "}";
        String slot = cluster.servers().getFirst().cli("cluster", "keyslot", start);
        RedisServer from = cluster.servers().stream()
                .filter(server -> subscriptions(server).contains(start + ":live"))
                .findFirst()
                .orElseThrow();
        RedisServer to = cluster.servers().stream()
                .filter(server -> !server.equals(from))
                .findFirst()
                .orElseThrow();
        cluster.move(slot, from, to, start + ":meta", start + ":log");
    }
}
