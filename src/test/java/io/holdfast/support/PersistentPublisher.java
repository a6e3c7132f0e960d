// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import static io.holdfast.support.Waiting.await;

import io.holdfast.channel.Position;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A publisher that repeats each message under its key, at any node, until it is told that it is published. */
public final class PersistentPublisher implements Runnable, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final long LONGEST_BREAK = Duration.ofMillis(20).toNanos();

    private final Nodes nodes;
    private final List<Ledger> ledgers;
    private final ChannelPublisher.Way way;
    private final Random random;
    private final AtomicInteger refusals;
    private @Nullable ChannelPublisher publisher;
    private volatile boolean stopped;

    /** @param refusals counts the attempts that failed */
    public PersistentPublisher(
            Nodes nodes, List<Ledger> ledgers, ChannelPublisher.Way way, Random random, AtomicInteger refusals) {
        this.nodes = nodes;
        this.ledgers = ledgers;
        this.way = way;
        this.random = random;
        this.refusals = refusals;
    }

    @Override
    public void run() {
        for (int i = 0; !stopped; i++) {
            publish(ledgers.get(random.nextInt(ledgers.size())), way + "-" + i);
            LockSupport.parkNanos(random.nextLong(LONGEST_BREAK));
        }
    }

    public void stop() {
        stopped = true;
    }

    public void publish(Ledger ledger, String text) {
        String position = await().atMost(PATIENCE)
                .pollInterval(PAUSE)
                .until(() -> attempt(ledger.channel, text), Objects::nonNull);
        ledger.published(Objects.requireNonNull(Position.parse(position)), text);
    }

    private @Nullable String attempt(String channel, String text) throws IOException {
        try {
            if (publisher == null) {
                publisher = ChannelPublisher.open(way, nodes.any(random));
            }
            return publisher.publish(channel, null, text, "\"" + text + "\"");
        } catch (IOException e) {
            refusals.incrementAndGet();
            close();
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        if (publisher != null) {
            publisher.close();
            publisher = null;
        }
    }
}
