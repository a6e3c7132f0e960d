// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.redis.RedisServer;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.ServiceProcess;
import io.holdfast.support.TestSocket;
import io.holdfast.support.WebSocketClient;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SIGTERM ends the process within the drain window and 10 s, whatever its peers do. */
class TerminationTest {

    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final Duration LONGEST = WINDOW.plusSeconds(10);

    private static final String HOST = " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    private static final String END = HOST + "\r\n";

    private static final long HEAP = 96L * 1024 * 1024;

    private static final int IDLE_OF_EACH = 400;
    private static final int HARD_OF_EACH = 10;

    private final List<Closeable> peers = new ArrayList<>();

    @AfterEach
    void disconnect() throws IOException {
        for (Closeable peer : peers) {
            peer.close();
        }
    }

    private <T extends Closeable> T peer(T peer) {
        peers.add(peer);
        return peer;
    }

    private TestSocket peer(int port) throws IOException {
        return peer(TestSocket.connect(port).holdLittle().resetOnClose());
    }

    private static void assertEnds(ServiceProcess service) throws InterruptedException {
        service.terminate();

        assertThat(service.awaitEnd(LONGEST)).as(service::log).isTrue();
    }

    private static ServiceProcess start(List<String> options, String... settings) throws Exception {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("--holdfast.drain.window=" + WINDOW);
        return ServiceProcess.start(options, all.toArray(String[]::new));
    }

    @Test
    void withIdlePeersThatDoNotClose() throws Exception {
        try (ServiceProcess service = start(List.of())) {
            for (int i = 0; i < IDLE_OF_EACH; i++) {
                peer(service.http()).send("GET /stream?interval=1h" + END);
                peer(service.http()).send("GET /channels/a" + END);
                RawWebSocket.open(peer(service.http()), "/channels");
                peer(service.ports().tcpEcho());
                peer(service.ports().tcpLines());
            }
            await().until(() -> open(service) >= 5 * IDLE_OF_EACH);

            assertEnds(service);
        }
    }

    private static int open(ServiceProcess service) throws IOException {
        return PlainRequest.get(service.http(), "/actuator/connections?size=1")
                .json()
                .path("total")
                .asInt();
    }

    /** In the middle of everything, or not reading what they asked for, or with a fault. */
    @Test
    void withPeersThatAreBusy() throws Exception {
        try (ServiceProcess service = start(
                List.of(),
                "--holdfast.limits.handshake=10m",
                "--holdfast.tcp.listeners.stalled.port=0",
                "--holdfast.tcp.listeners.stalled.fault.end=stall",
                "--holdfast.tcp.listeners.late.port=0",
                "--holdfast.tcp.listeners.late.fault.delay=1h")) {
            publishLarge(service, "large");
            int stalled = PlainRequest.get(service.http(), "/actuator/info")
                    .json()
                    .at("/tcp/listeners/stalled")
                    .asInt();
            int late = PlainRequest.get(service.http(), "/actuator/info")
                    .json()
                    .at("/tcp/listeners/late")
                    .asInt();
            for (int i = 0; i < HARD_OF_EACH; i++) {
                for (String beginning : List.of(
                        "",
                        "GET /stre",
                        "POST /echo" + HOST + "Content-Length: 1000000\r\n\r\nx",
                        "POST /channels/a" + HOST + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
                        "GET /channels/a/messages?wait=60s" + END,
                        "GET /stream?end=stall" + END,
                        "GET /stream?delay=30s" + END,
                        "GET /stream?interval=0" + END,
                        ("GET /channels/large/messages?after=earliest" + END).repeat(10),
                        ("GET /actuator/prometheus" + END).repeat(500),
                        RawWebSocket.handshake("/echo?end=stall"),
                        RawWebSocket.handshake("/tcp"),
                        RawWebSocket.handshake("/lines"),
                        "GET /echo" + HOST + "Upgrade: websocket\r\nConnection: Upg")) {
                    peer(service.http()).send(beginning);
                }
                for (String path : List.of("/echo", "/channels")) {
                    RawWebSocket.open(peer(service.http()), path)
                            .sendHeader(0x80 | RawWebSocket.TEXT, 1000)
                            .wire()
                            .send("x");
                }
                peer(service.ports().tcpLines()).send("{\"type\":");
                peer(stalled).send("x");
                peer(late).send("x");
                peer(late).sendWithoutReading(new byte[64 * 1024]);
                peer(service.ports().tcpEcho()).sendWithoutReading(new byte[64 * 1024]);
                byte[] frame = WebSocketClient.frame(WebSocketClient.FIN | WebSocketClient.BINARY, new byte[64 * 1024]);
                for (String path : List.of("/echo", "/tcp")) {
                    TestSocket wire = peer(service.http());
                    RawWebSocket.open(wire, path);
                    wire.sendWithoutReading(frame);
                }
                String post = "POST /echo" + HOST + "Content-Length: 3000000\r\n\r\n";
                TestSocket wire = peer(service.http());
                wire.send(post);
                wire.sendWithoutReading(new byte[3_000_000]);
            }
            await().until(() -> open(service) >= 15 * HARD_OF_EACH);

            assertEnds(service);
        }
    }

    private static void publishLarge(ServiceProcess service, String channel) throws IOException {
        try (JsonTalk publisher = JsonTalk.open(JsonTalk.Way.TCP, service.ports())) {
            for (int i = 0; i < 16; i++) {
                publisher.say("{\"type\":\"publish\",\"channel\":\"" + channel + "\",\"data\":\"" + "x".repeat(60_000)
                        + "\"}");
                publisher.hear("published");
            }
        }
    }

    @Test
    void withRedisThatHangs() throws Exception {
        try (RedisServer redis = RedisServer.start();
                ServiceProcess service = start(List.of(), "--holdfast.broker=redis", "--" + redis.setting())) {
            publishLarge(service, "a");
            for (int i = 0; i < HARD_OF_EACH; i++) {
                peer(service.http()).send("GET /channels/a" + END);
            }
            redis.hang();
            for (int i = 0; i < HARD_OF_EACH; i++) {
                peer(service.http()).send("POST /channels/a" + HOST + "Content-Length: 1\r\n\r\n1");
                peer(service.http()).send("GET /channels/b" + END);
                peer(service.http()).send("GET /channels/a/messages" + END);
                peer(service.ports().tcpLines())
                        .send(
                                "{\"type\":\"publish\",\"channel\":\"a\",\"data\":1}\n{\"type\":\"subscribe\",\"channel\":\"c\"}\n");
            }

            assertEnds(service);
        }
    }

    /** Also if there is no room for what the end needs: then the JVM ends with it. */
    @Test
    void withAHeapThatIsFull() throws Exception {
        try (ServiceProcess service = startWithSmallHeap()) {
            for (int channel = 0; service.histogram().bytes() < HEAP * 0.9; channel++) {
                publishLarge(service, "full-" + channel);
                publishLarge(service, "also-full-" + channel);
            }
            for (int i = 0; i < HARD_OF_EACH; i++) {
                peer(service.http()).send("GET /channels/a" + END);
            }

            assertEnds(service);
        }
    }

    /** Threads may be missing after an OutOfMemoryError: it ends the process, and no signal is needed. */
    @Test
    void outOfMemoryEndsTheProcess() throws Exception {
        try (ServiceProcess service = startWithSmallHeap()) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
                for (int channel = 0; ; channel++) {
                    publishLarge(service, "full-" + channel);
                }
            });

            assertThat(service.awaitEnd(LONGEST)).as(service::log).isTrue();
            assertThat(service.log()).contains("Terminating due to java.lang.OutOfMemoryError");
        }
    }

    private static ServiceProcess startWithSmallHeap() throws Exception {
        return start(List.of("-Xmx" + HEAP, "-XX:+ExitOnOutOfMemoryError"), "--holdfast.memory.history=1GB");
    }
}
