// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Connections;
import io.holdfast.connection.Transport;
import io.holdfast.support.ChurnClient.Round;
import io.holdfast.support.ClassHistogram;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.PerConnectionClasses;
import io.holdfast.support.Ports;
import io.holdfast.time.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/**
 * Peers that leave at any moment leave nothing behind. The registry alone does not show it: a connection that is off the
 * list can still be reachable, with a timer that goes on firing. Handshakes have a deadline that is longer than the test, and
 * there are no heartbeats, so that they do not remove what the end of a connection should have removed.
 */
@HoldfastTest
@TestPropertySource(properties = "holdfast.limits.handshake=10m")
class ChurnTest {

    private static final Logger log = LoggerFactory.getLogger(ChurnTest.class);

    private static final int ENDINGS_PER_TRANSPORT = 20_000;
    private static final int CLIENTS = 8;
    private static final Duration CLEANUP = Duration.ofSeconds(30);

    @Autowired
    private Connections connections;

    @Autowired
    private Timers timers;

    private final Ports ports;

    /** @param ports asked only once: each answer reads all the information that the service has about itself */
    ChurnTest(@Autowired Ports ports) {
        this.ports = Ports.of(ports.http(), ports.tcpEcho(), ports.tcpLines());
    }

    @Test
    void nothingIsReachableOfSixtyThousandConnectionsThatEndedAtRandomMoments() throws Exception {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        log.info("Churn with -Dholdfast.seed={}", seed);
        play(1, 10 * CLIENTS);
        await().until(() -> connections.permits() == 0);
        PerConnectionClasses classes = PerConnectionClasses.find(ports, ClassHistogram::ofThisProcess);
        await().until(() -> connections.permits() == 0);
        ClassHistogram before = ClassHistogram.ofThisProcess();
        long timersBefore = timers.pending();

        play(seed, ENDINGS_PER_TRANSPORT);

        await().atMost(CLEANUP)
                .untilAsserted(() -> assertThat(connections.permits())
                        .as(() -> "permits, seed " + seed + ", open: " + whatIsLeft())
                        .isZero());
        await().atMost(CLEANUP)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () -> classes.assertAtMost(connections.open().size(), ClassHistogram.ofThisProcess(), before));
        await().atMost(CLEANUP)
                .untilAsserted(() ->
                        assertThat(timers.pending()).as("timers, seed %d", seed).isLessThanOrEqualTo(timersBefore));
        log.info("Checked {}", classes.names());
    }

    private String whatIsLeft() {
        return connections.open().stream()
                .map(connection -> "%s %s %s, %s, idle for %s"
                        .formatted(
                                connection.transport(),
                                connection.kind(),
                                connection.remote(),
                                connection.state(),
                                Duration.ofNanos(connection.idleNanos())))
                .toList()
                .toString();
    }

    /** Several clients at once, each with its own sequence of rounds. All stop at the first failure. */
    private void play(long seed, int endingsPerTransport) throws Exception {
        AtomicBoolean failed = new AtomicBoolean();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> playing = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(seed + i);
                playing.add(clients.submit(() -> {
                    for (int round = 0; round < endingsPerTransport / CLIENTS && !failed.get(); round++) {
                        for (Transport transport : Transport.values()) {
                            play(Round.random(transport, random), failed);
                        }
                    }
                }));
            }
            for (Future<?> one : playing) {
                one.get();
            }
        }
    }

    private void play(Round round, AtomicBoolean failed) {
        try {
            round.play(ports);
        } catch (IOException e) {
            failed.set(true);
            throw new AssertionError(round.toString(), e);
        }
    }
}
