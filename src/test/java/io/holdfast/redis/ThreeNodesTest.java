// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.Account;
import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.Ledger;
import io.holdfast.support.Nodes;
import io.holdfast.support.PersistentPublisher;
import io.holdfast.support.Roamer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Three nodes, each a process, on one Redis, all of which fail in turn while publishers publish and subscribers roam. Every
 * message is accounted for with every subscriber. {@code -Dholdfast.model.seed=…} repeats the order of what happens.
 */
class ThreeNodesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SUBSCRIBERS_OF_EACH = 4;
    private static final int PUBLISHED_BETWEEN = 150;
    private static final List<String> LAST = List.of("last-1", "last-2", "last-3");

    private final long seed = Long.getLong("holdfast.model.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Ledger> ledgers = List.of(new Ledger("three-a"), new Ledger("three-b"), new Ledger("three-c"));
    private final AtomicInteger refusals = new AtomicInteger();
    private final List<Roamer> subscribers = new ArrayList<>();
    private final List<PersistentPublisher> publishers = new ArrayList<>();

    private enum Fault {
        REDIS_HANGS,
        REDIS_STARTS_ANEW,
        REDIS_IS_FLUSHED,
        SUBSCRIPTIONS_BREAK,
        NODE_DIES,
        NODE_DIES_WHILE_REDIS_HANGS
    }

    @Test
    void everyMessageReachesEverySubscriberOnceAndInOrderOrIsCoveredByAGap(TestReporter reporter) throws Exception {
        reporter.publishEntry("holdfast.model.seed", String.valueOf(seed));
        List<String> happened = new ArrayList<>();
        // All is kept, so that only what Redis forgets may be missed.
        try (RedisServer redis = RedisServer.start();
                Nodes nodes = new Nodes(
                        3,
                        "--holdfast.broker=redis",
                        "--" + redis.setting(),
                        "--holdfast.history.messages=1000000",
                        "--holdfast.history.bytes=1GB");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                List<Future<Account>> receiving = subscribe(nodes, threads);
                List<Future<?>> publishing = publish(nodes, threads);
                for (Fault fault : faults()) {
                    awaitPublished(PUBLISHED_BETWEEN);
                    happened.add(fault.name());
                    happens(fault, redis, nodes);
                }
                awaitPublished(PUBLISHED_BETWEEN);
                end(nodes, publishing);
                List<Account> accounts = new ArrayList<>();
                for (Future<Account> account : receiving) {
                    accounts.add(account.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
                }
                settle(accounts, reporter);
                assertThat(nodes.ask("/actuator/info"))
                        .extracting(answer -> answer.json().get("node").asString())
                        .doesNotHaveDuplicates()
                        .hasSize(3);
            } catch (Throwable e) {
                throw new AssertionError("after " + happened + " of -Dholdfast.model.seed=" + seed + ": " + e, e);
            } finally {
                publishers.forEach(PersistentPublisher::stop);
                for (Roamer subscriber : subscribers) {
                    subscriber.close();
                }
                threads.shutdownNow();
            }
        }
    }

    private List<Fault> faults() {
        List<Fault> faults = new ArrayList<>(Arrays.asList(Fault.values()));
        faults.add(Fault.SUBSCRIPTIONS_BREAK);
        Collections.shuffle(faults, random);
        return faults;
    }

    private Random another() {
        return new Random(random.nextLong());
    }

    private List<Future<Account>> subscribe(Nodes nodes, ExecutorService threads) throws Exception {
        for (Ledger ledger : ledgers) {
            for (int i = 0; i < SUBSCRIBERS_OF_EACH; i++) {
                subscribers.add(new Roamer(nodes, ledger, LAST.getLast(), another()));
            }
        }
        return subscribers.stream().map(threads::submit).toList();
    }

    private List<Future<?>> publish(Nodes nodes, ExecutorService threads) {
        for (ChannelPublisher.Way way : ChannelPublisher.Way.values()) {
            publishers.add(new PersistentPublisher(nodes, ledgers, way, another(), refusals));
        }
        List<Future<?>> publishing = new ArrayList<>();
        publishers.forEach(publisher -> publishing.add(threads.submit(publisher)));
        return publishing;
    }

    private int published() {
        return ledgers.stream().mapToInt(Ledger::count).sum();
    }

    private void awaitPublished(int more) {
        int enough = published() + more;
        await().atMost(PATIENCE).until(() -> published() >= enough);
    }

    private void awaitRefusal() {
        int before = refusals.get();
        await().atMost(PATIENCE).until(() -> refusals.get() > before);
    }

    private void happens(Fault fault, RedisServer redis, Nodes nodes) throws InterruptedException {
        switch (fault) {
            case REDIS_HANGS -> {
                redis.hang();
                awaitRefusal();
                redis.goOn();
            }
            case REDIS_STARTS_ANEW -> {
                redis.kill();
                awaitRefusal();
                redis.startAgain();
            }
            case REDIS_IS_FLUSHED -> redis.cli("flushall");
            case SUBSCRIPTIONS_BREAK ->
                assertThat(redis.cli("client", "kill", "type", "pubsub")).isNotEqualTo("0");
            case NODE_DIES -> nodes.replaceOne(random);
            case NODE_DIES_WHILE_REDIS_HANGS -> {
                redis.hang();
                nodes.replaceOne(random);
                awaitRefusal();
                redis.goOn();
            }
        }
    }

    private void end(Nodes nodes, List<Future<?>> publishing) throws Exception {
        // Publishing goes on until then, or subscribers would take the silence for a loss.
        nodes.awaitAllReady();
        publishers.forEach(PersistentPublisher::stop);
        for (Future<?> publisher : publishing) {
            publisher.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        for (Ledger ledger : ledgers) {
            for (String text : LAST) {
                publishers.getFirst().publish(ledger, text);
            }
        }
        for (PersistentPublisher publisher : publishers) {
            publisher.close();
        }
    }

    private void settle(List<Account> accounts, TestReporter reporter) {
        int covered = 0;
        int received = 0;
        for (Account account : accounts) {
            covered += account.settle();
            received += account.messages();
            assertThat(account.gaps())
                    .as("gaps, for Redis was started anew and flushed")
                    .isPositive();
        }
        int cuts = subscribers.stream().mapToInt(Roamer::cuts).sum();
        assertThat(cuts).as("subscribers that were cut off").isPositive();
        assertThat(refusals).hasPositiveValue();
        reporter.publishEntry(
                "accounts",
                "%d published, %d attempts failed; %d received, %d covered by gaps, %d cuts"
                        .formatted(published(), refusals.get(), received, covered, cuts));
    }
}
