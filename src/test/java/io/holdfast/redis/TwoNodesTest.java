// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.holdfast.HoldfastApplication;
import io.holdfast.support.ChannelPeer;
import io.holdfast.support.ChannelPeer.Place;
import io.holdfast.support.ChannelPeer.Received;
import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Two services on one Redis. Clients may use either one, and losses of Redis are reported. */
@TestInstance(Lifecycle.PER_CLASS)
class TwoNodesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final RedisServer redis = RedisServer.start();
    private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();
    private Ports one;
    private Ports other;

    @BeforeAll
    void start() {
        one = node();
        other = node();
    }

    private Ports node() {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(HoldfastApplication.class, Ports.class)
                .run(
                        "--holdfast.broker=redis",
                        "--" + redis.setting(),
                        "--server.port=0",
                        "--holdfast.tcp.listeners.echo.port=0",
                        "--holdfast.tcp.listeners.lines.port=0",
                        "--holdfast.heartbeat.interval=24h",
                        "--holdfast.drain.window=100ms");
        contexts.add(context);
        return context.getBean(Ports.class);
    }

    @AfterAll
    void stop() {
        contexts.forEach(ConfigurableApplicationContext::close);
        redis.close();
    }

    /** Some tests break the subscriptions of both nodes, and look at one of them. */
    @BeforeEach
    void awaitSubscriptions() {
        for (Ports node : List.of(one, other)) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatNoException()
                            .isThrownBy(() -> ChannelPeer.open(ChannelPeer.Way.WEBSOCKET, node, Place.now("ready"))
                                    .close()));
        }
    }

    private static String channel() {
        return "c" + NUMBERS.incrementAndGet();
    }

    /** Publishes this many messages, whose data is their number. */
    private static void publish(ChannelPublisher publisher, String channel, int first, int last) throws IOException {
        for (int i = first; i <= last; i++) {
            publisher.publish(channel, String.valueOf(i));
        }
    }

    private static List<String> numbers(List<Received> messages) {
        return messages.stream().map(message -> message.data().asString()).toList();
    }

    private static List<String> numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(String::valueOf).toList();
    }

    private static int status(Ports node, String path) throws IOException {
        return PlainRequest.get(node.http(), path).status();
    }

    private static void awaitReadiness(Ports node, int status) {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(status(node, "/actuator/health/readiness")).isEqualTo(status));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsPublishedOnOneNodeArrivesOnTheOther(ChannelPeer.Way way) throws IOException {
        String channel = channel();
        try (ChannelPeer peer = ChannelPeer.open(way, other, Place.now(channel));
                ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, one)) {
            publish(publisher, channel, 1, 20);

            assertThat(numbers(peer.next(20))).isEqualTo(numbers(1, 20));
            assertThat(peer.gaps()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void positionOfOneNodeIsGoodOnTheOther(ChannelPeer.Way way) throws IOException {
        String channel = channel();
        try (ChannelPeer before = ChannelPeer.open(way, one, Place.now(channel));
                ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.WEBSOCKET, other)) {
            publish(publisher, channel, 1, 5);
            before.next(5);
            publish(publisher, channel, 6, 300);

            try (ChannelPeer after = ChannelPeer.open(way, other, Place.from(channel, before.position()))) {
                assertThat(after.resumed()).isTrue();
                assertThat(numbers(after.next(295))).isEqualTo(numbers(6, 300));
                publish(publisher, channel, 301, 302);
                assertThat(numbers(after.next(2))).isEqualTo(numbers(301, 302));
            }
        }
    }

    @Test
    void publishIsRepeatedUnderItsKeyOnAnyNode() throws IOException {
        String channel = channel();
        try (ChannelPublisher here = ChannelPublisher.open(ChannelPublisher.Way.HTTP, one);
                ChannelPublisher there = ChannelPublisher.open(ChannelPublisher.Way.TCP, other)) {
            String first = here.publish(channel, null, "k", "1");

            assertThat(there.publish(channel, null, "k", "1")).isEqualTo(first);
            assertThat(there.publish(channel, null, "other", "1")).isNotEqualTo(first);
        }
    }

    @Test
    void nothingIsMissedWhileSubscriptionsBreak() throws IOException {
        String channel = channel();
        int count = 1000;
        try (ChannelPeer peer = ChannelPeer.open(ChannelPeer.Way.WEBSOCKET, one, Place.now(channel));
                ChannelPeer stream = ChannelPeer.open(ChannelPeer.Way.SSE, other, Place.now(channel));
                ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.TCP, other)) {
            for (int i = 1; i <= count; i += 100) {
                publish(publisher, channel, i, i + 49);
                // Two nodes listen.
                assertThat(redis.cli("client", "kill", "type", "pubsub")).isNotEqualTo("0");
                publish(publisher, channel, i + 50, i + 99);
                awaitListeners(channel);
            }

            assertThat(numbers(peer.next(count))).isEqualTo(numbers(1, count));
            assertThat(numbers(stream.next(count))).isEqualTo(numbers(1, count));
            assertThat(List.of(peer.gaps(), stream.gaps())).containsOnly(0);
        }
    }

    private void awaitListeners(String channel) {
        await().atMost(PATIENCE)
                .until(() -> redis.cli("pubsub", "shardnumsub", "holdfast:{" + channel + "}:live")
                        .endsWith("2"));
    }

    /** No announcement follows the lost ones, so subscribing again must be enough. */
    @Test
    void lastMessageIsNotMissedWhenNothingFollowsIt() throws IOException {
        String channel = channel();
        try (ChannelPeer peer = ChannelPeer.open(ChannelPeer.Way.TCP, one, Place.now(channel));
                ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, one)) {
            redis.cli("client", "kill", "type", "pubsub");
            publisher.publish(channel, "1");

            assertThat(numbers(peer.next(1))).isEqualTo(numbers(1, 1));
            assertThat(peer.gaps()).isZero();
        }
    }

    @Test
    void redisThatHangsIsToldAndNothingIsMissedWhenItGoesOn() throws IOException {
        String channel = channel();
        try (ChannelPeer peer = ChannelPeer.open(ChannelPeer.Way.SSE, one, Place.now(channel));
                ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, other)) {
            publish(publisher, channel, 1, 1);

            redis.hang();
            try {
                assertThat(PlainRequest.get(one.http(), "/channels/" + channel + "/messages")
                                .status())
                        .isEqualTo(503);
                assertThat(status(one, "/actuator/health/readiness")).isEqualTo(503);
                assertThat(status(one, "/actuator/health/liveness")).isEqualTo(200);
            } finally {
                redis.goOn();
            }

            awaitReadiness(one, 200);
            awaitReadiness(other, 200);
            publish(publisher, channel, 2, 3);
            assertThat(numbers(peer.next(3))).isEqualTo(numbers(1, 3));
            assertThat(peer.gaps()).isZero();
        }
    }

    /** Subscribes from now on, and hears the first message. */
    private static JsonTalk listener(Ports node, String channel, ChannelPublisher publisher) throws IOException {
        JsonTalk talk = JsonTalk.open(JsonTalk.Way.WEBSOCKET, node);
        talk.say("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}").hear("subscribed");
        publisher.publish(channel, "1");
        assertThat(talk.hear("message").at("/data").asString()).isEqualTo("1");
        return talk;
    }

    @Test
    void flushedRedisIsAGapForWhoListens() throws IOException {
        String channel = channel();
        try (ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, other);
                JsonTalk talk = listener(one, channel, publisher)) {
            String before = publisher.publish(channel, "2");
            talk.hear("message");

            redis.cli("flushall");
            // This one can only be reported as a gap.
            String told = publisher.publish(channel, "3");
            assertThat(talk.hear("gap").at("/position").asString()).isEqualTo(told);
            publisher.publish(channel, "4");

            assertThat(talk.hear("message").at("/data").asString()).isEqualTo("4");
            assertThat(epoch(told)).isNotEqualTo(epoch(before));
            try (ChannelPeer later = ChannelPeer.open(ChannelPeer.Way.WEBSOCKET, other, Place.from(channel, before))) {
                assertThat(later.resumed()).isFalse();
            }
        }
    }

    private static String epoch(String position) {
        return position.substring(0, position.indexOf(':'));
    }

    @Test
    void nodesOutliveRedisAndTheirSubscribersAreToldOfTheGap() throws IOException {
        String channel = channel();
        try (ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, other);
                JsonTalk talk = listener(one, channel, publisher)) {
            redis.kill();
            awaitReadiness(one, 503);
            assertThat(PlainRequest.get(one.http(), "/actuator/health")
                            .json()
                            .at("/components/redis/status")
                            .asString())
                    .isEqualTo("DOWN");
            assertThat(status(one, "/actuator/health/liveness")).isEqualTo(200);
            PlainRequest.Answer refused = PlainRequest.get(one.http(), "/channels/" + channel);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.head()).contains("retry-after:");
            assertThat(refused.json().at("/code").asString()).isEqualTo("unavailable");

            redis.startAgain();
            awaitReadiness(one, 200);
            awaitReadiness(other, 200);
            // Reported without a new message: a node that subscribes again reads what it missed.
            talk.hear("gap");
            publisher.publish(channel, "2");
            assertThat(talk.hear("message").at("/data").asString()).isEqualTo("2");
        }
    }
}
