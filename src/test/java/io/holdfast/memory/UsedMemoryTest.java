// SPDX-License-Identifier: Apache-2.0
package io.holdfast.memory;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.holdfast.support.JsonTalk;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.ServiceProcess;
import io.holdfast.support.TestSocket;
import io.holdfast.support.WebSocketClient;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The figures of the memory budget for what is received and sent are what the process holds, by the JVM's own count of heap
 * and direct buffers. What an idle connection costs is not part of it. {@code HistoryMemoryTest} is about histories.
 *
 * <p>Each test has a process of its own: pools keep direct buffers.
 */
class UsedMemoryTest {

    /** What the JVM has allocated for code that is not its own: direct buffers. */
    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=(\\d+)");

    private static final String HOST = " HTTP/1.1\r\nHost: 127.0.0.1\r\n";

    /** More than the sockets between a publisher and a reader hold. */
    private static final int MANY = 300;

    private static final int LARGE = 60_000;

    @AutoClose
    private ServiceProcess service;

    private final List<Closeable> peers = new ArrayList<>();

    /**
     * Without history, and with deadlines and limits that are not reached. Netty's pool is off: it keeps buffers in blocks
     * of megabytes, free or not. So is the JDK's: each thread keeps one buffer of the size of its largest write.
     */
    @BeforeEach
    void start() throws Exception {
        service = ServiceProcess.start(
                List.of(
                        "-Xmx1g",
                        "-XX:NativeMemoryTracking=summary",
                        "-Dio.netty.allocator.type=unpooled",
                        "-Djdk.nio.maxCachedBufferSize=0"),
                "--holdfast.history.messages=0",
                "--holdfast.memory.receiving=500MB",
                "--holdfast.memory.sending=500MB",
                "--holdfast.outbox.bytes=100MB",
                "--holdfast.outbox.messages=1000000",
                "--holdfast.limits.handshake=10m",
                "--holdfast.heartbeat.interval=1h");
    }

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

    @FunctionalInterface
    private interface Filling {
        void run() throws Exception;
    }

    /** What is filled, by the figures of the budget and by the JVM. */
    private void assertCounted(long least, Filling filling) throws Exception {
        long usedBefore = used();
        long heldBefore = held();

        filling.run();
        awaitRest(usedBefore + least);

        long held = held() - heldBefore;
        assertThat(used() - usedBefore).isGreaterThan(least).isCloseTo(held, withinPercentage(20));
    }

    /** Heap and direct buffers, of which the JVM's own figure leaves those of Netty out, without what is garbage. */
    private long held() throws Exception {
        // The first collection has the memory of direct buffers freed, a moment later.
        service.jcmd("GC.run");
        long heap = service.histogram().bytes();
        Matcher direct = OTHER.matcher(service.jcmd("VM.native_memory summary scale=b"));
        assertThat(direct.find()).isTrue();
        return heap + Long.parseLong(direct.group(1));
    }

    private long used() throws IOException {
        return (long) (service.metric("holdfast.memory.used?tag=part:receiving")
                + service.metric("holdfast.memory.used?tag=part:sending"));
    }

    /** Waits until at least {@code least} is used, and it does not change any more. */
    private void awaitRest(long least) {
        long[] last = new long[1];
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    long before = last[0];
                    last[0] = used();
                    return last[0] >= least && last[0] == before;
                });
    }

    @Test
    void whatHttpAndWebSocketsHoldIsCounted() throws Exception {
        int each = 1_500_000;
        int count = 20;
        List<TestSocket> bodies = new ArrayList<>();
        List<WebSocketClient> fragmented = new ArrayList<>();
        List<WebSocketClient> compressed = new ArrayList<>();
        List<TestSocket> echoes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            bodies.add(peer(
                    TestSocket.connect(service.http()).send("POST /echo" + HOST + "Content-Length: 2000000\r\n\r\nx")));
            fragmented.add(peer(WebSocketClient.connect(service.http(), "/echo")));
            compressed.add(peer(
                    WebSocketClient.connect(service.http(), "/echo", "Sec-WebSocket-Extensions: permessage-deflate")));
            TestSocket echo =
                    peer(TestSocket.connect(service.http()).holdLittle().resetOnClose());
            RawWebSocket.open(echo, "/echo");
            echoes.add(echo);
        }
        awaitRest(0);

        assertCounted((long) each * count, () -> {
            for (TestSocket body : bodies) {
                body.send(new byte[each]);
            }
        });
        assertCounted((long) each * count, () -> {
            for (WebSocketClient webSocket : fragmented) {
                webSocket.send(WebSocketClient.frame(WebSocketClient.BINARY, new byte[each]));
            }
        });
        assertCounted((long) each * count, () -> {
            for (WebSocketClient webSocket : compressed) {
                webSocket.send(
                        WebSocketClient.frame(WebSocketClient.RSV1 | WebSocketClient.BINARY, deflated(new byte[each])));
            }
        });
        byte[] message = WebSocketClient.frame(WebSocketClient.FIN | WebSocketClient.BINARY, new byte[1_000_000]);
        assertCounted(10_000_000, () -> echoes.forEach(socket -> socket.sendWithoutReading(message)));
    }

    private static byte[] deflated(byte... bytes) {
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            deflater.setInput(bytes);
            byte[] out = new byte[64 * 1024];
            return Arrays.copyOf(out, deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH));
        }
    }

    @Test
    void linesAndEchoesOverTcpAreCounted() throws Exception {
        int count = 600;
        List<JsonTalk> talks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            talks.add(peer(JsonTalk.open(JsonTalk.Way.TCP, service.ports())));
        }
        List<TestSocket> echoes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            echoes.add(peer(
                    TestSocket.connect(service.ports().tcpEcho()).holdLittle().resetOnClose()));
        }

        assertCounted((long) LARGE * count, () -> {
            for (JsonTalk talk : talks) {
                talk.wire().send("x".repeat(LARGE));
            }
        });
        assertCounted(2_000_000, () -> echoes.forEach(socket -> socket.sendWithoutReading(new byte[64 * 1024])));
    }

    /** Each with a channel of its own, and then all with one. */
    @Test
    void whatSlowSubscribersHaveNotReadIsCounted() throws Exception {
        int each = 4;
        for (int i = 0; i < each; i++) {
            subscribe("http-" + i);
            subscribe("websocket-" + i);
            subscribe("lines-" + i);
            subscribe("late-" + i);
        }
        awaitRest(0);

        try (JsonTalk publisher = JsonTalk.open(JsonTalk.Way.TCP, service.ports())) {
            warmUp(publisher);
            for (String kind : List.of("http", "websocket", "lines", "late")) {
                assertCounted(10_000_000, () -> {
                    for (int i = 0; i < each; i++) {
                        publish(publisher, kind + "-" + i, MANY, "x".repeat(LARGE));
                    }
                });
            }
            assertCounted(5_000_000, () -> publish(publisher, "all", 50_000, "x".repeat(100)));
        }
    }

    /** Has the service fill its pools. */
    private void warmUp(JsonTalk publisher) throws IOException {
        try (JsonTalk subscriber = JsonTalk.open(JsonTalk.Way.TCP, service.ports())) {
            subscriber.say("{\"type\":\"subscribe\",\"channel\":\"warm-up\"}").hear("subscribed");
            for (int i = 0; i < MANY; i += 10) {
                publish(publisher, "warm-up", 10, "x".repeat(LARGE));
                for (int j = 0; j < 10; j++) {
                    subscriber.hear("message");
                }
            }
        }
    }

    private void subscribe(String channel) throws IOException {
        String subscribe = "{\"type\":\"subscribe\",\"channel\":\"";
        if (channel.startsWith("http") || channel.startsWith("late")) {
            String query = channel.startsWith("late") ? "?delay=1h" : "";
            peer(TestSocket.connect(service.http()).holdLittle())
                    .send("GET /channels/" + channel + query + HOST + "\r\n");
            peer(TestSocket.connect(service.http()).holdLittle()).send("GET /channels/all" + query + HOST + "\r\n");
        } else {
            JsonTalk.Way way = channel.startsWith("lines") ? JsonTalk.Way.TCP : JsonTalk.Way.WEBSOCKET;
            for (String name : List.of(channel, "all")) {
                JsonTalk talk = peer(JsonTalk.open(way, service.ports()));
                talk.wire().holdLittle();
                talk.say(subscribe + name + "\"}").hear("subscribed");
            }
        }
    }

    private static void publish(JsonTalk publisher, String channel, int count, String data) throws IOException {
        String command = "{\"type\":\"publish\",\"channel\":\"" + channel + "\",\"data\":\"" + data + "\"}";
        for (int i = 0; i < count; i += 10) {
            for (int j = 0; j < 10; j++) {
                publisher.say(command);
            }
            for (int j = 0; j < 10; j++) {
                publisher.hear("published");
            }
        }
    }
}
