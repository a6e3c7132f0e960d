// SPDX-License-Identifier: Apache-2.0
package io.holdfast.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.support.FaultTest;
import io.holdfast.support.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** How the JDK's clients report faults. */
@FaultTest
class JdkFaultTest {

    private static final String TICK = "hello world\n";

    @Autowired
    Ports ports;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void closeClient() {
        client.shutdownNow();
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.http() + target))
                .timeout(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource({"reset,reset", "truncate,EOF", "half-close,EOF"})
    void aStreamThatIsCutThrowsAfterItsWholeMessages(String end, String message) throws Exception {
        HttpResponse<InputStream> answer =
                client.send(request("/stream?interval=20ms&after=2&end=" + end).build(), BodyHandlers.ofInputStream());

        try (InputStream body = answer.body()) {
            assertThat(new String(body.readNBytes(2 * TICK.length()), StandardCharsets.UTF_8))
                    .isEqualTo(TICK.repeat(2));
            assertThatThrownBy(body::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .rootCause()
                    .hasMessageContaining(message);
        }
    }

    @Test
    void aStreamThatIsClosedEndsInGoodOrder() throws Exception {
        HttpResponse<String> answer =
                client.send(request("/stream?interval=20ms&after=2&end=close").build(), BodyHandlers.ofString());

        assertThat(answer.body()).isEqualTo(TICK.repeat(2));
    }

    @Test
    void anErrorThatWasAskedForIsAnsweredWithItsRetryTime() throws Exception {
        HttpResponse<String> answer =
                client.send(request("/stream?status=503&retry=3s").build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("3");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void anErrorNeedsNoRetryTime() throws Exception {
        HttpResponse<String> answer =
                client.send(request("/channels/news?status=418").build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(418);
        assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
    }

    @Test
    void anEchoComesLate() throws Exception {
        long start = System.nanoTime();
        HttpResponse<String> answer = client.send(
                request("/echo?delay=300ms")
                        .POST(HttpRequest.BodyPublishers.ofString("hello"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.body()).isEqualTo("hello");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    private static final class EndRecorder implements WebSocket.Listener {

        final CompletableFuture<String> end = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            end.complete(code + " " + reason);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            end.complete(error.getClass().getSimpleName());
        }
    }

    private String end(String query) throws Exception {
        EndRecorder recorder = new EndRecorder();
        WebSocket webSocket = client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + ports.http() + "/echo?" + query), recorder)
                .join();
        try {
            return recorder.end.get(10, TimeUnit.SECONDS);
        } finally {
            webSocket.abort();
        }
    }

    @Test
    void aWebSocketIsToldCodeAndReason() throws Exception {
        assertThat(end("after=50ms&end=close&code=4321&reason=good%20bye")).isEqualTo("4321 good bye");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "half-close"})
    void aWebSocketThatIsCutEndsWithoutACloseFrame(String end) throws Exception {
        // The JDK's client reports an end without a close frame as 1006 or as an error.
        assertThat(end("after=50ms&end=" + end)).matches("1006 .*|.*Exception");
    }

    @Test
    void aHandshakeIsRefusedAsAskedFor() {
        assertThatThrownBy(() -> end("status=429&retry=2s"))
                .hasCauseInstanceOf(WebSocketHandshakeException.class)
                .cause()
                .satisfies(e -> {
                    HttpResponse<?> answer = ((WebSocketHandshakeException) e).getResponse();
                    assertThat(answer.statusCode()).isEqualTo(429);
                    assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
                });
    }
}
