// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.ChannelPeer;
import io.holdfast.support.ChannelPeer.Place;
import io.holdfast.support.ChannelPeer.Received;
import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.Crew;
import io.holdfast.support.Ports;
import io.holdfast.support.SmallTest;
import java.io.EOFException;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;

/** A small history: missed messages are reported as a gap, and only those. */
@SmallTest
class GapTest {

    private static final int EACH = 800;
    private static final int STRETCH = 40;

    @Autowired
    Ports ports;

    private final String channel = "gap-" + System.nanoTime();

    private void publish(int count) throws IOException {
        try (ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.TCP, ports)) {
            for (int i = 0; i < count; i++) {
                publisher.publish(channel, "1");
            }
        }
    }

    private static long offset(String position) {
        return Long.parseLong(position.substring(position.indexOf(':') + 1));
    }

    @ParameterizedTest
    @EnumSource
    void asManyAsAreKeptMayBeMissed(ChannelPeer.Way way) throws IOException {
        publish(1);
        ChannelPeer before = ChannelPeer.open(way, ports, Place.now(channel));
        before.cut();
        publish(SmallTest.KEPT);

        try (ChannelPeer after = before.reopen(way)) {
            assertThat(after.resumed()).isTrue();
            assertThat(after.next(SmallTest.KEPT))
                    .extracting(message -> offset(message.position()))
                    .startsWith(2L)
                    .endsWith(1L + SmallTest.KEPT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneMoreIsAGapAndItGoesOnFromNow(ChannelPeer.Way way) throws IOException {
        publish(1);
        ChannelPeer before = ChannelPeer.open(way, ports, Place.now(channel));
        before.cut();
        publish(SmallTest.KEPT + 1);

        try (ChannelPeer after = before.reopen(way)) {
            publish(1);

            assertThat(after.resumed()).isFalse();
            assertThat(offset(after.position())).isEqualTo(SmallTest.KEPT + 2);
            assertThat(offset(after.next().position())).isEqualTo(SmallTest.KEPT + 3);
        }
    }

    /** What one subscriber saw of the sequence: each offset follows the last, but where a gap was told. */
    private final class Observer {

        private final Random random;
        private final ChannelPeer.Way way;
        private long last;
        private int resumes;
        private int told;

        Observer(ChannelPeer.Way way) {
            this.way = way;
            this.random = new Random(way.name().hashCode());
        }

        Void observe(AtomicBoolean over) throws IOException {
            ChannelPeer peer = ChannelPeer.open(way, ports, Place.now(channel));
            last = offset(peer.position());
            while (!over.get()) {
                try {
                    for (int i = random.nextInt(STRETCH); i > 0 && !over.get(); i--) {
                        int gaps = peer.gaps();
                        Received message = peer.next();
                        if (peer.gaps() == gaps) {
                            assertThat(offset(message.position())).isEqualTo(last + 1);
                        } else {
                            told++;
                            assertThat(offset(message.position())).isGreaterThan(last + 1);
                        }
                        last = offset(message.position());
                    }
                } catch (EOFException e) {
                    // It read too slowly: another way of being cut.
                }
                peer.cut();
                for (int pause = random.nextInt(4); pause > 0; pause--) {
                    publish(random.nextInt(SmallTest.KEPT));
                }
                peer = peer.reopen(way);
                if (peer.resumed()) {
                    resumes++;
                    assertThat(offset(peer.position())).isEqualTo(last);
                } else {
                    told++;
                    assertThat(offset(peer.position())).isGreaterThan(last + SmallTest.KEPT);
                    last = offset(peer.position());
                }
            }
            peer.cut();
            return null;
        }
    }

    @Test
    void whatIsMissedWhileOthersPublishIsAlwaysTold() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger resumes = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        try (Crew crew = new Crew()) {
            for (ChannelPeer.Way way : ChannelPeer.Way.values()) {
                crew.start(() -> {
                    Observer observer = new Observer(way);
                    observer.observe(over);
                    resumes.addAndGet(observer.resumes);
                    told.addAndGet(observer.told);
                    return null;
                });
            }
            publishAll();
            over.set(true);
            // For subscribers that wait for one more.
            publish(STRETCH);
            crew.join();
        }

        assertThat(resumes).hasPositiveValue();
        assertThat(told).hasPositiveValue();
    }

    private void publishAll() throws Exception {
        try (Crew publishers = new Crew()) {
            for (int publisher = 0; publisher < 2; publisher++) {
                publishers.start(() -> {
                    publish(EACH);
                    return null;
                });
            }
            publishers.join();
        }
    }
}
