package io.holdfast.connection;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.HoldfastApplication;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.ConnectionFigures.Open;
import io.holdfast.support.Peer;
import io.holdfast.support.Peer.Farewell;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/** The end of the whole application, with connections of all kinds open. */
class DrainTest {

    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final int OF_EACH = 100;

    private record Seen(Transport transport, Farewell farewell, long at) {}

    @Test
    void everyClientIsToldGoodbyeAtItsOwnMomentAndNobodyNewIsLetIn() throws Exception {
        ConfigurableApplicationContext application = start();
        Ports ports = application.getBean(Ports.class);
        ConnectionFigures figures = application.getBean(ConnectionFigures.class);
        int http = ports.http();
        int tcp = ports.tcpEcho();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Seen>> ends = new ArrayList<>();
            for (Transport transport : Transport.values()) {
                for (int i = 0; i < OF_EACH; i++) {
                    Peer peer = Peer.open(transport, ports);
                    peer.carry();
                    ends.add(clients.submit(() -> new Seen(transport, peer.awaitEnd(), System.nanoTime())));
                }
            }
            await().untilAsserted(() -> assertThat(figures.open()).isEqualTo(Open.all(3 * OF_EACH)));
            PlainRequest.Answer ready = PlainRequest.get(http, "/actuator/health/readiness");

            long start = System.nanoTime();
            Future<Duration> stopping = clients.submit(() -> {
                application.close();
                return Duration.ofNanos(System.nanoTime() - start);
            });
            assertNobodyNewIsLetIn(http, tcp);
            Duration took = stopping.get();

            assertThat(ready.status()).isEqualTo(200);
            assertThat(took).isLessThan(WINDOW.plusSeconds(2));
            List<Duration> moments = new ArrayList<>();
            for (Future<Seen> end : ends) {
                Seen seen = end.get();
                assertThat(seen.farewell()).isEqualTo(orderly(seen.transport()));
                moments.add(Duration.ofNanos(seen.at() - start));
            }
            moments.sort(null);
            assertThat(moments.getFirst()).isLessThan(WINDOW.multipliedBy(4).dividedBy(10));
            assertThat(moments.getLast())
                    .isGreaterThan(WINDOW.multipliedBy(6).dividedBy(10))
                    .isLessThan(WINDOW.plusSeconds(2));
            assertThat(moments.get(moments.size() / 2)).isBetween(WINDOW.dividedBy(4), WINDOW.plusMillis(200));
        }
    }

    /** Not the test framework's, as that does not expect its application to end during a test. */
    private static ConfigurableApplicationContext start() {
        SpringApplication application =
                new SpringApplication(HoldfastApplication.class, Ports.class, ConnectionFigures.class);
        application.addInitializers(context ->
                context.getBeanFactory().registerSingleton("settingsOfOtherTests", new SettingsOfOtherTests()));
        return application.run(
                "--server.port=0", "--holdfast.tcp.listeners.echo.port=0", "--holdfast.drain.window=" + WINDOW);
    }

    private static final class SettingsOfOtherTests extends TypeExcludeFilter {

        @Override
        public boolean match(MetadataReader reader, MetadataReaderFactory readers) {
            return reader.getAnnotationMetadata().isAnnotated(TestConfiguration.class.getName());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof SettingsOfOtherTests;
        }

        @Override
        public int hashCode() {
            return SettingsOfOtherTests.class.hashCode();
        }
    }

    private static Farewell orderly(Transport transport) {
        return switch (transport) {
            case HTTP -> new Farewell("draining", true, true);
            case WEBSOCKET -> new Farewell("1012", true, false);
            case TCP -> new Farewell("", true, false);
        };
    }

    /** Asked while the window is open, from the moment on when the listener is closed. */
    private static void assertNobodyNewIsLetIn(int http, int tcp) throws IOException {
        await().atMost(WINDOW).until(() -> isRefused(tcp));
        PlainRequest.Answer stream = PlainRequest.get(http, "/stream");
        PlainRequest.Answer readiness = PlainRequest.get(http, "/actuator/health/readiness");
        try (Wire wire = Wire.connect(http)) {
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
            Wire.connect(port).close();
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }
}
