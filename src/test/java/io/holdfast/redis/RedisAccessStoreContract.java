// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import static io.holdfast.redis.AccessNodes.done;
import static io.holdfast.redis.AccessNodes.subject;
import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.access.Revocation;
import io.holdfast.redis.AccessNodes.AccessNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What several nodes on one Redis know of each other about access. */
@ExtendWith(OutputCaptureExtension.class)
abstract class RedisAccessStoreContract {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofHours(1);

    AccessNodes nodes = new AccessNodes();

    /** Where Spring finds the servers. */
    abstract String setting();

    /** What {@code redis-cli} prints, at all of the servers. */
    abstract String cli(String... arguments);

    @BeforeEach
    void begin() {
        nodes = new AccessNodes();
    }

    @AfterEach
    void end() {
        nodes.close();
    }

    AccessNode ready() {
        return nodes.open(setting()).awaitReady();
    }

    @Test
    void revocationIsHeardByAllNodesWithinASecond() {
        AccessNode one = ready();
        AccessNode other = ready();
        Revocation subject = subject("Zoë: a\nb 'c'", LONG);
        Revocation token = new Revocation(Revocation.Kind.TOKEN, "7f3a:{x}", subject.until());

        done(one.store().revoke(subject));
        done(other.store().revoke(token));

        await().atMost(SECOND)
                .untilAsserted(() -> assertThat(List.of(one, other))
                        .allSatisfy(node ->
                                assertThat(node.heard().revocations()).containsExactlyInAnyOrder(subject, token)));
        // What is about access is not counted as a channel.
        assertThat(one.node().health().getStatus()).isEqualTo(Status.UP);
        assertThat(one.node().health().getDetails()).containsEntry("wanted", 0);
        assertThat(one.node().broker().channels()).isEmpty();
    }

    @Test
    void disconnectIsHeardByAllNodesAndIsNotStored() {
        AccessNode one = ready();
        AccessNode other = ready();

        done(one.store().disconnect("alice"));

        await().atMost(SECOND)
                .untilAsserted(() -> assertThat(List.of(one, other))
                        .allSatisfy(
                                node -> assertThat(node.heard().disconnected()).containsExactly("alice")));
        assertThat(cli("exists", nodes.keys().revocations())).doesNotContain("1");
    }

    @Test
    void nodeThatStartsLaterHearsAllRevocationsBeforeItIsReady() {
        AccessNode one = ready();
        // More than are read at once.
        List<Revocation> stored =
                IntStream.range(0, 2500).mapToObj(i -> subject("s" + i, LONG)).toList();
        CompletableFuture.allOf(stored.stream()
                        .map(revocation -> one.store().revoke(revocation).toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new))
                .join();

        AccessNode later = ready();

        assertThat(later.heard().beforeReady()).containsExactlyInAnyOrderElementsOf(stored);
    }

    @Test
    void laterEndOfARevocationIsTheOneThatIsKept() {
        AccessNode one = ready();
        Revocation longer = subject("alice", LONG);
        Revocation shorter = subject("alice", Duration.ofMinutes(1));
        Revocation forEver = new Revocation(Revocation.Kind.SUBJECT, "bob", Instant.MAX);

        done(one.store().revoke(longer));
        done(one.store().revoke(shorter));
        done(one.store().revoke(forEver));

        assertThat(ready().heard().revocations())
                .contains(longer)
                .anySatisfy(heard -> assertThat(heard.value()).isEqualTo("bob"))
                .hasSize(2);
    }

    @Test
    void revocationsThatHaveEndedAreGoneFromRedis() {
        AccessNode one = ready();
        String key = nodes.keys().revocations();

        done(one.store().revoke(subject("short", Duration.ofMillis(300))));
        await().until(() -> !cli("exists", key).contains("1"));

        done(one.store().revoke(subject("short", Duration.ofMillis(300))));
        done(one.store().revoke(subject("long", LONG)));
        assertThat(cli("hkeys", key)).contains("subject:short", "subject:long");
        await().untilAsserted(() -> {
            done(one.store().revoke(subject("other", LONG)));
            assertThat(cli("hkeys", key)).doesNotContain("subject:short").contains("subject:long");
        });

        done(one.store().revoke(subject("gone", Duration.ofMillis(-1))));
        assertThat(cli("hkeys", key)).doesNotContain("subject:gone").contains("subject:long", "subject:other");
    }

    @Test
    void ticketIsTakenOnceByWhicheverNode() {
        AccessNode one = ready();
        AccessNode other = ready();
        done(one.store().put("ticket-1", "Zoë", Duration.ofSeconds(30)));

        List<CompletionStage<Optional<String>>> taken = IntStream.range(0, 10)
                .boxed()
                .flatMap(i ->
                        Stream.of(one.store().take("ticket-1"), other.store().take("ticket-1")))
                .toList();

        assertThat(taken.stream().map(AccessNodes::done).flatMap(Optional::stream))
                .containsExactly("Zoë");
        assertThat(done(one.store().take("another"))).isEmpty();
    }

    @Test
    void ticketEndsAndItsKeyDoesNotTellIt() {
        AccessNode one = ready();
        done(one.store().put("ticket-1", "alice", Duration.ofMillis(300)));
        String key = nodes.keys().ticket("ticket-1");

        assertThat(cli("keys", "*")).contains(key).doesNotContain("ticket-1");

        await().until(() -> !cli("keys", "*").contains(key));
        assertThat(done(one.store().take("ticket-1"))).isEmpty();
    }

    @Test
    void whatCannotBeReadIsLoggedOnceAndSkipped(CapturedOutput output) {
        AccessNode one = ready();
        Revocation alice = subject("alice", LONG);
        done(one.store().revoke(alice));
        for (String field : List.of("subject:bob", "nonsense", "role:admin")) {
            cli("hset", nodes.keys().revocations(), field, field.equals("subject:bob") ? "soon" : "1");
        }
        for (String announcement : List.of("", "nonsense", "1\nrole:admin", "soon\nsubject:bob")) {
            cli("publish", nodes.keys().announced(), announcement);
            cli("spublish", nodes.keys().announced(), announcement);
        }

        AccessNode later = ready();
        done(later.store().revoke(subject("carol", LONG)));

        assertThat(later.heard().beforeReady()).containsExactly(alice);
        await().untilAsserted(() -> assertThat(List.of(one, later))
                .allSatisfy(node -> assertThat(node.heard().revocations())
                        .extracting(Revocation::value)
                        .containsExactlyInAnyOrder("alice", "carol")));
        assertThat(one.store().isReady()).isTrue();
        // One line of each node.
        assertThat(output.getOut().lines().filter(line -> line.contains("can't be read, and is skipped")))
                .hasSize(2);
    }
}
