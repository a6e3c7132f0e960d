// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import static io.holdfast.support.WebSocketClient.BINARY;
import static io.holdfast.support.WebSocketClient.FIN;
import static io.holdfast.support.WebSocketClient.frame;
import static io.holdfast.support.WebSocketClient.handshake;
import static io.holdfast.support.WebSocketClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.NothingLeftOpen;
import io.holdfast.support.Ports;
import io.holdfast.support.WebSocketClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;

/** A peer that sends and does not read is not read from. It costs no memory and affects no others. */
@HoldfastTest
@ExtendWith(NothingLeftOpen.class)
class BackPressureTest {

    private static final int MEGABYTE = 1024 * 1024;

    /** More bytes than the socket buffers and the server may hold together. */
    private static final int BOUND = 24 * MEGABYTE;

    /** What the server read of it was put into a socket's buffer, which Linux lets grow to some 4 MB, but for 80 KB. */
    private static final int BOUND_READ = 8 * MEGABYTE;

    /** For this long the server must take nothing more. */
    private static final int STILL_MILLIS = 300;

    @Autowired
    Ports ports;

    @Autowired
    Traffic traffic;

    @Test
    void peerThatDoesNotReadIsStoppedAndGetsEverythingOnceItReads() throws IOException {
        try (SocketChannel channel = connect()) {
            long before = traffic.of(Transport.WEBSOCKET).bytesIn();
            Numbers sent = new Numbers();
            long accepted = sendUntilStopped(channel, sent);
            assertThat(accepted).isLessThan(BOUND);
            assertThat(traffic.of(Transport.WEBSOCKET).bytesIn() - before).isLessThan(BOUND_READ);

            assertOthersGoOn();
            Numbers read = new Numbers();
            readBack(channel, sent, read);

            assertThat(read.next()).isEqualTo(sent.next());
        }
    }

    @Test
    void peerThatIsStoppedMayLeave() throws IOException {
        try (SocketChannel channel = connect()) {
            sendUntilStopped(channel, new Numbers());

            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
    }

    private void assertOthersGoOn() throws IOException {
        try (WebSocketClient other = WebSocketClient.connect(ports.http(), "/echo")) {
            for (int round = 0; round < 20; round++) {
                assertThat(other.send(text("round " + round)).readMessage().text())
                        .isEqualTo("round " + round);
            }
        }
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 64 * 1024);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, 64 * 1024);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.http()));
        channel.write(ByteBuffer.wrap(handshake("/echo").getBytes(StandardCharsets.US_ASCII)));
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            assertThat(channel.read(one.clear())).isEqualTo(1);
            head.write(one.get(0));
        }
        channel.configureBlocking(false);
        return channel;
    }

    /** Sends numbered frames until none is taken for {@link #STILL_MILLIS}; the last may be sent in part. */
    private static long sendUntilStopped(SocketChannel channel, Numbers numbers) throws IOException {
        long accepted = 0;
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_WRITE);
            while (selector.select(STILL_MILLIS) > 0 && accepted < BOUND) {
                selector.selectedKeys().clear();
                accepted += channel.write(numbers.toSend());
            }
        }
        return accepted;
    }

    /** Reads what {@code sent} was answered with, and sends the rest of its last frame as soon as there is room. */
    private static void readBack(SocketChannel channel, Numbers sent, Numbers read) throws IOException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        ByteBuffer input = ByteBuffer.allocate(MEGABYTE);
        try (Selector selector = Selector.open()) {
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            while (read.next() < sent.next()) {
                assertThat(System.nanoTime())
                        .as("the end of the answers is overdue")
                        .isLessThan(deadline);
                key.interestOps(sent.inPart() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
                selector.select(1000);
                selector.selectedKeys().clear();
                if (sent.inPart()) {
                    channel.write(sent.toSend());
                }
                assertThat(channel.read(input)).isNotNegative();
                read.check(input.flip());
                input.compact();
            }
        }
    }

    /** Binary frames that each carry their own number, 1,000 times over. */
    private static final class Numbers {

        private static final int TIMES = 1000;

        private int next;
        private ByteBuffer current = ByteBuffer.allocate(0);

        // Of the message that is being read: how many bytes of it came.
        private int seen;

        /** How many frames were begun, or read to their end. */
        int next() {
            return next;
        }

        boolean inPart() {
            return current.hasRemaining();
        }

        ByteBuffer toSend() {
            if (!current.hasRemaining()) {
                current = ByteBuffer.wrap(frame(FIN | BINARY, payload(next++)));
            }
            return current;
        }

        /** Reads whole frames off {@code input}, of whatever fragmentation, and leaves one that came in part. */
        void check(ByteBuffer input) {
            while (input.remaining() >= 4) {
                int length = input.get(input.position() + 1);
                int header = length == 126 ? 4 : 2;
                int size = length == 126 ? input.getShort(input.position() + 2) & 0xFFFF : length;
                if (input.remaining() < header + size) {
                    return;
                }
                int first = input.get(input.position()) & 0xFF;
                byte[] payload = new byte[size];
                input.position(input.position() + header).get(payload);
                check(first, payload);
            }
        }

        private void check(int first, byte[] payload) {
            assertThat(first & 0x7F).as("opcode in message %s", next).isEqualTo(seen == 0 ? BINARY : 0);
            assertThat(ByteBuffer.wrap(payload))
                    .as("message %s from %s", next, seen)
                    .isEqualTo(ByteBuffer.wrap(payload(next)).slice(seen, payload.length));
            seen += payload.length;
            if ((first & FIN) != 0) {
                assertThat(seen).isEqualTo(TIMES * Integer.BYTES);
                seen = 0;
                next++;
            }
        }

        private static byte[] payload(int number) {
            ByteBuffer payload = ByteBuffer.allocate(TIMES * Integer.BYTES);
            while (payload.hasRemaining()) {
                payload.putInt(number);
            }
            return payload.array();
        }
    }
}
