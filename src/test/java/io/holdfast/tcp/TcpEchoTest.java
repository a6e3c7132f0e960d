// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.holdfast.net.EventLoops;
import io.holdfast.net.SocketTransport;
import io.holdfast.support.ConnectionRoom;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** The echo, with every Netty transport that this machine has. */
@ParameterizedClass
@EnumSource(SocketTransport.class)
class TcpEchoTest {

    /** More than the kernel holds between two sockets, both ways and both sides together. */
    private static final int MOST_IN_FLIGHT = 64 * 1024 * 1024;

    private final SocketTransport transport;
    private final AnnotationConfigApplicationContext room;
    private final Traffic.Counts traffic;
    private final EventLoops loops;
    private final TcpListener listener;

    TcpEchoTest(SocketTransport transport) {
        this.transport = transport;
        this.room = ConnectionRoom.open();
        this.traffic = room.getBean(Traffic.class).of(Transport.TCP);
        this.loops = new EventLoops(transport, 1);
        this.listener = TcpFixture.on(loops, TcpFixture.anyPort(), room);
    }

    @BeforeEach
    void listen() {
        assumeTrue(transport.isAvailable(), () -> "this machine has no " + transport.label());
        loops.start();
        listener.start();
    }

    @AfterEach
    void nothingIsOpen() {
        try {
            await().pollDelay(Duration.ZERO)
                    .untilAsserted(() -> assertThat(traffic.open()).isZero());
        } finally {
            listener.stop();
            loops.stop();
            room.close();
        }
    }

    @Test
    void everyByteValueComesBack() throws IOException {
        byte[] bytes = new byte[256];
        for (int value = 0; value < bytes.length; value++) {
            bytes[value] = (byte) value;
        }
        try (TestSocket wire = connect()) {
            wire.send(bytes);

            assertThat(wire.read(bytes.length)).isEqualTo(bytes);
        }
    }

    @Test
    void bytesComeBackAsTheyArriveWithoutWaitingForMore() throws IOException {
        try (TestSocket wire = connect()) {
            for (int value = 0; value < 200; value++) {
                wire.send((byte) value);

                assertThat(wire.read()).isEqualTo(value);
            }
        }
    }

    @Test
    void twentyMegabytesPassBothWaysAtOnce() throws Exception {
        byte[] bytes = pattern(20 * 1024 * 1024);
        try (TestSocket wire = connect()) {
            FutureTask<TestSocket> sending = inBackground(() -> wire.send(bytes));

            assertThat(wire.read(bytes.length)).isEqualTo(bytes);
            sending.get();
        }
        assertThat(traffic.bytesIn()).isEqualTo(bytes.length);
        assertThat(traffic.bytesOut()).isEqualTo(bytes.length);
    }

    @Test
    void afterFinWhatIsInFlightComesBackAndThenFin() throws Exception {
        byte[] bytes = pattern(4 * 1024 * 1024);
        try (TestSocket wire = connect()) {
            FutureTask<TestSocket> sending = inBackground(() -> wire.send(bytes).sendFin());

            assertThat(wire.readToEnd()).isEqualTo(bytes);
            sending.get();
        }
    }

    @Test
    void finAloneIsAnsweredWithFin() throws IOException {
        try (TestSocket wire = connect()) {
            wire.sendFin();

            assertThat(wire.read()).isEqualTo(-1);
            await().untilAsserted(() -> assertThat(traffic.open()).isZero());
        }
    }

    @Test
    void manyConnectionsEachGetTheirOwn() throws IOException {
        List<TestSocket> wires = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            wires.add(connect().send("number " + i));
        }

        for (int i = 0; i < wires.size(); i++) {
            try (TestSocket wire = wires.get(i)) {
                String expected = "number " + i;
                assertThat(wire.read(expected.length())).asString().isEqualTo(expected);
            }
        }
        assertThat(traffic.opened()).isEqualTo(200);
    }

    @Test
    void aPeerThatDoesNotReadIsNotReadFrom() throws IOException {
        try (SocketChannel stalled = stall();
                TestSocket other = connect()) {
            long accepted = traffic.bytesIn();

            for (int round = 0; round < 20; round++) {
                other.send("still here");
                assertThat(other.read(10)).asString().isEqualTo("still here");
            }
            assertThat(traffic.bytesIn()).isEqualTo(accepted + 200);
            assertThat(stalled.isConnected()).isTrue();
        }
    }

    @Test
    void whenAPeerReadsAgainAllComesBackInOrder() throws IOException {
        try (SocketChannel stalled = connectChannel()) {
            long written = writeUntilStalled(stalled);
            stalled.configureBlocking(true);
            stalled.shutdownOutput();

            ByteBuffer buffer = ByteBuffer.allocate(256 * 1024);
            long read = 0;
            while (stalled.read(buffer.clear()) >= 0) {
                buffer.flip();
                assertThat(buffer).isEqualTo(ByteBuffer.wrap(patternAt(read, buffer.remaining())));
                read += buffer.remaining();
            }
            assertThat(read).isEqualTo(written);
        }
    }

    @Test
    void aResetLeavesNothingOpen() throws IOException {
        for (int i = 0; i < 50; i++) {
            try (TestSocket wire = connect()) {
                wire.send("hello");
                wire.resetOnClose();
            }
        }

        assertGone();
    }

    @Test
    void aResetOfAPeerThatDidNotReadLeavesNothingOpen() throws IOException {
        try (SocketChannel stalled = stall()) {
            stalled.setOption(StandardSocketOptions.SO_LINGER, 0);
        }

        assertGone();
    }

    @Test
    void aCloseOfAPeerThatDidNotReadLeavesNothingOpen() throws IOException {
        stall().close();

        assertGone();
    }

    @Test
    void stopClosesTheConnectionsEvenThoseThatDoNotRead() throws IOException {
        try (SocketChannel stalled = stall();
                TestSocket idle = connect().send("x")) {
            idle.read();
            long start = System.nanoTime();

            listener.stop();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
            assertThat(idle.read()).isEqualTo(-1);
            assertThat(traffic.open()).isZero();
            assertThat(stalled.isConnected()).isTrue();
        }
    }

    private void assertGone() {
        await().atMost(Duration.ofSeconds(3)).untilAsserted(() -> {
            assertThat(traffic.opened()).isPositive();
            assertThat(traffic.open()).isZero();
        });
    }

    private TestSocket connect() throws IOException {
        return TestSocket.connect(TcpFixture.port(listener));
    }

    private SocketChannel connectChannel() throws IOException {
        return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), TcpFixture.port(listener)));
    }

    private SocketChannel stall() throws IOException {
        SocketChannel channel = connectChannel();
        writeUntilStalled(channel);
        return channel;
    }

    /** Writes, without reading, for as long as the other side takes it. */
    private static long writeUntilStalled(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        long written = 0;
        try (Selector writable = Selector.open()) {
            channel.register(writable, SelectionKey.OP_WRITE);
            while (writable.select(700) > 0) {
                writable.selectedKeys().clear();
                written += channel.write(ByteBuffer.wrap(patternAt(written, 128 * 1024)));
                assertThat(written).as("written, and none read").isLessThan(MOST_IN_FLIGHT);
            }
        }
        return written;
    }

    private static <T> FutureTask<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.startVirtualThread(task);
        return task;
    }

    /** Its length is prime, so that lost or repeated blocks are noticed. */
    private static final byte[] BLOCK = new byte[65_521];

    static {
        new Random(1).nextBytes(BLOCK);
    }

    private static byte[] pattern(int length) {
        return patternAt(0, length);
    }

    private static byte[] patternAt(long position, int length) {
        byte[] bytes = new byte[length];
        int from = (int) (position % BLOCK.length);
        for (int done = 0; done < length; ) {
            int part = Math.min(length - done, BLOCK.length - from);
            System.arraycopy(BLOCK, from, bytes, done, part);
            done += part;
            from = 0;
        }
        return bytes;
    }
}
