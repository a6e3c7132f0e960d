// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import static io.holdfast.redis.AccessNodes.PATIENCE;
import static io.holdfast.redis.AccessNodes.done;
import static io.holdfast.redis.AccessNodes.subject;
import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.access.Revocation;
import io.holdfast.channel.UnavailableException;
import io.holdfast.redis.AccessNodes.AccessNode;
import io.holdfast.support.Relay;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No node accepts anybody whom a revocation refuses that it has missed. */
class RedisAccessLossTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final String IMPATIENT = "spring.data.redis.timeout=300ms";

    private final AccessNodes nodes = new AccessNodes();

    @AfterEach
    void end() {
        nodes.close();
    }

    private static void awaitNotReady(AccessNode node) {
        await().atMost(PATIENCE).until(() -> !node.store().isReady());
    }

    private static void assertUnavailableAtOnce(CompletionStage<?> stage) {
        assertThat(stage.toCompletableFuture())
                .failsWithin(Duration.ofMillis(500))
                .withThrowableThat()
                .withCauseInstanceOf(UnavailableException.class);
    }

    /** Also from the commands: the pub/sub connection alone would not notice it. */
    @Test
    void nodeThatIsCutOffIsNotReadyUntilItHasReadWhatItMissed() throws IOException {
        try (RedisServer server = RedisServer.start();
                Relay relay = new Relay(server.port())) {
            AccessNode one = nodes.open(server.setting()).awaitReady();
            AccessNode cut = nodes.open("spring.data.redis.url=redis://127.0.0.1:" + relay.port(), IMPATIENT)
                    .awaitReady();
            Revocation missed = subject("alice", LONG);

            relay.die();
            awaitNotReady(cut);
            done(one.store().revoke(missed));
            assertThat(cut.heard().revocations()).isEmpty();
            relay.revive();
            relay.cut();

            cut.awaitReady();
            assertThat(cut.heard().beforeReady()).containsExactly(missed);
            assertThat(one.store().isReady()).isTrue();
        }
    }

    @Test
    void noRevocationIsMissedWhileSubscriptionsBreak() {
        try (RedisServer server = RedisServer.start()) {
            AccessNode one = nodes.open(server.setting()).awaitReady();
            AccessNode other = nodes.open(server.setting()).awaitReady();
            List<Revocation> all = new ArrayList<>();

            for (int i = 0; i < 10; i++) {
                all.add(subject("s" + i, LONG));
                server.cli("client", "kill", "type", "pubsub");
                done(one.store().revoke(all.getLast()));
                one.awaitReady();
            }

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(List.of(one, other))
                            .allSatisfy(node ->
                                    assertThat(node.heard().revocations()).containsExactlyInAnyOrderElementsOf(all)));
            other.awaitReady();
        }
    }

    @Test
    void whileRedisIsAwayNothingIsAcceptedAndCommandsFailAtOnce() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always")) {
            AccessNode one = nodes.open(server.setting()).awaitReady();
            Revocation before = subject("alice", LONG);
            done(one.store().revoke(before));

            server.kill();
            awaitNotReady(one);
            assertUnavailableAtOnce(one.store().revoke(subject("bob", LONG)));
            assertUnavailableAtOnce(one.store().disconnect("bob"));
            assertUnavailableAtOnce(one.store().put("t", "bob", LONG));
            assertUnavailableAtOnce(one.store().take("t"));
            nodes.close();

            AccessNode early = nodes.open(server.setting());
            assertThat(early.store().isReady()).isFalse();
            assertUnavailableAtOnce(early.store().take("t"));
            server.startAgain();
            early.awaitReady();
            assertThat(early.heard().beforeReady()).containsExactly(before);
        }
    }

    @Test
    void redisThatHangsIsNoticedAndReadAgain() {
        try (RedisServer server = RedisServer.start()) {
            AccessNode one = nodes.open(server.setting(), IMPATIENT).awaitReady();

            server.hang();
            awaitNotReady(one);
            server.goOn();
            one.awaitReady();

            Revocation revocation = subject("alice", LONG);
            done(one.store().revoke(revocation));
            await().untilAsserted(() -> assertThat(one.heard().revocations()).containsExactly(revocation));
        }
    }

    /** There, nobody can revoke anything, and what is revoked elsewhere may not arrive. */
    @Test
    void replicaIsNotReadyUntilItIsPromoted() {
        try (RedisServer master = RedisServer.start();
                RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1", String.valueOf(master.port()))) {
            Revocation stored = subject("alice", LONG);
            done(nodes.open(master.setting()).awaitReady().store().revoke(stored));
            assertThat(master.cli("wait", "1", "10000")).isEqualTo("1");

            AccessNode node = nodes.open(replica.setting());
            await().until(() -> replica.cli(
                            "pubsub", "shardnumsub", nodes.keys().announced())
                    .endsWith("1"));
            await().during(Duration.ofMillis(1500))
                    .atMost(PATIENCE)
                    .until(() -> !node.store().isReady());
            replica.cli("replicaof", "no", "one");

            node.awaitReady();
            assertThat(node.heard().beforeReady()).containsExactly(stored);
        }
    }
}
