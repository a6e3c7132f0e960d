// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import static io.holdfast.redis.AccessNodes.done;
import static io.holdfast.redis.AccessNodes.subject;
import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.access.Revocation;
import io.holdfast.redis.AccessNodes.AccessNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** On a cluster. */
@TestInstance(Lifecycle.PER_CLASS)
class RedisClusterAccessStoreTest extends RedisAccessStoreContract {

    private final RedisCluster cluster = RedisCluster.start();

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Override
    String setting() {
        return cluster.setting();
    }

    @Override
    String cli(String... arguments) {
        return cluster.servers().stream()
                .map(server -> server.cli(arguments))
                .filter(line -> !line.startsWith("MOVED"))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void revocationsThatMoveToAnotherServerAreReadThere() {
        AccessNode one = ready();
        AccessNode other = ready();
        done(one.store().revoke(subject("alice", Duration.ofHours(1))));

        move(nodes.keys());

        Revocation bob = subject("bob", Duration.ofHours(1));
        await().atMost(AccessNodes.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(one.store().revoke(bob).toCompletableFuture())
                        .succeedsWithin(AccessNodes.PATIENCE));
        await().atMost(AccessNodes.PATIENCE)
                .untilAsserted(() -> assertThat(List.of(one, other))
                        .allSatisfy(node -> assertThat(node.heard().revocations())
                                .extracting(Revocation::value)
                                .containsExactlyInAnyOrder("alice", "bob")));
        one.awaitReady();
        other.awaitReady();
        assertThat(ready().heard().beforeReady())
                .extracting(Revocation::value)
                .containsExactlyInAnyOrder("alice", "bob");
    }

    private void move(AccessKeys keys) {
        String slot = cluster.servers().getFirst().cli("cluster", "keyslot", keys.revocations());
        RedisServer from = cluster.servers().stream()
                .filter(server -> server.cli("exists", keys.revocations()).endsWith("1"))
                .findFirst()
                .orElseThrow();
        RedisServer to = cluster.servers().stream()
                .filter(server -> !server.equals(from))
                .findFirst()
                .orElseThrow();
        cluster.move(slot, from, to, keys.revocations());
    }
}
