// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.channel.TraceContext;
import io.holdfast.support.ChannelPeer;
import io.holdfast.support.ChannelPeer.Place;
import io.holdfast.support.ChannelPeer.Received;
import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;

/** What is published on any transport arrives on every other, and a position of one is good on every other. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
class TransportsTest {

    /** Each kind of JSON, with what a transport's framing might trip over. */
    private static final List<String> DATA = List.of(
            "\"hello\"",
            "\"\"",
            "\" leading and trailing \"",
            "\"two\\nlines\"",
            "\"ends with one\\n\"",
            "\"\\r\\nfour\\r\\n\\rkinds\\n\\nof breaks\"",
            "\"data: not\\nid: a field\\n\\nevent: of mine\"",
            "\"quotes \\\" and \\\\ and \\u0000 and \\t\"",
            "\"Grüße, 世界, \u2028 and \\u2028, 🎈 and \\uD83C\\uDF88\"",
            "0",
            "-12.5e3",
            "12345678901234567890123",
            "true",
            "false",
            "null",
            "[]",
            "{}",
            "[1,[2,[3,null]],\"four\\n\"]",
            "{\"a\":{\"b\":[{\"c\":null},\"ä\\r\\n\"]},\"type\":\"message\",\"\":0}",
            "{\n  \"spread\" : [ 1 ,\t2 ]\n}");

    private static final List<String> EVENTS =
            Arrays.asList(null, "price", "message", "Preis für Öl: 7 €", " indented");

    @Autowired
    Ports ports;

    /** A channel for each test, so that none sees another's messages. */
    private final String channel = "transports-" + System.nanoTime();

    private record Sent(String position, @Nullable String event, String data) {

        Received on(ChannelPeer.Way way) {
            // To an event stream, a message without a name is one called message.
            String name = way == ChannelPeer.Way.SSE && "message".equals(event) ? null : event;
            return new Received(position, name, way.carried(data));
        }
    }

    private static List<Received> on(ChannelPeer.Way way, List<Sent> sent) {
        return sent.stream().map(one -> one.on(way)).toList();
    }

    private List<Sent> publishAll(ChannelPublisher publisher, boolean onOneLine) throws IOException {
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < DATA.size(); i++) {
            String event = EVENTS.get(i % EVENTS.size());
            String data = onOneLine ? DATA.get(i).replace('\n', ' ') : DATA.get(i);
            String position = publisher.publish(channel, event, null, data);
            sent.add(new Sent(position, event, data));
        }
        return sent;
    }

    private List<Sent> publish(ChannelPublisher publisher, int count) throws IOException {
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String data = "\"" + System.nanoTime() + "\"";
            sent.add(new Sent(publisher.publish(channel, data), null, data));
        }
        return sent;
    }

    @ParameterizedTest
    @EnumSource
    void everyKindOfDataArrivesOnEveryTransport(ChannelPublisher.Way from) throws IOException {
        Map<ChannelPeer.Way, ChannelPeer> peers = new EnumMap<>(ChannelPeer.Way.class);
        try (ChannelPublisher publisher = ChannelPublisher.open(from, ports)) {
            for (ChannelPeer.Way way : ChannelPeer.Way.values()) {
                peers.put(way, ChannelPeer.open(way, ports, Place.now(channel)));
            }

            List<Sent> sent = publishAll(publisher, from == ChannelPublisher.Way.TCP);

            for (Map.Entry<ChannelPeer.Way, ChannelPeer> peer : peers.entrySet()) {
                assertThat(peer.getValue().next(DATA.size()))
                        .as("%s", peer.getKey())
                        .isEqualTo(on(peer.getKey(), sent));
            }
        } finally {
            for (ChannelPeer peer : peers.values()) {
                peer.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyKindOfDataArrivesFromTheHistoryToo(ChannelPeer.Way way) throws IOException {
        try (ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, ports)) {
            List<Sent> sent = publishAll(publisher, false);

            try (ChannelPeer peer = ChannelPeer.open(way, ports, Place.from(channel, "earliest"))) {
                assertThat(peer.next(DATA.size())).isEqualTo(on(way, sent));
                assertThat(peer.position()).isEqualTo(sent.getLast().position());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void traceContextArrivesOnEveryTransportNowAndFromTheHistory(ChannelPublisher.Way from) throws IOException {
        TraceContext parent = new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", null);
        TraceContext both = new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", "a=1,t@b=c d");
        Map<ChannelPeer.Way, ChannelPeer> peers = new EnumMap<>(ChannelPeer.Way.class);
        try (ChannelPublisher publisher = ChannelPublisher.open(from, ports)) {
            for (ChannelPeer.Way way : ChannelPeer.Way.values()) {
                peers.put(way, ChannelPeer.open(way, ports, Place.now(channel)));
            }

            publisher.publish(channel, null, null, "1", parent);
            publisher.publish(channel, "price", "key", "2", both);
            publisher.publish(channel, "3");

            for (ChannelPeer.Way way : peers.keySet()) {
                try (ChannelPeer late = ChannelPeer.open(way, ports, Place.from(channel, "earliest"))) {
                    for (ChannelPeer peer : List.of(peers.get(way), late)) {
                        assertThat(peer.next(3))
                                .as("%s", way)
                                .extracting(Received::trace)
                                .containsExactly(parent, both, null);
                    }
                }
            }
        } finally {
            for (ChannelPeer peer : peers.values()) {
                peer.close();
            }
        }
    }

    static Stream<Arguments> pairs() {
        return Stream.of(ChannelPeer.Way.values())
                .flatMap(from -> Stream.of(ChannelPeer.Way.values()).map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void whatWasMissedBetweenTwoTransportsComesFirstAndOnce(ChannelPeer.Way from, ChannelPeer.Way to)
            throws IOException {
        try (ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.TCP, ports)) {
            ChannelPeer before = ChannelPeer.open(from, ports, Place.now(channel));
            List<Sent> sent = publish(publisher, 5);
            List<Received> first = before.next(3);
            before.cut();
            List<Sent> meanwhile = publish(publisher, 150);

            try (ChannelPeer after = before.reopen(to)) {
                List<Sent> live = publish(publisher, 3);

                assertThat(first).isEqualTo(on(from, sent.subList(0, 3)));
                assertThat(after.resumed()).isTrue();
                assertThat(after.next(2)).isEqualTo(on(to, sent.subList(3, 5)));
                assertThat(after.next(150)).isEqualTo(on(to, meanwhile));
                assertThat(after.next(3)).isEqualTo(on(to, live));
                assertThat(after.gaps()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoMissedNothingIsResumedToo(ChannelPeer.Way way) throws IOException {
        try (ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.WEBSOCKET, ports)) {
            publish(publisher, 1);
            ChannelPeer before = ChannelPeer.open(way, ports, Place.now(channel));
            before.cut();

            try (ChannelPeer after = before.reopen(way)) {
                List<Sent> live = publish(publisher, 2);

                assertThat(after.resumed()).isTrue();
                assertThat(after.next(2)).isEqualTo(on(way, live));
            }
        }
    }

    /** Whoever is cut between its welcome and the first message of the history must not take that for seen. */
    @ParameterizedTest
    @EnumSource
    void whoAskedForTheEarliestAndGotNothingYetGetsItAllNextTime(ChannelPeer.Way way) throws IOException {
        try (ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, ports)) {
            List<Sent> sent = publish(publisher, 3);
            ChannelPeer before = ChannelPeer.open(way, ports, Place.from(channel, "earliest"));
            before.cut();

            try (ChannelPeer after = before.reopen(way)) {
                assertThat(after.resumed()).isTrue();
                assertThat(after.next(3)).isEqualTo(on(way, sent));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void positionOfAHistoryThatIsNoMoreIsAGap(ChannelPeer.Way way) throws IOException {
        try (ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, ports)) {
            List<Sent> before = publish(publisher, 2);

            try (ChannelPeer peer = ChannelPeer.open(way, ports, Place.from(channel, "gone:1"))) {
                List<Sent> live = publish(publisher, 2);

                assertThat(peer.resumed()).isFalse();
                assertThat(peer.position()).isEqualTo(before.getLast().position());
                assertThat(peer.next(2)).isEqualTo(on(way, live));
            }
        }
    }

    @Test
    void publishersOfAllTransportsShareOneRowOfPositions() throws IOException {
        try (ChannelPublisher http = ChannelPublisher.open(ChannelPublisher.Way.HTTP, ports);
                ChannelPublisher webSocket = ChannelPublisher.open(ChannelPublisher.Way.WEBSOCKET, ports);
                ChannelPublisher tcp = ChannelPublisher.open(ChannelPublisher.Way.TCP, ports)) {
            List<String> positions =
                    List.of(http.publish(channel, "1"), webSocket.publish(channel, "2"), tcp.publish(channel, "3"));

            assertThat(positions)
                    .extracting(text -> text.replaceFirst(".*:", ""))
                    .containsExactly("1", "2", "3");
            assertThat(positions)
                    .extracting(text -> text.replaceFirst(":.*", ""))
                    .containsOnly(positions.getFirst().replaceFirst(":.*", ""));
        }
    }

    @ParameterizedTest
    @EnumSource
    void repeatUnderAKeyOfAnotherTransportIsTheSameMessage(ChannelPublisher.Way way) throws IOException {
        try (ChannelPublisher first = ChannelPublisher.open(way, ports)) {
            ChannelPeer peer = ChannelPeer.open(ChannelPeer.Way.SSE, ports, Place.now(channel));
            String position = first.publish(channel, null, "7f1c", "1");
            for (ChannelPublisher.Way other : ChannelPublisher.Way.values()) {
                try (ChannelPublisher repeat = ChannelPublisher.open(other, ports)) {
                    assertThat(repeat.publish(channel, null, "7f1c", "1")).isEqualTo(position);
                }
            }
            String next = first.publish(channel, "2");

            assertThat(peer.next(2)).extracting(Received::position).containsExactly(position, next);
            peer.close();
        }
    }
}
