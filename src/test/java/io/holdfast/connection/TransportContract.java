// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.ConnectionFigures.Open;
import io.holdfast.support.Peer;
import io.holdfast.support.Peer.Farewell;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;

/** What holds for a connection whatever its transport. */
@TightTest
abstract class TransportContract {

    private static final String HERE = "127.0.0.1";
    private static final String THERE = "127.0.0.2";

    @Autowired
    Ports ports;

    @Autowired
    Connections connections;

    @Autowired
    ConnectionFigures figures;

    private final List<Peer> peers = new ArrayList<>();

    abstract Transport transport();

    abstract String kind();

    /** What the peer is told in the end; {@code code} as the close frame or the goodbye has it. */
    abstract Farewell farewell(CloseReason reason);

    /** Connects from {@code address} and is refused because of {@code limit}. */
    abstract void assertRefused(String address, Limit limit, int value) throws IOException;

    @AfterEach
    void closePeers() throws IOException {
        for (Peer peer : peers) {
            peer.reset();
        }
    }

    /** Connects the transport that is tested. */
    Peer connect(String address) throws IOException {
        return Peer.open(transport(), ports, address);
    }

    /** As {@link #connect}; it does not read, and is sent a lot. */
    Peer connectStalled() throws IOException {
        return Peer.openStalled(transport(), ports);
    }

    private Peer open(Transport transport, String address) throws IOException {
        Peer peer = transport == transport() ? connect(address) : Peer.open(transport, ports, address);
        peers.add(peer);
        return peer;
    }

    private Peer open() throws IOException {
        return open(transport(), HERE);
    }

    private Connection connectionOf(Peer peer) {
        return await().until(() -> figures.ofPeer(peer.localPort()), at -> at.isPresent())
                .orElseThrow();
    }

    private void awaitOpen(int count) {
        await().untilAsserted(() -> assertThat(figures.open()).isEqualTo(Open.all(count)));
    }

    @Test
    void openConnectionIsListedWithWhatItIs() throws IOException {
        Peer peer = open();

        Connection connection = connectionOf(peer);

        assertThat(connection.transport()).isEqualTo(transport());
        assertThat(connection.kind()).isEqualTo(kind());
        assertThat(connection.remote())
                .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), peer.localPort()));
        assertThat(connection.id()).matches("c-tested-[0-9a-f]+");
        assertThat(connection.reason()).isNull();
    }

    @Test
    void openConnectionCountsWhatItCarries() throws IOException {
        Peer peer = open();
        Connection connection = connectionOf(peer);

        peer.carry();
        Peer.Carried once = peer.carried();

        await().untilAsserted(() -> assertThat(carriedBy(connection)).isEqualTo(once));
        assertThat(once.bytesOut()).isPositive();
        // The client may have the bytes before the kernel tells the service that they left.
        await().untilAsserted(() -> assertThat(connection.queuedBytes()).isZero());
    }

    private static Peer.Carried carriedBy(Connection connection) {
        return new Peer.Carried(
                connection.bytesIn(), connection.bytesOut(), connection.messagesIn(), connection.messagesOut());
    }

    @Test
    void ageGrowsAndIdleTimeStartsAnewWithEachMessage() throws IOException {
        Peer peer = open();
        Connection connection = connectionOf(peer);
        long first = connection.ageNanos();

        await().until(() -> connection.idleNanos() > Duration.ofMillis(150).toNanos());
        long age = connection.ageNanos();
        boolean answers = transport() != Transport.HTTP;
        if (answers) {
            peer.carry();
            assertThat(connection.idleNanos()).isLessThan(Duration.ofMillis(140).toNanos());
        }

        assertThat(age)
                .isGreaterThan(first)
                .isGreaterThanOrEqualTo(Duration.ofMillis(150).toNanos());
        assertThat(connection.ageNanos()).isGreaterThan(connection.idleNanos());
    }

    @Test
    void registryPermitsAndGaugeAgreeWithEveryStep() throws IOException {
        for (int count = 1; count <= TightTest.OF_TRANSPORT; count++) {
            open();

            awaitOpen(count);
        }
        for (int count = TightTest.OF_TRANSPORT - 1; count >= 0; count--) {
            peers.removeLast().reset();

            awaitOpen(count);
        }
    }

    enum Ending {
        FIN {
            @Override
            void end(Peer peer) throws IOException {
                peer.close();
            }
        },
        RESET {
            @Override
            void end(Peer peer) throws IOException {
                peer.reset();
            }
        },
        AS_THE_PROTOCOL_SAYS {
            @Override
            void end(Peer peer) throws IOException {
                peer.leave();
            }
        };

        abstract void end(Peer peer) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void endOfThePeerGivesEverythingBackOnce(Ending ending) throws IOException {
        Peer stays = open();
        Peer ends = open();
        awaitOpen(2);
        long before = figures.closed(transport(), CloseReason.CLIENT);
        long all = figures.closed(transport());

        ending.end(ends);

        awaitOpen(1);
        assertThat(figures.closed(transport(), CloseReason.CLIENT)).isEqualTo(before + 1);
        assertThat(figures.closed(transport())).isEqualTo(all + 1);
        stays.carry();
        assertThat(figures.open()).isEqualTo(Open.all(1));
    }

    @Test
    void limitOnTheTransportRefusesTheNextUntilOneEnded() throws IOException {
        for (int i = 0; i < TightTest.OF_TRANSPORT; i++) {
            open();
        }
        awaitOpen(TightTest.OF_TRANSPORT);

        assertRefusedAndCounted(THERE, Limit.of(transport()), TightTest.OF_TRANSPORT);
        assertAdmittedOnceOneEnded(HERE);
    }

    @Test
    void limitOnOneAddressRefusesOnlyThatAddressUntilOneEnded() throws IOException {
        open();
        open();
        for (Transport other : others()) {
            open(other, HERE);
        }
        open(others().getFirst(), HERE);
        awaitOpen(TightTest.PER_ADDRESS);

        assertRefusedAndCounted(HERE, Limit.PER_ADDRESS, TightTest.PER_ADDRESS);
        Peer neighbour = open(transport(), THERE);
        neighbour.carry();
        neighbour.reset();
        peers.remove(neighbour);
        awaitOpen(TightTest.PER_ADDRESS);
        assertAdmittedOnceOneEnded(HERE);
    }

    @Test
    void limitOnAllConnectionsRefusesTheNextUntilOneEnded() throws IOException {
        open();
        for (Transport other : others()) {
            for (int i = 0; i < TightTest.OF_TRANSPORT; i++) {
                open(other, i == 0 ? HERE : THERE);
            }
        }
        open();
        awaitOpen(TightTest.CONNECTIONS);

        assertRefusedAndCounted("127.0.0.3", Limit.CONNECTIONS, TightTest.CONNECTIONS);
        assertAdmittedOnceOneEnded("127.0.0.3");
    }

    private List<Transport> others() {
        return List.of(Transport.values()).stream()
                .filter(other -> other != transport())
                .toList();
    }

    private void assertRefusedAndCounted(String address, Limit limit, int value) throws IOException {
        Open open = figures.open();
        long before = figures.refused(transport(), limit);
        long opened = figures.opened(transport());

        assertRefused(address, limit, value);

        assertThat(figures.refused(transport(), limit)).isEqualTo(before + 1);
        assertThat(figures.opened(transport())).isEqualTo(opened);
        assertThat(figures.open()).isEqualTo(open);
    }

    private void assertAdmittedOnceOneEnded(String address) throws IOException {
        int left = peers.size() - 1;
        peers.removeFirst().reset();
        await().untilAsserted(() -> assertThat(connections.permits()).isLessThanOrEqualTo(left));

        open(transport(), address).carry();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CLIENT"})
    void peerIsToldTheReasonAndTheReasonIsCounted(CloseReason reason) throws IOException {
        Peer stays = open();
        Peer ends = open();
        ends.carry();
        stays.carry();
        awaitOpen(2);
        long before = figures.closed(transport(), reason);
        long all = figures.closed(transport());

        connectionOf(ends).close(reason);

        assertThat(awaitEnd(ends, reason)).isEqualTo(farewell(reason));
        awaitOpen(1);
        assertThat(figures.closed(transport(), reason)).isEqualTo(before + 1);
        assertThat(figures.closed(transport())).isEqualTo(all + 1);
    }

    /** How a peer sees the end. */
    Farewell awaitEnd(Peer ends, CloseReason reason) throws IOException {
        return ends.awaitEnd();
    }

    @Test
    void operatorKicksExactlyTheOneHeNames() throws IOException {
        Peer stays = open();
        Peer kicked = open();
        kicked.carry();
        String id = connectionOf(kicked).id();
        connectionOf(stays);

        PlainRequest.Answer answer = PlainRequest.send(ports.http(), "DELETE", "/actuator/connections/" + id);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("id").asString()).isEqualTo(id);
        assertThat(kicked.awaitEnd()).isEqualTo(farewell(CloseReason.KICKED));
        awaitOpen(1);
        stays.carry();
    }

    @Test
    void firstReasonGivenIsTheOneThatCounts() throws IOException {
        Peer peer = open();
        peer.carry();
        Connection connection = connectionOf(peer);
        long kicked = figures.closed(transport(), CloseReason.KICKED);
        long draining = figures.closed(transport(), CloseReason.DRAINING);

        connection.close(CloseReason.KICKED);
        connection.close(CloseReason.DRAINING);

        assertThat(peer.awaitEnd()).isEqualTo(farewell(CloseReason.KICKED));
        awaitOpen(0);
        assertThat(figures.closed(transport(), CloseReason.KICKED)).isEqualTo(kicked + 1);
        assertThat(figures.closed(transport(), CloseReason.DRAINING)).isEqualTo(draining);
    }

    /** Until the sockets' buffers are full, a queue comes and goes. */
    private static void awaitStalled(Connection connection) {
        await().during(Duration.ofMillis(200)).until(() -> connection.queuedBytes() > 0);
    }

    @Test
    void readerThatDoesNotReadHurtsOnlyItself() throws IOException {
        Peer healthy = open();
        Peer stalled = connectStalled();
        peers.add(stalled);
        Connection waiting = connectionOf(stalled);
        awaitStalled(waiting);

        healthy.carry();
        open().carry();
        for (Transport other : others()) {
            open(other, HERE).carry();
        }

        assertThat(waiting.queuedBytes()).isBetween(1L, (long) TightTest.OUTBOX);
        assertThat(waiting.reason()).isNull();
        stalled.reset();
        await().until(() -> figures.ofPeer(stalled.localPort()).isEmpty());
    }

    @Test
    void kickedPeerThatDoesNotReadIsGoneAllTheSame() throws IOException {
        Peer stalled = connectStalled();
        peers.add(stalled);
        Connection waiting = connectionOf(stalled);
        awaitStalled(waiting);
        long before = figures.closed(transport(), CloseReason.KICKED);

        waiting.close(CloseReason.KICKED);

        await().atMost(Duration.ofSeconds(7)).until(() -> connections.open().isEmpty());
        assertThat(figures.closed(transport(), CloseReason.KICKED)).isEqualTo(before + 1);
    }
}
