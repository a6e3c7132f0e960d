// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.holdfast.access.Principal;
import io.holdfast.access.TestAccess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.unit.DataSize;

class ConnectionsTest {

    private static final int ALL = 50;
    private static final int OF_TRANSPORT = 30;
    private static final int OF_ADDRESS = 20;
    private static final LimitProperties.Rate NO_LIMIT = new LimitProperties.Rate(0, 0);

    private final Traffic traffic = new Traffic();
    private final Refusals refusals = new Refusals(System::nanoTime);
    private final LimitProperties limits = new LimitProperties(
            ALL,
            OF_TRANSPORT,
            OF_TRANSPORT,
            OF_TRANSPORT,
            OF_ADDRESS,
            Duration.ofSeconds(10),
            DataSize.ofKilobytes(1),
            Duration.ofSeconds(5),
            128,
            DataSize.ofKilobytes(64),
            DataSize.ofMegabytes(16),
            128,
            128,
            NO_LIMIT,
            NO_LIMIT,
            NO_LIMIT);
    private final Connections connections = with(new Sockets(refusals, limits, System::nanoTime, 20_000, 200));

    private Connections with(Sockets sockets) {
        return new Connections(
                new Node(new NodeProperties("web-1")),
                limits,
                sockets,
                traffic,
                refusals,
                new RateLimits(limits, System::nanoTime),
                TestAccess.local(),
                System::nanoTime);
    }

    private static InetSocketAddress peer(int host) {
        return new InetSocketAddress(InetAddress.ofLiteral("192.0.2." + host), 50_000);
    }

    private static final class SilentTransport implements TransportHandle {

        private final AtomicInteger closes = new AtomicInteger();

        @Override
        public void close(CloseReason reason) {
            closes.incrementAndGet();
        }

        @Override
        public void abort() {
            closes.incrementAndGet();
        }

        @Override
        public long queuedBytes() {
            return 0;
        }
    }

    private static ConnectionRequest request(Transport transport, int host) {
        return new ConnectionRequest(transport, "test", peer(host), null, Principal.NOBODY);
    }

    private Connection admitted(Transport transport, int host) {
        return ((Admission.Admitted) connections.admit(request(transport, host))).connection();
    }

    @Test
    void permitIsTakenBeforeTheConnectionStandsAndListedAfter() {
        Connection connection = admitted(Transport.TCP, 1);

        assertThat(connections.permits()).isEqualTo(1);
        assertThat(connections.open()).isEmpty();

        connection.open(new SilentTransport());

        assertThat(connections.open()).containsExactly(connection);
        assertThat(traffic.of(Transport.TCP).open()).isEqualTo(1);
    }

    @Test
    void connectionThatNeverStoodGivesItsPermitsBackAndIsNotCountedAsClosed() {
        admitted(Transport.TCP, 1).closed(CloseReason.CLIENT);

        assertThat(connections.permits()).isZero();
        assertThat(connections.permitsOf(InetAddress.ofLiteral("192.0.2.1"))).isZero();
        assertThat(traffic.of(Transport.TCP).opened()).isZero();
        assertThat(traffic.of(Transport.TCP).closed(CloseReason.CLIENT)).isZero();
    }

    @Test
    void connectionThatEndedBeforeItStoodIsNotListedAndItsTransportEnds() {
        Connection connection = admitted(Transport.WEBSOCKET, 1);
        SilentTransport handle = new SilentTransport();

        connection.closed(CloseReason.CLIENT);
        boolean stands = connection.open(handle);
        connection.closed(CloseReason.CLIENT);

        assertThat(stands).isFalse();
        assertThat(handle.closes).hasValue(1);
        assertNothingLeft();
        assertThat(traffic.of(Transport.WEBSOCKET).opened()).isZero();
    }

    @RepeatedTest(50)
    void nothingIsLeftWhetherItStandsOrEndsFirst() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2 * OF_ADDRESS);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < OF_ADDRESS; i++) {
                Connection connection = admitted(Transport.WEBSOCKET, 1);
                threads.submit(() -> {
                    together.await();
                    return connection.open(new SilentTransport());
                });
                threads.submit(() -> {
                    together.await();
                    return connection.closed(CloseReason.CLIENT);
                });
            }
        }

        assertNothingLeft();
        Traffic.Counts counts = traffic.of(Transport.WEBSOCKET);
        assertThat(counts.closed(CloseReason.CLIENT)).isEqualTo(counts.opened());
    }

    private void assertNothingLeft() {
        assertThat(connections.open()).isEmpty();
        assertThat(connections.permits()).isZero();
        assertThat(connections.permitsOf(peer(1).getAddress())).isZero();
        assertThat(traffic.of(Transport.WEBSOCKET).open()).isZero();
    }

    @Test
    void permitsComeBackOnceHoweverManySayThatItIsOver() throws Exception {
        Connection stays = admitted(Transport.TCP, 1);
        stays.open(new SilentTransport());
        Connection ends = admitted(Transport.TCP, 1);
        SilentTransport handle = new SilentTransport();
        ends.open(handle);

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                threads.execute(() -> ends.close(CloseReason.KICKED));
                threads.execute(() -> ends.closed(CloseReason.KICKED));
            }
        }

        assertThat(handle.closes.get()).isLessThanOrEqualTo(1);
        assertThat(connections.permits()).isEqualTo(1);
        assertThat(connections.permitsOf(InetAddress.ofLiteral("192.0.2.1"))).isEqualTo(1);
        assertThat(connections.open()).containsExactly(stays);
        assertThat(traffic.of(Transport.TCP).closed(CloseReason.KICKED)).isEqualTo(1);
    }

    @Test
    void noLimitIsEverPassedHoweverManyKnockAtOnce() throws Exception {
        ConcurrentLinkedQueue<Connection> inside = new ConcurrentLinkedQueue<>();
        AtomicInteger refused = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                Transport transport = i % 3 == 0 ? Transport.HTTP : i % 3 == 1 ? Transport.WEBSOCKET : Transport.TCP;
                int host = i % 5;
                threads.execute(() -> {
                    switch (connections.admit(request(transport, host))) {
                        case Admission.Admitted admitted -> inside.add(admitted.connection());
                        case Admission.Refused refusal -> refused.incrementAndGet();
                    }
                });
            }
        }

        assertThat(inside).hasSize(ALL);
        assertThat(refused).hasValue(500 - ALL);
        assertThat(connections.permits()).isEqualTo(ALL);
        inside.forEach(connection -> connection.closed(CloseReason.CLIENT));
        assertThat(connections.permits()).isZero();
        for (int host = 0; host < 5; host++) {
            assertThat(connections.permitsOf(peer(host).getAddress())).isZero();
        }
    }

    @Test
    void refusalTakesNoneOfThePermits() {
        for (int i = 0; i < OF_ADDRESS; i++) {
            admitted(Transport.HTTP, 1);
        }

        Admission refused = connections.admit(request(Transport.HTTP, 1));

        assertThat(refused).isEqualTo(new Admission.Refused(Limit.PER_ADDRESS, OF_ADDRESS));
        assertThat(connections.permits()).isEqualTo(OF_ADDRESS);
        for (int i = OF_ADDRESS; i < OF_TRANSPORT; i++) {
            admitted(Transport.HTTP, 2);
        }
        assertThat(connections.admit(request(Transport.HTTP, 2)))
                .isEqualTo(new Admission.Refused(Limit.HTTP, OF_TRANSPORT));
        assertThat(connections.permitsOf(peer(2).getAddress())).isEqualTo(OF_TRANSPORT - OF_ADDRESS);
        assertThat(refusals.count(Transport.HTTP, Limit.PER_ADDRESS)).isEqualTo(1);
        assertThat(refusals.count(Transport.HTTP, Limit.HTTP)).isEqualTo(1);
    }

    @Test
    void connectionThatWasAdmittedBeforeTheDrainAndStandsAfterItIsLetGo() {
        Connection late = admitted(Transport.WEBSOCKET, 1);
        SilentTransport handle = new SilentTransport();

        connections.startDraining();
        late.open(handle);

        assertThat(late.reason()).isEqualTo(CloseReason.DRAINING);
        assertThat(handle.closes).hasValue(1);
        assertThat(connections.admit(request(Transport.TCP, 1))).isEqualTo(new Admission.Refused(Limit.DRAINING, 0));
    }

    @Test
    void theFirstReasonIsTheOneThatCounts() {
        Connection connection = admitted(Transport.TCP, 1);
        SilentTransport handle = new SilentTransport();
        connection.open(handle);

        connection.close(CloseReason.IDLE);
        connection.close(CloseReason.DRAINING);
        connection.closed(CloseReason.CLIENT);

        assertThat(connection.reason()).isEqualTo(CloseReason.IDLE);
        assertThat(handle.closes).hasValue(1);
        assertThat(connection.state()).isEqualTo(Connection.State.CLOSED);
    }

    @Test
    void connectionThatIsClosedWhileItOpensDoesNotOpen() {
        Connection connection = admitted(Transport.TCP, 1);
        SilentTransport handle = new SilentTransport();

        connection.close(CloseReason.KICKED);
        boolean opened = connection.open(handle);

        assertThat(opened).isFalse();
        assertThat(handle.closes).hasValue(1);
        connection.closed(CloseReason.CLIENT);
        assertNothingLeft();
    }

    @ParameterizedTest
    @EnumSource
    void peerIsBlamedOnlyForItsOwnShare(Limit limit) {
        Admission.Refused refused = new Admission.Refused(limit, 7);

        assertThat(refused.problem().getStatus())
                .isEqualTo(limit == Limit.PER_ADDRESS || limit == Limit.HANDSHAKES ? 429 : 503);
    }

    @Test
    void someFileDescriptorsAreKept() {
        assertThat(new Sockets(refusals, limits, System::nanoTime, 20_000, 200).most())
                .isEqualTo(20_000 - 200 - 625);
        assertThat(new Sockets(refusals, limits, System::nanoTime, 1200, 200).most())
                .isEqualTo(1200 - 200 - 64);
    }

    @Test
    void socketsOverTheFileDescriptorsAreRefused() {
        Sockets sockets = new Sockets(refusals, limits, System::nanoTime, 100, 26);
        AtomicInteger open = new AtomicInteger(sockets.most());
        sockets.addCount(open::get);

        assertThat(sockets.admit(Transport.TCP)).isTrue();
        open.incrementAndGet();
        assertThat(sockets.admit(Transport.TCP)).isFalse();

        assertThat(refusals.count(Transport.TCP, Limit.DESCRIPTORS)).isOne();
    }

    @Test
    void peersThatConnectWhileTheServiceStartsDoNotLowerTheLimitOfSockets() {
        Sockets withoutPeers = new Sockets(refusals, limits, System::nanoTime);
        Sockets withPeers = new Sockets(refusals, limits, System::nanoTime);
        withPeers.addCount(() -> 50);

        withoutPeers.ready();
        withPeers.ready();

        assertThat(withPeers.most()).isCloseTo(withoutPeers.most() + 50, within(20));
    }

    @Test
    void fewFileDescriptorsLowerTheLimitOfConnections() {
        Connections few = with(new Sockets(refusals, limits, System::nanoTime, 90, 10));

        for (int i = 0; i < 15; i++) {
            assertThat(few.admit(request(Transport.TCP, i))).isInstanceOf(Admission.Admitted.class);
        }
        assertThat(few.admit(request(Transport.TCP, 99))).isEqualTo(new Admission.Refused(Limit.CONNECTIONS, 15));
    }
}
