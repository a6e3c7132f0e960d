// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.access.Revocation;
import io.holdfast.channel.Broker;
import io.holdfast.channel.Draft;
import io.holdfast.channel.From;
import io.holdfast.channel.HistoryPage;
import io.holdfast.channel.HistoryProperties;
import io.holdfast.channel.JsonValue;
import io.holdfast.channel.Position;
import io.holdfast.channel.RecordingListener;
import io.holdfast.channel.UnavailableException;
import io.holdfast.support.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;
import org.springframework.util.unit.DataSize;

/** All kinds of Redis connections of Boot's properties, and failover to another server. */
class RedisWaysTest {

    private static final String CHANNEL = "news";

    /** Longer than Sentinel needs for a failover. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final HistoryProperties LIMITS =
            new HistoryProperties(100, Duration.ofMinutes(5), DataSize.ofMegabytes(1), 1000);

    @TempDir
    Path home;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        opened.add(one);
        return one;
    }

    private RedisNode node(String... settings) {
        return opened(new RedisNode(LIMITS, settings));
    }

    private static String[] replicaOf(RedisServer master) {
        return new String[] {"--replicaof", "127.0.0.1", String.valueOf(master.port())};
    }

    private static void awaitReplica(RedisServer replica) {
        await().atMost(PATIENCE).until(() -> replica.cli("info", "replication").contains("master_link_status:up"));
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static CompletionStage<Position> append(RedisNode node, String text) {
        return node.broker()
                .append(CHANNEL, new Draft(null, null, JsonValue.ofText(text), Instant.now()))
                .thenApply(published -> published.position());
    }

    private static HistoryPage read(RedisNode node, From from) {
        return done(node.broker().read(CHANNEL, from, 10));
    }

    private static Stream<String> texts(HistoryPage page) {
        return ((HistoryPage.Messages) page)
                .messages().stream().map(message -> message.data().text());
    }

    private static void assertUnavailable(CompletionStage<?> stage) {
        assertThatThrownBy(() -> done(stage)).cause().isInstanceOf(UnavailableException.class);
    }

    private static void awaitUp(RedisNode node) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(node.health().getStatus()).isEqualTo(Status.UP));
    }

    /** Publishes, receives, reads and checks the health. */
    private static void assertWorks(RedisNode node) {
        RecordingListener listener = new RecordingListener();
        Broker.Feed feed = done(node.broker().listen(CHANNEL, listener));
        done(append(node, "a"));
        await().untilAsserted(() -> assertThat(listener.texts()).containsExactly("a"));
        assertThat(texts(read(node, From.EARLIEST))).containsExactly("a");
        assertThat(done(node.broker().historyStats(CHANNEL)).orElseThrow().messages())
                .isEqualTo(1);
        assertThat(node.health().getStatus()).isEqualTo(Status.UP);
        feed.close();
        assertAccessWorks(node);
    }

    /** Revokes, hears it, and keeps a ticket. */
    private static void assertAccessWorks(RedisNode node) {
        Revocation revocation =
                new Revocation(Revocation.Kind.SUBJECT, "alice", Instant.ofEpochSecond(Integer.MAX_VALUE));
        RecordingAccessListener heard = RecordingAccessListener.of(node);
        await().until(node.accessStore()::isReady);
        done(node.accessStore().revoke(revocation));
        await().untilAsserted(() -> assertThat(heard.revocations()).contains(revocation));
        done(node.accessStore().put("t", "alice", Duration.ofSeconds(30)));
        assertThat(done(node.accessStore().take("t"))).contains("alice");
    }

    private Path certificate(String name) {
        RedisServer.run(List.of(
                RedisServer.program("openssl"),
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                key(name).toString(),
                "-out",
                home.resolve(name + ".pem").toString()));
        return home.resolve(name + ".pem");
    }

    private Path key(String name) {
        return home.resolve(name + ".key");
    }

    private RedisNode nodeByTls(int port, Path trusted) {
        return node(
                "spring.data.redis.host=127.0.0.1",
                "spring.data.redis.port=" + port,
                "spring.data.redis.ssl.bundle=redis",
                "spring.ssl.bundle.pem.redis.truststore.certificate=file:" + trusted);
    }

    @Test
    void channelsAreReachedByTlsWithAnSslBundle() {
        Path certificate = certificate("server");
        int tls = FreePort.any();
        opened(RedisServer.start(
                "--tls-port",
                String.valueOf(tls),
                "--tls-cert-file",
                certificate.toString(),
                "--tls-key-file",
                key("server").toString(),
                "--tls-ca-cert-file",
                certificate.toString(),
                "--tls-auth-clients",
                "no"));

        assertWorks(nodeByTls(tls, certificate));

        RedisNode other = nodeByTls(tls, certificate("other"));
        assertUnavailable(append(other, "b"));
        assertThat(other.health().getStatus()).isEqualTo(Status.DOWN);
    }

    private RedisNode nodeOf(RedisServer server, String password) {
        return node(
                "spring.data.redis.port=" + server.port(),
                "spring.data.redis.username=node",
                "spring.data.redis.password=" + password);
    }

    @Test
    void userNeedsNoMoreThanTheDocumentationSays() throws IOException {
        RedisServer server = opened(RedisServer.start());
        String page = Files.readString(Path.of("src/docs/several-nodes.md"));
        int at = page.indexOf("`~holdfast:*`");
        List<String> user = new ArrayList<>(List.of("acl", "setuser", "node", "on", ">secret"));
        // ChannelKeys, channels and commands begin with these, and nothing else there does.
        Pattern.compile("[~&+][^\\s`,]+")
                .matcher(page.substring(at, page.indexOf(" and, for", at)))
                .results()
                .forEach(rule -> user.add(rule.group()));
        assertThat(server.cli(user.toArray(String[]::new))).isEqualTo("OK");

        assertWorks(nodeOf(server, "secret"));

        assertUnavailable(append(nodeOf(server, "wrong"), "b"));
    }

    @Test
    void sentinelsChoiceIsFollowedAndItsPositionsAreOthers() throws IOException {
        RedisServer master = opened(RedisServer.start());
        RedisServer replica = opened(RedisServer.start(replicaOf(master)));
        awaitReplica(replica);
        RedisServer sentinel = opened(RedisServer.sentinel("holdfast", master));
        await().atMost(PATIENCE)
                .until(() -> sentinel.cli("sentinel", "replicas", "holdfast").contains(String.valueOf(replica.port())));
        RedisNode node = node(
                "spring.data.redis.sentinel.master=holdfast",
                "spring.data.redis.sentinel.nodes=127.0.0.1:" + sentinel.port());
        RecordingListener listener = new RecordingListener();
        done(node.broker().listen(CHANNEL, listener));
        Position before = done(append(node, "a"));
        assertThat(master.cli("wait", "1", "5000")).isEqualTo("1");

        master.kill();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(listener.interruptions()).isPositive());
        awaitUp(node);
        assertContinuesWithoutItsPositions(node, before);
        await().untilAsserted(() -> assertThat(listener.texts()).containsExactly("a", "b"));
        assertThat(replica.cli("info", "replication")).contains("role:master");
    }

    @Test
    void replicaIsNotReadyUntilItIsPromotedAndKeepsTheHistory() {
        RedisServer master = opened(RedisServer.start());
        RedisServer replica = opened(RedisServer.start(replicaOf(master)));
        awaitReplica(replica);
        Position before = done(append(node(master.setting()), "a"));
        assertThat(master.cli("wait", "1", "5000")).isEqualTo("1");
        RedisNode node = node(replica.setting());
        assertUnavailable(append(node, "lost"));
        assertThat(node.health().getStatus()).isEqualTo(Status.DOWN);

        replica.cli("replicaof", "no", "one");

        awaitUp(node);
        assertContinuesWithoutItsPositions(node, before);
    }

    private static void assertContinuesWithoutItsPositions(RedisNode node, Position before) {
        assertThat(read(node, new From.After(before))).isInstanceOf(HistoryPage.Lost.class);
        assertThat(texts(read(node, From.EARLIEST))).containsExactly("a");
        Position after = done(append(node, "b"));
        assertThat(after.offset()).isEqualTo(2);
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
    }
}
