// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.channel.Broker;
import io.holdfast.channel.ChannelCounts;
import io.holdfast.channel.Channels;
import io.holdfast.channel.From;
import io.holdfast.channel.Position;
import io.holdfast.connection.Transport;
import io.holdfast.support.ChannelPeer;
import io.holdfast.support.ChannelPeer.Place;
import io.holdfast.support.ChannelPeer.Received;
import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.MovedClock;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Thousands of random steps on all transports, compared with a model.
 * {@code -Dholdfast.model.seed=…} repeats a run.
 */
@FewChannelsTest
class ModelTest {

    private static final int STEPS = 3000;
    private static final int CLIENTS = 8;
    private static final int POSITIONS = 60;
    private static final List<String> NAMES = List.of("model-a", "model-b", "model-c");
    private static final Duration LONGER_THAN_KEPT = Duration.ofMinutes(6);

    @Autowired
    Ports ports;

    @Autowired
    Channels channels;

    @Autowired
    Broker broker;

    @Autowired
    ChannelCounts counts;

    @Autowired
    MovedClock clock;

    private final long seed = Long.getLong("holdfast.model.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private final Map<String, ModelChannel> model = new TreeMap<>();
    private final List<ModelClient> clients = new ArrayList<>();
    private final Map<ChannelPublisher.Way, ChannelPublisher> publishers = new EnumMap<>(ChannelPublisher.Way.class);

    /** Where subscribers were when they were cut, of whatever transport; each with its channel. */
    private final List<Place> positions = new ArrayList<>();

    private Figures expected = new Figures(0, 0, 0, 0, 0, 0, 0);
    private Figures before = expected;

    /** What {@link ChannelCounts} counts. */
    private record Figures(
            long http, long webSocket, long tcp, long repeats, long deliveries, long resumes, long gaps) {

        Figures plus(Figures more) {
            return new Figures(
                    http + more.http,
                    webSocket + more.webSocket,
                    tcp + more.tcp,
                    repeats + more.repeats,
                    deliveries + more.deliveries,
                    resumes + more.resumes,
                    gaps + more.gaps);
        }
    }

    private Figures figures() {
        return new Figures(
                counts.publishedBy(Transport.HTTP.tag()),
                counts.publishedBy(Transport.WEBSOCKET.tag()),
                counts.publishedBy(Transport.TCP.tag()),
                counts.repeats(),
                counts.deliveries(),
                counts.resumes(),
                counts.gaps());
    }

    private void count(int deliveries, int resumes, int gaps) {
        expected = expected.plus(new Figures(0, 0, 0, 0, deliveries, resumes, gaps));
    }

    /** Waits until the service has done all that the model says. */
    private void settle() {
        await().untilAsserted(() -> assertThat(figures()).isEqualTo(before.plus(expected)));
    }

    @Test
    void whateverHappensEverySubscriberGetsWhatTheModelSays(TestReporter reporter) throws IOException {
        reporter.publishEntry("holdfast.model.seed", String.valueOf(seed));
        // Empties the channels of tests that ran before in the same application: it has room for few.
        clock.pass(LONGER_THAN_KEPT);
        before = figures();
        int step = 0;
        try {
            for (ChannelPublisher.Way way : ChannelPublisher.Way.values()) {
                publishers.put(way, ChannelPublisher.open(way, ports));
            }
            for (String name : NAMES) {
                model.put(name, new ModelChannel(name, FewChannelsTest.KEPT));
            }
            for (; step < STEPS; step++) {
                step();
            }
            end();
        } catch (AssertionError | IOException | RuntimeException e) {
            throw new AssertionError("at step " + step + " of -Dholdfast.model.seed=" + seed, e);
        } finally {
            for (ModelClient client : clients) {
                client.cut();
            }
            for (ChannelPublisher publisher : publishers.values()) {
                publisher.close();
            }
        }
    }

    private void step() throws IOException {
        int dice = random.nextInt(1000);
        if (dice < 500) {
            publish(pick(List.copyOf(model.values())));
        } else if (dice < 640) {
            subscribe(pick(List.copyOf(model.values())));
        } else if (dice < 860) {
            receive();
        } else if (dice < 930) {
            cut();
        } else if (dice < 955) {
            unsubscribe();
        } else if (dice < 995) {
            poll(pick(List.copyOf(model.values())));
        } else {
            age();
        }
    }

    private <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** Has the model know the channel's epoch, which is the service's to choose. */
    private void know(ModelChannel channel) {
        Position head = channels.read(channel.name, From.NOW, 0)
                .toCompletableFuture()
                .join()
                .head();
        if (channel.epoch == null) {
            channel.epoch = head.epoch();
        }
        assertThat(head.toString()).isEqualTo(channel.head());
    }

    private void publish(ModelChannel channel) throws IOException {
        know(channel);
        ChannelPublisher.Way way = pick(List.of(ChannelPublisher.Way.values()));
        String key = random.nextInt(3) == 0 ? "k" + random.nextInt(6) : null;
        String event = random.nextBoolean() ? "price" : null;
        String text = "m" + random.nextInt();
        ModelChannel.Kept first = channel.published(key);
        ModelChannel.Kept message = first == null ? channel.publish(key, event, text) : first;
        expected = expected.plus(new Figures(
                first == null && way == ChannelPublisher.Way.HTTP ? 1 : 0,
                first == null && way == ChannelPublisher.Way.WEBSOCKET ? 1 : 0,
                first == null && way == ChannelPublisher.Way.TCP ? 1 : 0,
                first == null ? 0 : 1,
                0,
                0,
                0));
        if (first == null) {
            for (ModelClient client : clients) {
                ModelClient.Expected subscription = client.subscriptions.get(channel.name);
                if (subscription != null) {
                    subscription.messages.add(message);
                    count(1, 0, 0);
                }
            }
        }

        String position = publisher(way).publish(channel.name, event, key, "\"" + text + "\"");

        assertThat(position).isEqualTo(message.position());
    }

    private ChannelPublisher publisher(ChannelPublisher.Way way) {
        ChannelPublisher publisher = publishers.get(way);
        assertThat(publisher).isNotNull();
        return publisher;
    }

    private @Nullable String from(ModelChannel channel) {
        List<String> known = positions.stream()
                .filter(place -> place.channel().equals(channel.name))
                .map(Place::from)
                .toList();
        int dice = random.nextInt(10);
        if (dice < 2 || known.isEmpty()) {
            return dice % 2 == 0 ? null : "earliest";
        }
        // Rather a late one: the older ones are gaps, all of them.
        return dice < 8 ? known.getLast() : pick(known);
    }

    private void subscribe(ModelChannel channel) throws IOException {
        List<ModelClient> open = clients.stream()
                .filter(client -> !client.isFull() && !client.subscriptions.containsKey(channel.name))
                .toList();
        ModelClient client;
        if (!open.isEmpty() && random.nextBoolean()) {
            client = pick(open);
        } else if (clients.size() < CLIENTS) {
            client = client(pick(List.of(
                    ChannelPeer.Way.SSE, ChannelPeer.Way.NDJSON, ChannelPeer.Way.WEBSOCKET, ChannelPeer.Way.TCP)));
            clients.add(client);
        } else {
            return;
        }
        know(channel);
        String from = from(channel);
        client.subscribe(channel, from);
        boolean resumed = channel.continues(from);
        count(resumed ? channel.after(from).size() : 0, resumed && from != null ? 1 : 0, resumed ? 0 : 1);
    }

    private ModelClient client(ChannelPeer.Way way) throws IOException {
        return switch (way) {
            case WEBSOCKET, TCP -> new ModelClient.Talk(JsonTalk.open(JsonTalk.Way.valueOf(way.name()), ports));
            default -> new ModelClient.Stream(way, ports);
        };
    }

    private void receive() throws IOException {
        List<ModelClient> owed =
                clients.stream().filter(ModelClient::isOwedAnything).toList();
        if (!owed.isEmpty()) {
            ModelClient client = pick(owed);
            for (int i = random.nextInt(10); i > 0 && client.isOwedAnything(); i--) {
                client.receive();
            }
        }
    }

    /** Deliveries to a subscriber that is cut are counted, so the test waits for them. */
    private void cut() throws IOException {
        if (!clients.isEmpty()) {
            settle();
            ModelClient client = clients.remove(random.nextInt(clients.size()));
            client.cut();
            client.subscriptions.forEach(
                    (channel, subscription) -> positions.add(Place.from(channel, subscription.position)));
            // Until the service knows, it goes on delivering.
            client.subscriptions.keySet().forEach(this::awaitSubscribers);
            if (positions.size() > POSITIONS) {
                positions.removeFirst();
            }
        }
    }

    private void awaitSubscribers(String channel) {
        Map<String, Integer> listening = new TreeMap<>();
        clients.stream()
                .filter(client -> client.subscriptions.containsKey(channel))
                .forEach(client -> listening.merge(client.transport().toLowerCase(Locale.ROOT), 1, Integer::sum));
        await().untilAsserted(() -> assertThat(
                        channels.subscribers(channel).toCompletableFuture().join())
                .isEqualTo(listening));
    }

    private void unsubscribe() throws IOException {
        List<ModelClient> able = clients.stream()
                .filter(client -> client instanceof ModelClient.Talk && !client.subscriptions.isEmpty())
                .toList();
        if (!able.isEmpty()) {
            settle();
            ModelClient client = pick(able);
            client.unsubscribe(pick(List.copyOf(client.subscriptions.keySet())));
        }
    }

    private void poll(ModelChannel channel) throws IOException {
        know(channel);
        String from = from(channel);
        try (ChannelPeer peer = ChannelPeer.open(ChannelPeer.Way.POLL, ports, new Place(channel.name, from, "all"))) {
            assertThat(peer.resumed()).isEqualTo(channel.continues(from));
            List<ModelChannel.Kept> kept = peer.resumed() ? channel.after(from) : List.of();
            assertThat(peer.next(kept.size()))
                    .extracting(Received::position)
                    .isEqualTo(kept.stream().map(ModelChannel.Kept::position).toList());
            assertThat(peer.position()).isEqualTo(channel.head());
        }
    }

    /** All messages expire, and then new channels replace those without subscribers. */
    private void age() {
        settle();
        clock.pass(LONGER_THAN_KEPT);
        for (ModelChannel channel : model.values()) {
            channel.age();
            boolean listened = clients.stream().anyMatch(client -> client.subscriptions.containsKey(channel.name));
            if (listened) {
                know(channel);
            } else {
                channel.forget();
                await().until(() -> {
                    channels.read("model-other-" + random.nextInt(), From.NOW, 0)
                            .toCompletableFuture()
                            .join();
                    return !broker.channels().contains(channel.name);
                });
            }
        }
    }

    private void end() throws IOException {
        for (ModelClient client : clients) {
            client.receiveAll();
        }
        settle();
        for (ModelChannel channel : model.values()) {
            know(channel);
            awaitSubscribers(channel.name);
        }
        for (ModelClient client : clients) {
            client.cut();
        }
        clients.clear();
        for (String name : NAMES) {
            awaitSubscribers(name);
        }
        assertThat(figures()).isEqualTo(before.plus(expected));
    }
}
