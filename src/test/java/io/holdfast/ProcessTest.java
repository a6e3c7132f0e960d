// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.JsonTalk;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.ServiceProcess;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A service whose process has too few file descriptors, stops, or was paused. */
class ProcessTest {

    private static final Duration RECOVERY = Duration.ofSeconds(5);

    private final List<TestSocket> clients = new ArrayList<>();

    @AfterEach
    void closeClients() throws IOException {
        for (TestSocket client : clients) {
            client.close();
        }
        clients.clear();
    }

    private TestSocket client(TestSocket client) {
        clients.add(client);
        return client;
    }

    /** More sockets than the process may have file descriptors. */
    @Test
    void fileDescriptorsAreLeftForTheService() throws Exception {
        try (ServiceProcess small = ServiceProcess.startWithFiles(700, "--holdfast.limits.handshake=3s")) {
            connectTooOften(
                    small, small.http(), "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n");
            connectTooOften(small, small.http(), "GET");
            connectTooOften(small, small.ports().tcpLines(), "{");

            assertThat(refused(small, "descriptors") + refused(small, "connections"))
                    .isPositive();
            assertThat(small.log())
                    .contains("At most ", "ulimit -n 20000")
                    .doesNotContain("\tat ", "Too many open files")
                    .satisfies(log -> assertThat(log.lines().count()).isLessThan(80));
        }
    }

    private void connectTooOften(ServiceProcess small, int port, String beginning) throws IOException {
        for (int i = 0; i < 800; i++) {
            sendAsMuchAsIsTaken(client(TestSocket.connect(port)), beginning.getBytes(StandardCharsets.UTF_8));
        }
        // The last one is refused. It is not left to wait.
        awaitEnd(clients.getLast());
        closeClients();

        await().atMost(RECOVERY).ignoreExceptionsInstanceOf(IOException.class).untilAsserted(() -> {
            JsonNode health = PlainRequest.get(small.http(), "/actuator/health").json();
            assertThat(health.path("status").asString()).isEqualTo("UP");
            assertThat(health.at("/components/descriptors/details/sockets").asInt())
                    .isLessThan(5);
        });
        try (TestSocket echo = TestSocket.connect(small.ports().tcpEcho())) {
            assertThat(echo.send("x").read()).isEqualTo('x');
        }
    }

    private static void sendAsMuchAsIsTaken(TestSocket wire, byte[] bytes) {
        try {
            wire.send(bytes);
        } catch (IOException e) {
            // The service answered and closed.
        }
    }

    /** The reserve of file descriptors is gone, too. */
    @Test
    void failuresToAcceptAreCountedAndShownAndPass() throws Exception {
        try (ServiceProcess starved = ServiceProcess.start();
                TestSocket open = TestSocket.connect(starved.http())) {
            // Classes are read from files: what is needed has to be there.
            assertThat(acceptFailures(open, "http")).isZero();
            assertThat(health(open).at("/components/descriptors/status").asString())
                    .isEqualTo("UP");
            assertThat(client(TestSocket.connect(starved.ports().tcpEcho()))
                            .send("x")
                            .read())
                    .isEqualTo('x');

            starved.limitFiles(10);
            // io_uring accepts one more: it keeps the limit of the time when it began to wait.
            client(TestSocket.connect(starved.http()));
            client(TestSocket.connect(starved.ports().tcpEcho()));
            try (TestSocket http = client(TestSocket.connect(starved.http()));
                    TestSocket echo = client(TestSocket.connect(starved.ports().tcpEcho()))) {
                await().atMost(RECOVERY).untilAsserted(() -> {
                    assertThat(acceptFailures(open, "http")).isGreaterThan(1);
                    assertThat(acceptFailures(open, "tcp")).isGreaterThan(1);
                });
                assertThat(health(open).at("/components/descriptors/status").asString())
                        .isEqualTo("DOWN");
                starved.limitFiles(1000);

                assertThat(health(http).isObject()).isTrue();
                assertThat(echo.send("x").read()).isEqualTo('x');
            }
            await().atMost(RECOVERY)
                    .untilAsserted(() ->
                            assertThat(health(open).path("status").asString()).isEqualTo("UP"));
            assertThat(starved.complaints())
                    .hasSizeBetween(1, 10)
                    .allSatisfy(line -> assertThat(line).contains("cannot be accepted now"));
        }
    }

    private static JsonNode health(TestSocket wire) throws IOException {
        return get(wire, "/actuator/health");
    }

    private static double acceptFailures(TestSocket wire, String transport) throws IOException {
        return get(wire, "/actuator/metrics/holdfast.accept.failures?tag=transport:" + transport)
                .at("/measurements/0/value")
                .asDouble();
    }

    private static JsonNode get(TestSocket wire, String path) throws IOException {
        wire.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        return PlainRequest.read(wire).json();
    }

    private static void awaitEnd(TestSocket wire) {
        try {
            wire.readToEnd();
        } catch (SocketTimeoutException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            // A reset ends it, too.
        }
    }

    private static double refused(ServiceProcess from, String reason) throws IOException {
        return from.metric("holdfast.connections.refused?tag=reason:" + reason);
    }

    /** Over HTTP, WebSocket and lines. What is refused may be published at another node. */
    @Test
    void messagesAreRefusedWhileTheServiceStops() throws Exception {
        try (ServiceProcess stopping = ServiceProcess.start("--holdfast.drain.window=3s");
                TestSocket http = TestSocket.connect(stopping.http());
                JsonTalk lines = JsonTalk.open(JsonTalk.Way.TCP, stopping.ports());
                JsonTalk messages = JsonTalk.open(JsonTalk.Way.WEBSOCKET, stopping.ports())) {
            assertThat(publish(http).status()).isEqualTo(201);

            stopping.terminate();

            PlainRequest.Answer refused = await().until(() -> publish(http), answer -> answer.status() != 201);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.head()).contains("retry-after: ");
            assertThat(refused.json().path("code").asString()).isEqualTo("draining");
            for (JsonTalk talk : List.of(lines, messages)) {
                talk.say("{\"type\":\"publish\",\"channel\":\"a\",\"data\":1}");
                JsonNode answer = talk.hear();
                assertThat(answer.path("code").asString()).isEqualTo("draining");
            }
            assertThat(stopping.awaitEnd(Duration.ofSeconds(13))).isTrue();
        }
    }

    private static PlainRequest.Answer publish(TestSocket http) throws IOException {
        http.send("POST /channels/a HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\n1");
        return PlainRequest.read(http);
    }

    /** A suspended machine: pongs wait in the sockets when the timers fire. */
    @Test
    void peersAreKeptWhenTheProcessWasPaused() throws Exception {
        try (ServiceProcess paused = ServiceProcess.start(
                        "--holdfast.heartbeat.interval=500ms",
                        "--holdfast.heartbeat.pong-timeout=500ms",
                        "--holdfast.idle.tcp=2s");
                RawWebSocket peer = RawWebSocket.open(TestSocket.connect(paused.http()), "/echo");
                TestSocket echo = TestSocket.connect(paused.ports().tcpEcho());
                JsonTalk lines = JsonTalk.open(JsonTalk.Way.TCP, paused.ports())) {
            peer.pong(peer.readNext(RawWebSocket.PING));

            paused.pause();
            peer.send("sent while it was paused");
            echo.send("x");
            lines.say("{\"type\":\"unsubscribe\",\"channel\":\"a\"}");
            // Longer than heartbeat and timeout together, by the service's clock.
            peer.pongUntilSilentFor(3000);
            paused.resume();

            assertThat(peer.readNext(RawWebSocket.TEXT).text()).isEqualTo("sent while it was paused");
            assertThat(echo.read()).isEqualTo('x');
            JsonNode answer = lines.hear();
            while (answer.path("type").asString().equals("heartbeat")
                    || answer.path("type").asString().equals("ping")) {
                answer = lines.hear();
            }
            assertThat(answer.path("code").asString()).isEqualTo("not-subscribed");
            for (int i = 0; i < 3; i++) {
                peer.pong(peer.readNext(RawWebSocket.PING));
            }
        }
    }
}
