// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.channel.ChannelCounts;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Transport;
import io.holdfast.support.ChannelPeer;
import io.holdfast.support.ChannelPeer.Place;
import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.Crew;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeft;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;

/** A subscriber that does not read affects only itself. */
@HoldfastTest
@ExtendWith(NothingLeft.class)
class SlowConsumerTest {

    /** Data that fills the sockets' buffers and an outbox soon. */
    private static final String DATA = "\"" + "x".repeat(60_000) + "\"";

    /** More than all buffers hold. */
    private static final int MANY = 400;

    /** How far the publisher may be ahead of the readers: less than an outbox holds. */
    private static final int AHEAD = 8;

    private static final int STUCK = 20;

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    @Autowired
    ChannelCounts counts;

    private final String channel = "slow-" + System.nanoTime();

    /** Reads what comes, and checks that nothing is missing. */
    private static final class Reader {

        private final ChannelPeer peer;
        private final AtomicLong read = new AtomicLong();

        Reader(ChannelPeer peer) {
            this.peer = peer;
        }

        Void readUntilShort() throws IOException {
            try (peer) {
                ChannelPeer.Received message;
                do {
                    message = peer.next();
                    assertThat(offset(message)).isEqualTo(read.get() + 1);
                    read.incrementAndGet();
                } while (message.data().toString().length() > 1000);
            }
            return null;
        }
    }

    private static long offset(ChannelPeer.Received message) {
        return Long.parseLong(message.position().replaceFirst(".*:", ""));
    }

    private static Transport transport(ChannelPeer.Way way) {
        return switch (way) {
            case SSE, NDJSON, POLL -> Transport.HTTP;
            case WEBSOCKET -> Transport.WEBSOCKET;
            case TCP -> Transport.TCP;
        };
    }

    private List<Reader> readers(Crew crew) throws IOException {
        List<Reader> readers = new ArrayList<>();
        for (ChannelPeer.Way way : ChannelPeer.Way.values()) {
            if (way != ChannelPeer.Way.POLL) {
                Reader reader = new Reader(ChannelPeer.open(way, ports, Place.now(channel)));
                readers.add(reader);
                crew.start(reader::readUntilShort);
            }
        }
        return readers;
    }

    private static void awaitReaders(List<Reader> readers, int published) {
        await().until(() -> readers.stream().allMatch(reader -> reader.read.get() >= published - AHEAD));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "POLL")
    void onlyTheOneThatDoesNotReadIsClosedAndNobodyElseMissesAnything(ChannelPeer.Way way) throws Exception {
        try (Crew crew = new Crew();
                ChannelPeer slow = ChannelPeer.open(way, ports, Place.now(channel));
                ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.TCP, ports)) {
            List<Reader> readers = readers(crew);
            Connection connection = figures.ofPeer(slow.wire().localPort()).orElseThrow();
            long before = figures.closed(transport(way), CloseReason.SLOW_CONSUMER);

            int published = 0;
            while (connection.reason() == null && published < MANY) {
                publisher.publish(channel, DATA);
                published++;
                awaitReaders(readers, published);
            }
            publisher.publish(channel, "\"end\"");
            long got = readToTheEnd(slow);
            crew.join();

            assertThat(connection.reason()).isEqualTo(CloseReason.SLOW_CONSUMER);
            int all = published + 1;
            assertThat(readers).allSatisfy(reader -> assertThat(reader.read).hasValue(all));
            assertThat(got).isLessThan(all);
            await().until(() -> figures.closed(transport(way), CloseReason.SLOW_CONSUMER) > before);
            assertThat(figures.closed(transport(way), CloseReason.SLOW_CONSUMER))
                    .isEqualTo(before + 1);
        }
    }

    /** It finally reads the beginning of the sequence without a gap, then the end of the connection. */
    private static long readToTheEnd(ChannelPeer slow) {
        long last = 0;
        try {
            while (true) {
                long next = offset(slow.next());
                assertThat(next).isEqualTo(last + 1);
                last = next;
            }
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).startsWith("closed with")) {
                assertThat(e).hasMessage("closed with " + CloseReason.SLOW_CONSUMER.webSocketCode());
            }
            return last;
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "POLL")
    void whoWantsTheNewestIsNotClosedAndGetsItLast(ChannelPeer.Way way) throws Exception {
        try (Crew crew = new Crew();
                ChannelPeer slow = ChannelPeer.open(way, ports, new Place(channel, null, "latest"));
                ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.WEBSOCKET, ports)) {
            List<Reader> readers = readers(crew);
            Connection connection = figures.ofPeer(slow.wire().localPort()).orElseThrow();
            long skipped = counts.skips();
            int published = 0;
            // Bytes that wait for a moment are no sign yet.
            for (int stuck = 0; stuck < STUCK && published < MANY; published++) {
                publisher.publish(channel, DATA);
                awaitReaders(readers, published + 1);
                stuck = connection.queuedBytes() > 0 ? stuck + 1 : 0;
            }
            publisher.publish(channel, "\"end\"");
            published++;
            crew.join();

            List<Long> got = new ArrayList<>();
            while (got.isEmpty() || got.getLast() < published) {
                got.add(offset(slow.next()));
            }

            assertThat(got).isSorted().doesNotHaveDuplicates().hasSizeLessThan(published);
            assertThat(connection.reason()).isNull();
            assertThat(counts.skips() - skipped).isEqualTo(published - got.size());
            String after = publisher.publish(channel, "1");
            assertThat(slow.next().position()).isEqualTo(after);
        }
    }
}
