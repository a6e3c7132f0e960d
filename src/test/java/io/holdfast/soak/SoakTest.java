// SPDX-License-Identifier: Apache-2.0
package io.holdfast.soak;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Transport;
import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.client.TcpAddress;
import io.holdfast.probe.result.Percentiles;
import io.holdfast.soak.ClientConnections.Kind;
import io.holdfast.support.ChurnClient.Round;
import io.holdfast.support.ClassHistogram;
import io.holdfast.support.PerConnectionClasses;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.ServiceProcess;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.convert.DurationStyle;

/**
 * A service under mixed load for a long time uses no more at the end than at the beginning. {@code -Dholdfast.soak.duration}
 * and {@code -Dholdfast.soak.connections} say how long and how much.
 */
@Tag("soak")
class SoakTest {

    private static final Logger log = LoggerFactory.getLogger(SoakTest.class);

    private static final Duration DURATION =
            DurationStyle.detectAndParse(System.getProperty("holdfast.soak.duration", "30m"));
    private static final int CONNECTIONS = Integer.getInteger("holdfast.soak.connections", 10_000);

    private static final int SUBSCRIBERS = 40;
    private static final int SLOW_READERS = 20;
    private static final int FAULTY = 40;
    private static final int LARGE = 60_000;

    private static final Duration PUBLISH_EVERY = Duration.ofMillis(50);
    private static final Duration PUBLISH_LARGE_EVERY = Duration.ofMillis(500);
    private static final Duration CHURN_EVERY = Duration.ofMillis(20);
    private static final Duration ROTATE_EVERY = Duration.ofMillis(500);

    /** Longer than a heartbeat and its pong may take, which find a peer that left without a trace. */
    private static final Duration CLEANUP = Duration.ofMinutes(1);

    // How much more the last third may have than the first third after the warm-up. Slow readers hold some MB.
    private static final double HEAP_FACTOR = 1.1;
    private static final double HEAP_BYTES = 8 * 1024 * 1024;
    // Churn and rotating connections are open at random: a few files. Pools of threads grow by some, and no further.
    private static final double FILES = 100;
    private static final double THREADS = 10;
    // The clients share the machine with the service, so that short runs differ by a factor.
    private static final double LATENCY_FACTOR = 2;
    private static final double P50_MICROS = 10_000;
    private static final double P99_MICROS = 100_000;

    private final List<Sample> samples = new ArrayList<>();
    private final List<ScheduledFuture<?>> load = new ArrayList<>();
    private final Collection<Round> unfinished = new ConcurrentLinkedQueue<>();

    @Test
    void heapFilesThreadsAndLatencyAreFlatUnderMixedLoad() throws Exception {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        log.info("Soak with -Dholdfast.seed={}, {} connections for {}", seed, CONNECTIONS, DURATION);
        try (ServiceProcess service = ServiceProcess.start(
                List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError"),
                "--holdfast.limits.per-address=16000",
                // Raw TCP has no heartbeat that would keep an idle connection open.
                "--holdfast.idle.tcp=24h")) {
            Measured measured = new Measured(service);
            PerConnectionClasses classes = PerConnectionClasses.find(service.ports(), measured::histogram);
            awaitNoConnection(measured);
            ClassHistogram idle = measured.histogram();

            soak(service, measured, seed);

            Sample.print(new PrintWriter(System.out, true, StandardCharsets.UTF_8), samples);
            awaitNoConnection(measured);
            await().atMost(CLEANUP)
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(() -> classes.assertAtMost(measured.connections(), measured.histogram(), idle));
            log.info("No instance is left of {} classes", classes.names().size());
            assertFlat();
            assertThat(unfinished).isEmpty();
        }
    }

    private static void awaitNoConnection(Measured measured) {
        await().atMost(CLEANUP)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(measured.connections()).isZero());
    }

    private void soak(ServiceProcess service, Measured measured, long seed) throws Exception {
        Ports ports = service.ports();
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(6);
        try (Client client = new Client(1);
                Rotation slow = new Rotation(ports.http(), slowReaders(), SLOW_READERS);
                Rotation faulty = new Rotation(ports.http(), faults(), FAULTY)) {
            Deliveries deliveries = new Deliveries("soak");
            ClientConnections connections = new ClientConnections(client);
            connections.open(subscriptions(ports), SUBSCRIBERS, (connection, data) -> deliveries.received(data));
            connections.open(idleKinds(ports), CONNECTIONS, (connection, data) -> {});
            assertThat(connections.ended()).isEmpty();
            // Over WebSocket and lines, a command subscribes after the connection opened.
            await().untilAsserted(() -> assertThat(measured.subscribers("soak")).isEqualTo(SUBSCRIBERS));

            Random random = new Random(seed);
            // Connected now: a first request has to come soon after.
            try (TestSocket publisher = TestSocket.connect(ports.http());
                    TestSocket largePublisher = TestSocket.connect(ports.http())) {
                startPublishing(threads, publisher, deliveries);
                every(threads, PUBLISH_LARGE_EVERY, () -> publishLarge(largePublisher));
                every(threads, CHURN_EVERY, () -> churn(ports, random));
                every(threads, ROTATE_EVERY, slow::next);
                every(threads, ROTATE_EVERY, faulty::next);
                takeSamples(measured, deliveries);
                stopLoad();
                await().untilAsserted(() ->
                        assertThat(deliveries.received()).isEqualTo(deliveries.published() * SUBSCRIBERS));
            }
            assertThat(connections.ended()).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    private void takeSamples(Measured measured, Deliveries deliveries) throws Exception {
        long interval = Math.min(Duration.ofMinutes(1).toNanos(), DURATION.toNanos() / 10);
        long start = System.nanoTime();
        for (long next = interval; next <= DURATION.toNanos(); next += interval) {
            long due = start + next;
            await().atMost(Duration.ofNanos(2 * interval).plusMinutes(1))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> System.nanoTime() >= due || load.stream().anyMatch(ScheduledFuture::isDone));
            for (ScheduledFuture<?> part : load) {
                if (part.isDone()) {
                    // It failed: this throws why.
                    part.get();
                }
            }
            Percentiles latency = deliveries.latency();
            samples.add(new Sample(
                    Duration.ofNanos(next),
                    measured.liveHeap(),
                    measured.openFiles(),
                    measured.threads(),
                    measured.connections(),
                    latency));
            // The pause of the collection is not counted.
            deliveries.reset();
            log.info("{}", samples.getLast());
        }
    }

    private void startPublishing(ScheduledExecutorService threads, TestSocket publisher, Deliveries deliveries) {
        long start = System.nanoTime();
        AtomicLong number = new AtomicLong();
        every(
                threads,
                PUBLISH_EVERY,
                () -> deliveries.publish(publisher, start + number.incrementAndGet() * PUBLISH_EVERY.toNanos()));
    }

    /** What the load does again and again. */
    private interface Part {
        void run() throws IOException;
    }

    private void every(ScheduledExecutorService threads, Duration period, Part part) {
        load.add(threads.scheduleAtFixedRate(
                () -> {
                    try {
                        part.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                period.toNanos(),
                period.toNanos(),
                TimeUnit.NANOSECONDS));
    }

    private void stopLoad() {
        for (ScheduledFuture<?> part : load) {
            part.cancel(false);
        }
    }

    private static void publishLarge(TestSocket publisher) throws IOException {
        publisher.send("POST /channels/soak-large HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + LARGE + "\r\n\r\n"
                + "x".repeat(LARGE));
        assertThat(PlainRequest.read(publisher).status()).isEqualTo(201);
    }

    private void churn(Ports ports, Random random) throws IOException {
        for (Transport transport : Transport.values()) {
            Round round = Round.random(transport, random);
            try {
                round.play(ports);
            } catch (SocketTimeoutException e) {
                log.warn("{} was not answered or not ended in time", round);
                unfinished.add(round);
            }
        }
    }

    /** The service blocks in the first one's writes, and closes the second as a slow consumer. */
    private static List<String> slowReaders() {
        return List.of(request("GET /stream?interval=0&size=65536"), request("GET /channels/soak-large"));
    }

    private static List<String> faults() {
        return List.of(
                request("GET /stream?interval=10ms&after=3&end=reset"),
                request("GET /stream?interval=10ms&after=3&end=truncate"),
                request("GET /channels/soak?after=2&end=stall"),
                request("GET /channels/soak?delay=2s&jitter=1s"),
                request("GET /channels/soak?after=1s&end=half-close"),
                request("POST /echo?delay=1s&end=reset"),
                RawWebSocket.handshake("/echo?end=stall"),
                RawWebSocket.handshake("/channels?after=1s&end=reset"));
    }

    private static String request(String line) {
        return line + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    }

    private static List<Kind> subscriptions(Ports ports) {
        String command = "{\"type\":\"subscribe\",\"channel\":\"soak\"}";
        return List.of(
                new Kind(stream(ports, "/channels/soak", "text/event-stream"), null),
                new Kind(stream(ports, "/channels/soak", "application/x-ndjson"), null),
                new Kind(webSocket(ports, "/channels"), command),
                new Kind(lines(ports), command));
    }

    private static List<Kind> idleKinds(Ports ports) {
        String command = "{\"type\":\"subscribe\",\"channel\":\"soak-idle\"}";
        return List.of(
                new Kind(stream(ports, "/stream?interval=1h", "text/event-stream"), null),
                new Kind(stream(ports, "/channels/soak-idle", "text/event-stream"), null),
                new Kind(webSocket(ports, "/echo"), null),
                new Kind(webSocket(ports, "/channels"), command),
                new Kind(new Target.Tcp(new TcpAddress("127.0.0.1", ports.tcpEcho(), false)), null),
                new Kind(lines(ports), command));
    }

    private static Target stream(Ports ports, String path, String accept) {
        return new Target.HttpStream(http(ports, path), accept, null);
    }

    private static Target webSocket(Ports ports, String path) {
        return new Target.WebSocket(http(ports, path));
    }

    private static Target lines(Ports ports) {
        return new Target.Lines(new TcpAddress("127.0.0.1", ports.tcpLines(), false));
    }

    private static URI http(Ports ports, String path) {
        return URI.create("http://127.0.0.1:" + ports.http() + path);
    }

    /** The first fifth of the samples is warm-up. Of the others, the first third is compared with the last one. */
    private void assertFlat() {
        List<Sample> warm = samples.subList(samples.size() / 5, samples.size());
        int third = warm.size() / 3;
        List<Sample> first = warm.subList(0, third);
        List<Sample> last = warm.subList(warm.size() - third, warm.size());
        assertThat(warm)
                .allSatisfy(sample -> assertThat(sample.latency().count()).isPositive());
        assertFlat("heap", first, last, Sample::heap, HEAP_FACTOR, HEAP_BYTES);
        assertFlat("files", first, last, Sample::files, 1, FILES);
        assertFlat("threads", first, last, Sample::threads, 1, THREADS);
        assertFlat("p50 in µs", first, last, sample -> sample.latency().p50(), LATENCY_FACTOR, P50_MICROS);
        assertFlat("p99 in µs", first, last, sample -> sample.latency().p99(), LATENCY_FACTOR, P99_MICROS);
    }

    private static void assertFlat(
            String name,
            List<Sample> first,
            List<Sample> last,
            ToDoubleFunction<Sample> figure,
            double factor,
            double more) {
        double before = Sample.median(first, figure);
        double after = Sample.median(last, figure);
        log.info("{}: {} in the first third, {} in the last one", name, before, after);
        assertThat(after).as("%s, which was %s", name, before).isLessThanOrEqualTo(before * factor + more);
    }
}
