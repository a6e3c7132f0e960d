// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.Peer;
import io.holdfast.support.Peer.Farewell;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.ServiceProcess;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** SIGTERM to the service, with thousands of connections of all kinds open. */
class DrainTest {

    private static final int OF_EACH = 1667;
    private static final int CONNECTIONS = 5001;
    private static final Duration WINDOW = Duration.ofSeconds(3);

    /** As many connect at the same time as fit into the backlog of a listening socket. */
    private static final int KNOCKING = 32;

    private record Seen(Transport transport, Farewell farewell, long at) {}

    @Test
    void everyClientIsToldGoodbyeAtItsOwnMomentAndNobodyNewIsLetIn() throws Exception {
        try (ServiceProcess service = ServiceProcess.start(
                        "--holdfast.drain.window=" + WINDOW,
                        "--holdfast.heartbeat.interval=2s",
                        "--holdfast.heartbeat.pong-timeout=1500ms");
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Seen>> ends = openAll(service, clients);
            awaitOpen(service, CONNECTIONS);
            PlainRequest.Answer ready = PlainRequest.get(service.http(), "/actuator/health/readiness");

            long start = System.nanoTime();
            service.terminate();
            assertNobodyNewIsLetIn(service);
            boolean ended = service.awaitEnd(WINDOW.plusSeconds(2).minusNanos(System.nanoTime() - start));

            assertThat(ready.status()).isEqualTo(200);
            assertThat(ended).as(service::log).isTrue();
            assertSpread(assertOrderly(ends), start);
        }
    }

    /** A third of each transport. They all answer pings from now on, until they see their end. */
    private static List<Future<Seen>> openAll(ServiceProcess service, ExecutorService clients) throws Exception {
        Semaphore knocking = new Semaphore(KNOCKING);
        CountDownLatch opened = new CountDownLatch(CONNECTIONS);
        List<Future<Seen>> ends = new ArrayList<>();
        for (int i = 0; i < OF_EACH; i++) {
            for (Transport transport : Transport.values()) {
                knocking.acquire();
                ends.add(clients.submit(() -> {
                    Peer peer;
                    try {
                        peer = Peer.open(transport, service.port(transport));
                        peer.carry();
                    } finally {
                        knocking.release();
                        opened.countDown();
                    }
                    return new Seen(transport, peer.awaitEnd(), System.nanoTime());
                }));
            }
        }
        opened.await();
        return ends;
    }

    private static void awaitOpen(ServiceProcess service, int count) {
        await().untilAsserted(() -> {
            JsonNode figures =
                    PlainRequest.get(service.http(), "/actuator/health").json().at("/components/connections/details");
            for (String figure : List.of("registered", "permits", "gauge")) {
                assertThat(figures.get(figure).asInt()).as(figure).isEqualTo(count);
            }
        });
    }

    private static List<Long> assertOrderly(List<Future<Seen>> ends) throws Exception {
        List<Long> moments = new ArrayList<>();
        List<Seen> disorderly = new ArrayList<>();
        for (Future<Seen> end : ends) {
            Seen seen = end.get();
            moments.add(seen.at());
            if (!seen.farewell().equals(orderly(seen.transport()))) {
                disorderly.add(seen);
            }
        }
        assertThat(disorderly).isEmpty();
        return moments;
    }

    private static Farewell orderly(Transport transport) {
        return switch (transport) {
            case HTTP -> new Farewell("draining", true, true);
            case WEBSOCKET -> new Farewell("1012", true, false);
            case TCP -> new Farewell("", true, false);
        };
    }

    /** The goodbyes are spread evenly over the window, within the delays of a busy machine. */
    private static void assertSpread(List<Long> moments, long start) {
        Map<Long, Long> byTenth = moments.stream()
                .collect(Collectors.groupingBy(
                        moment -> (moment - start) / WINDOW.dividedBy(10).toNanos(), Collectors.counting()));

        assertThat(moments)
                .allMatch(moment -> moment - start < WINDOW.plusSeconds(1).toNanos());
        assertThat(byTenth.values()).as("%s", byTenth).allMatch(count -> count < CONNECTIONS * 3 / 10);
        assertThat(byTenth).as("%s", byTenth).hasSizeGreaterThanOrEqualTo(8);
    }

    /** Asked while the window is open, from the moment on when the listener is closed. */
    private static void assertNobodyNewIsLetIn(ServiceProcess service) throws IOException {
        await().atMost(WINDOW).until(() -> isRefused(service.port(Transport.TCP)));
        PlainRequest.Answer stream = PlainRequest.get(service.http(), "/stream");
        PlainRequest.Answer readiness = PlainRequest.get(service.http(), "/actuator/health/readiness");
        try (TestSocket wire = TestSocket.connect(service.http())) {
            wire.send(RawWebSocket.handshake("/echo"));
            PlainRequest.Answer handshake = PlainRequest.read(wire);

            assertThat(handshake.status()).isEqualTo(503);
            assertThat(handshake.head()).contains("\r\nretry-after: 5\r\n");
        }
        assertThat(stream.status()).isEqualTo(503);
        assertThat(stream.head()).contains("\r\nretry-after: 5\r\n");
        assertThat(readiness.status()).isEqualTo(503);
        assertThat(readiness.body()).contains("OUT_OF_SERVICE");
    }

    private static boolean isRefused(int port) throws IOException {
        try {
            TestSocket.connect(port).close();
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }
}
