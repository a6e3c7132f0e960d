// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.ChannelPeer;
import io.holdfast.support.ChannelPeer.Place;
import io.holdfast.support.ChannelPeer.Received;
import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.Crew;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Ports;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Subscribers that are cut repeatedly under load miss nothing and receive nothing twice. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
@TestPropertySource(properties = {"holdfast.history.messages=100000", "holdfast.history.bytes=64MB"})
class ResumeTest {

    private static final int EACH = 600;
    private static final int ALL = EACH * ChannelPublisher.Way.values().length;

    /** Received between two cuts, at the most. */
    private static final int STRETCH = 150;

    @Autowired
    Ports ports;

    private final String channel = "resume-" + System.nanoTime();

    private Void publish(ChannelPublisher.Way way) throws IOException {
        try (ChannelPublisher publisher = ChannelPublisher.open(way, ports)) {
            for (int i = 0; i < EACH; i++) {
                publisher.publish(channel, "\"" + way + " " + i + "\"");
            }
        }
        return null;
    }

    /** Receives until it has all, and is cut on the way; each time it comes back by one of {@code ways}. */
    private List<Received> receiveAll(ChannelPeer first, Random random, ChannelPeer.Way... ways) throws IOException {
        List<Received> all = new ArrayList<>();
        ChannelPeer peer = first;
        while (true) {
            int stretch = Math.min(random.nextInt(STRETCH), ALL - all.size());
            try {
                for (int i = 0; i < stretch; i++) {
                    all.add(peer.next());
                }
            } catch (EOFException e) {
                // It read too slowly: another way of being cut.
            }
            assertThat(peer.resumed()).isTrue();
            assertThat(peer.gaps()).isZero();
            peer.cut();
            if (all.size() == ALL) {
                return all;
            }
            peer = peer.reopen(ways[random.nextInt(ways.length)]);
        }
    }

    private static void assertWhole(List<Received> received) {
        assertThat(received)
                .extracting(message -> Long.parseLong(message.position().replaceFirst(".*:", "")))
                .isEqualTo(LongStream.rangeClosed(1, ALL).boxed().toList());
        for (ChannelPublisher.Way way : ChannelPublisher.Way.values()) {
            assertThat(received.stream()
                            .map(message -> message.data().stringValue())
                            .filter(text -> text.startsWith(way + " ")))
                    .containsExactlyElementsOf(LongStream.range(0, EACH)
                            .mapToObj(i -> way + " " + i)
                            .toList());
        }
    }

    @Test
    void subscribersThatAreCutAgainAndAgainGetTheWholeSequence() throws Exception {
        List<Future<List<Received>>> subscribers = new ArrayList<>();
        try (Crew crew = new Crew()) {
            for (ChannelPeer.Way way : ChannelPeer.Way.values()) {
                ChannelPeer first = ChannelPeer.open(way, ports, Place.now(channel));
                subscribers.add(
                        crew.start(() -> receiveAll(first, new Random(way.name().hashCode()), way)));
                ChannelPeer wandering = ChannelPeer.open(way, ports, Place.now(channel));
                subscribers.add(crew.start(
                        () -> receiveAll(wandering, new Random(-way.name().hashCode()), ChannelPeer.Way.values())));
            }
            for (ChannelPublisher.Way way : ChannelPublisher.Way.values()) {
                crew.start(() -> publish(way));
            }
            crew.join();
        }

        for (Future<List<Received>> subscriber : subscribers) {
            assertWhole(subscriber.get());
        }
    }

    /** The hand-over from history to live messages, at every moment. */
    @Test
    void subscribersThatComeWhileOthersPublishGetTheWholeSequence() throws Exception {
        List<Future<List<Received>>> subscribers = new ArrayList<>();
        try (Crew crew = new Crew()) {
            for (ChannelPublisher.Way way : ChannelPublisher.Way.values()) {
                crew.start(() -> publish(way));
            }
            for (int round = 0; round < 4; round++) {
                for (ChannelPeer.Way way : ChannelPeer.Way.values()) {
                    ChannelPeer peer = ChannelPeer.open(way, ports, Place.from(channel, "earliest"));
                    subscribers.add(crew.start(() -> {
                        try (peer) {
                            return peer.next(ALL);
                        }
                    }));
                }
            }
            crew.join();
        }

        for (Future<List<Received>> subscriber : subscribers) {
            assertWhole(subscriber.get());
        }
    }
}
