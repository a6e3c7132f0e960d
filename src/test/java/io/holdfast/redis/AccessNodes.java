// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import static io.holdfast.support.Waiting.await;

import io.holdfast.access.Revocation;
import io.holdfast.channel.HistoryProperties;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;

/** Nodes with a listener each, whose keys no other test has. */
final class AccessNodes implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final HistoryProperties LIMITS =
            new HistoryProperties(100, Duration.ofMinutes(5), DataSize.ofMegabytes(1), 1000);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    record AccessNode(RedisNode node, RedisAccessStore store, RecordingAccessListener heard) {

        AccessNode awaitReady() {
            await().atMost(PATIENCE).until(store::isReady);
            return this;
        }
    }

    private final String prefix = "test" + NUMBERS.incrementAndGet() + ":";
    private final List<RedisNode> opened = new ArrayList<>();

    /** Hears what is in Redis from now on. */
    AccessNode open(String... settings) {
        RedisNode node = new RedisNode(
                LIMITS,
                Stream.concat(Stream.of("holdfast.redis.key-prefix=" + prefix), Stream.of(settings))
                        .toArray(String[]::new));
        opened.add(node);
        return new AccessNode(node, node.accessStore(), RecordingAccessListener.of(node));
    }

    AccessKeys keys() {
        return new AccessKeys(prefix);
    }

    /** All tokens of a subject, from now on. */
    static Revocation subject(String name, Duration left) {
        return new Revocation(
                Revocation.Kind.SUBJECT, name, Instant.now().plus(left).truncatedTo(ChronoUnit.MILLIS));
    }

    static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        opened.forEach(RedisNode::close);
        opened.clear();
    }
}
