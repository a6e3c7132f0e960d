// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.HoldfastApplication;
import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Boot waits up to 30 s for open requests. Streams must be ended before. */
class StreamShutdownTest {

    private static final Duration PROMPT = Duration.ofSeconds(5);

    private ConfigurableApplicationContext application;
    private Traffic.Counts traffic;

    @BeforeEach
    void start() {
        application = new SpringApplicationBuilder(HoldfastApplication.class, Ports.class)
                .run(
                        "--server.port=0",
                        "--holdfast.tcp.listeners.echo.port=0",
                        "--holdfast.tcp.listeners.lines.port=0",
                        "--holdfast.drain.window=500ms");
        traffic = application.getBean(Traffic.class).of(Transport.HTTP);
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void openStreamsEndInGoodOrder() throws IOException {
        try (HttpWire idle = open("GET /stream?interval=1h HTTP/1.1\r\nHost: localhost\r\n\r\n");
                HttpWire busy = open("GET /stream?interval=5ms HTTP/1.1\r\nHost: localhost\r\n\r\n");
                HttpWire old = open("GET /stream?interval=1h HTTP/1.0\r\n\r\n")) {
            idle.readChunk();
            busy.readChunk();
            old.wire().readUntil("\n");

            assertThat(closingTakes()).isLessThan(PROMPT);

            assertThat(idle.wire().readToEnd()).asString().isEqualTo("0\r\n\r\n");
            assertThat(busy.wire().readToEnd()).asString().matches("(c\r\nhello world\n\r\n)*0\r\n\r\n");
            assertThat(old.wire().readToEnd()).isEmpty();
            assertThat(traffic.open()).isZero();
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsNobodyUp() throws IOException {
        try (HttpWire slow = open("GET /stream?interval=0&size=8000 HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            assertThat(slow.readChunk()).isNotEmpty();
            AtomicLong last = new AtomicLong();
            await().pollInterval(Duration.ofMillis(300))
                    .until(() -> last.getAndSet(traffic.bytesOut()) == traffic.bytesOut());

            assertThat(closingTakes()).isLessThan(PROMPT);

            assertThat(traffic.open()).isZero();
        }
    }

    private HttpWire open(String request) throws IOException {
        HttpWire http = HttpWire.connect(application.getBean(Ports.class));
        http.wire().send(request);
        assertThat(http.readHead().status()).isEqualTo(200);
        return http;
    }

    private Duration closingTakes() {
        long start = System.nanoTime();
        application.close();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
