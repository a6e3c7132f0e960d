// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.holdfast.connection.Connections;
import io.holdfast.connection.Transport;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.ConnectionFigures.Open;
import io.holdfast.support.Peer;
import io.holdfast.support.Ports;
import io.holdfast.support.QuickTest;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;

/** Clients that misbehave at random, at the same time. Afterwards nothing is left of them. */
@QuickTest
class FaultRoundsTest {

    private static final Logger log = LoggerFactory.getLogger(FaultRoundsTest.class);

    private static final int ROUNDS = 200;
    private static final int AT_ONCE = 16;
    private static final int WARM_UP = 60;

    @Autowired
    Ports ports;

    @Autowired
    ConnectionFigures figures;

    @Autowired
    Connections connections;

    private enum Fault {
        RESET,
        FIN,
        HALF_CLOSE,
        SILENCE_THEN_RESET,
        SLOW_READER,
        OVERSIZED_MESSAGE,
        GARBAGE,
        UNFINISHED_HANDSHAKE
    }

    private record Round(Transport transport, Fault fault, int amount) {

        static Round random(Random random) {
            Transport[] transports = Transport.values();
            Fault[] faults = Fault.values();
            return new Round(
                    transports[random.nextInt(transports.length)],
                    faults[random.nextInt(faults.length)],
                    1 + random.nextInt(2000));
        }
    }

    @Test
    void nothingIsLeftOfTwoHundredRandomFaults() throws Exception {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        log.info("Fault rounds with -Dholdfast.seed={}", seed);
        Random random = new Random(seed);
        // The first connections of a kind open files that stay open: selectors, class files.
        play(new Random(1), WARM_UP);
        awaitNothingLeft();
        long files = openFiles();

        play(random, ROUNDS);

        awaitNothingLeft();
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() ->
                        assertThat(openFiles()).as("open files, seed %d", seed).isLessThanOrEqualTo(files));
        for (Transport transport : Transport.values()) {
            assertThat(figures.opened(transport)).as("seed %d", seed).isEqualTo(figures.closed(transport));
            try (Peer peer = Peer.open(transport, ports)) {
                peer.carry();
            }
        }
    }

    private void awaitNothingLeft() {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(
                        () -> assertThat(figures.open()).as(this::whatIsLeft).isEqualTo(Open.all(0)));
    }

    private String whatIsLeft() {
        return connections.open().stream()
                .map(connection -> connection.transport() + " " + connection.remote() + " idle for "
                        + Duration.ofNanos(connection.idleNanos()) + ", closing as " + connection.reason())
                .toList()
                .toString();
    }

    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    /** Several at once. */
    private void play(Random random, int rounds) throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> played = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                Round round = Round.random(random);
                played.add(clients.submit(() -> play(round)));
            }
            for (Future<?> one : played) {
                one.get();
            }
        }
    }

    private void play(Round round) {
        try {
            playOut(round);
        } catch (IOException e) {
            // The service may end it first. The test checks only what is left.
            log.debug("{} was ended: {}", round, e.toString());
        }
    }

    private void playOut(Round round) throws IOException {
        if (round.fault() == Fault.UNFINISHED_HANDSHAKE) {
            playUnfinishedHandshake(round);
            return;
        }
        if (round.fault() == Fault.SLOW_READER) {
            try (Peer peer = Peer.openStalled(round.transport(), ports)) {
                await().until(() -> figures.ofPeer(peer.localPort())
                        .map(connection -> connection.queuedBytes() > 0 || connection.reason() != null)
                        .orElse(true));
                endIn(round, peer);
            }
            return;
        }
        try (Peer peer = Peer.open(round.transport(), ports)) {
            peer.carry();
            switch (round.fault()) {
                case RESET -> peer.reset();
                case FIN -> {
                    // The end of this block is what it takes.
                }
                case HALF_CLOSE -> {
                    peer.wire().sendFin();
                    endIn(round, peer);
                }
                case SILENCE_THEN_RESET -> {
                    peer.wire().isSilentFor(round.amount() / 4);
                    peer.reset();
                }
                case OVERSIZED_MESSAGE -> {
                    peer.wire().send(oversized(round));
                    endIn(round, peer);
                }
                case GARBAGE -> {
                    byte[] garbage = new byte[round.amount()];
                    new Random(round.amount()).nextBytes(garbage);
                    peer.wire().send(garbage);
                    endIn(round, peer);
                }
                default -> throw new IllegalStateException("played above: " + round);
            }
        }
    }

    /** Half of the peers reset; of the others the caller's block sends the FIN. */
    private static void endIn(Round round, Peer peer) throws IOException {
        if (round.amount() % 2 == 0) {
            peer.reset();
        }
    }

    private static byte[] oversized(Round round) {
        byte[] message = new byte[QuickTest.Settings.ECHO_SIZE + round.amount()];
        if (round.transport() == Transport.WEBSOCKET) {
            // A masked binary frame of 2^40 bytes.
            byte[] header = {(byte) 0x82, (byte) 0xFF, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4};
            System.arraycopy(header, 0, message, 0, header.length);
        }
        return message;
    }

    private void playUnfinishedHandshake(Round round) throws IOException {
        String whole = round.transport() == Transport.WEBSOCKET
                ? RawWebSocket.handshake("/echo")
                : "GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        try (TestSocket wire =
                TestSocket.connect(round.transport() == Transport.TCP ? ports.tcpEcho() : ports.http())) {
            wire.send(whole.substring(0, round.amount() % whole.length()));
            wire.readToEnd();
        }
    }
}
