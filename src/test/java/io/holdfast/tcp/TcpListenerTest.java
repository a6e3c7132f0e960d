// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.holdfast.net.EventLoops;
import io.holdfast.net.SocketTransport;
import io.holdfast.settings.InvalidSettingException;
import io.holdfast.support.ConnectionRoom;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Starting and stopping, without the rest of the application. */
class TcpListenerTest {

    private final AnnotationConfigApplicationContext room = ConnectionRoom.open();
    private Set<Thread> before;
    private final EventLoops loops = new EventLoops(SocketTransport.best(), 1);
    private TcpListener listener = listener(TcpFixture.anyPort());

    @BeforeEach
    void countThreads() {
        before = eventLoops();
        loops.start();
    }

    @AfterEach
    void noEventLoopIsLeft() {
        listener.stop();
        loops.stop();
        room.close();
        assertNoEventLoopIsLeft();
    }

    @Test
    void portZeroPicksAFreeOneAndSaysWhich() throws IOException {
        listener.start();

        int port = TcpFixture.port(listener);
        assertThat(port).isPositive();
        assertEchoes(port);
    }

    @Test
    void everyListenerHasItsOwnPort() throws IOException {
        Map<String, TcpProperties.Listener> listeners = new LinkedHashMap<>();
        listeners.put("echo", TcpFixture.local(0));
        listeners.put("second", TcpFixture.local(0));
        listeners.put("third", TcpFixture.local(0));
        listener = listener(TcpFixture.with(listeners));

        listener.start();

        assertThat(listener.ports()).containsOnlyKeys("echo", "second", "third", "lines");
        assertThat(Set.copyOf(listener.ports().values())).hasSize(4);
        Map<String, Integer> echoes = new LinkedHashMap<>(listener.ports());
        echoes.remove("lines");
        for (int port : echoes.values()) {
            assertEchoes(port);
        }
    }

    @Test
    void stopClosesConnectionsAndFreesThePort() throws IOException {
        listener.start();
        int port = TcpFixture.port(listener);

        try (TestSocket wire = TestSocket.connect(port).send("x")) {
            wire.read();
            listener.stop();

            assertThat(wire.read()).isEqualTo(-1);
        }
        assertThat(listener.isRunning()).isFalse();
        assertThat(listener.ports()).isEmpty();
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
    }

    @Test
    void startAfterStopListensOnTheSamePortAgain() throws IOException {
        listener.start();
        int port = TcpFixture.port(listener);
        listener.stop();
        listener = listener(TcpFixture.with(Map.of("echo", TcpFixture.local(port))));

        for (int round = 0; round < 3; round++) {
            listener.start();
            assertThat(listener.isRunning()).isTrue();
            assertThat(TcpFixture.port(listener)).isEqualTo(port);
            assertEchoes(port);
            listener.stop();
        }
    }

    @Test
    void stopWithoutStartAndTwiceIsNothing() {
        listener.stop();
        listener.start();
        listener.stop();
        listener.stop();

        assertThat(listener.isRunning()).isFalse();
    }

    @Test
    void aTakenPortStopsTheStartAndLeavesNothing() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, TcpProperties.Listener> listeners = new LinkedHashMap<>();
            listeners.put("echo", TcpFixture.local(0));
            listeners.put("second", TcpFixture.local(taken.getLocalPort()));
            listener = listener(TcpFixture.with(listeners));

            assertThatExceptionOfType(InvalidSettingException.class)
                    .isThrownBy(listener::start)
                    .withMessageContainingAll("holdfast.tcp.listeners.second.port", "" + taken.getLocalPort());

            assertThat(listener.isRunning()).isFalse();
            assertThat(listener.ports()).isEmpty();
        }
    }

    @Test
    void anAddressThatIsNotOursStopsTheStartToo() {
        TcpProperties.Listener elsewhere = new TcpProperties.Listener(
                0, "192.0.2.1", TcpProperties.Protocol.ECHO, TcpFaultProperties.NONE, TcpTlsProperties.NONE, false);
        listener = listener(TcpFixture.with(Map.of("echo", elsewhere)));

        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(listener::start)
                .withMessageContainingAll("holdfast.tcp.listeners.echo.address", "192.0.2.1");
    }

    @Test
    void anAddressThatDoesNotExistIsNotTakenForAPort() {
        TcpProperties.Listener nowhere = new TcpProperties.Listener(
                0,
                "nowhere.invalid",
                TcpProperties.Protocol.ECHO,
                TcpFaultProperties.NONE,
                TcpTlsProperties.NONE,
                false);
        listener = listener(TcpFixture.with(Map.of("echo", nowhere)));

        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(listener::start)
                .withMessage("holdfast.tcp.listeners.echo.address: 'nowhere.invalid' is not an address, or a name that"
                        + " has one; valid: 0.0.0.0");
    }

    @Test
    void onlyTheAddressIsListenedOn() {
        listener.start();

        assertThatIOException().isThrownBy(() -> new java.net.Socket("127.0.0.2", TcpFixture.port(listener)).close());
    }

    private TcpListener listener(TcpProperties properties) {
        return TcpFixture.on(loops, properties, room);
    }

    private static void assertEchoes(int port) throws IOException {
        try (TestSocket wire = TestSocket.connect(port).send("hello")) {
            assertThat(wire.read(5)).asString().isEqualTo("hello");
        }
    }

    private void assertNoEventLoopIsLeft() {
        await().untilAsserted(() -> assertThat(before).containsAll(eventLoops()));
    }

    private static Set<Thread> eventLoops() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("event-loop-"))
                .collect(Collectors.toSet());
    }
}
