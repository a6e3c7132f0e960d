// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Transport;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.ServiceProcess;
import io.holdfast.support.TestSocket;
import io.holdfast.support.WebSocketClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on a service with a small heap. After each one it answers everybody, and nothing of the attack is left. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttackTest {

    private static final int ATTACKERS = 34;
    private static final int LARGE = 16 * 1024 * 1024;

    /** The defaults for such a heap. */
    private static final double RECEIVING = 256.0 / 8 * 1024 * 1024;

    private static final double SENDING = 256.0 / 8 * 1024 * 1024;
    private static final double HISTORY = 256.0 / 4 * 1024 * 1024;
    /** More than three times the deadline of a head. */
    private static final Duration RECOVERY = Duration.ofSeconds(8);

    @AutoClose
    private ServiceProcess service;

    private Ports ports;

    private final List<TestSocket> attackers = new ArrayList<>();

    @BeforeAll
    final void start() throws Exception {
        List<String> settings = new ArrayList<>(List.of(
                // Also for the requests of this test, on a machine that other tests keep busy.
                "--holdfast.limits.handshake=2s",
                "--holdfast.tcp.listeners.stalled.port=0",
                "--holdfast.tcp.listeners.stalled.fault.end=stall",
                "--holdfast.tcp.listeners.late.port=0",
                "--holdfast.tcp.listeners.late.fault.delay=1h"));
        if (scale() > 1) {
            settings.add("--holdfast.limits.echo-size=" + LARGE / scale());
            settings.add("--holdfast.memory.receiving=" + Math.round(RECEIVING / scale()));
            settings.add("--holdfast.memory.sending=" + Math.round(SENDING / scale()));
            settings.add("--holdfast.memory.history=" + Math.round(HISTORY / scale()));
        }
        service = start(List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"), settings.toArray(String[]::new));
        ports = reach(service);
    }

    ServiceProcess start(List<String> options, String... settings) throws Exception {
        return ServiceProcess.start(options, settings);
    }

    /** By what the limits of memory, and what the attackers send, are divided. */
    int scale() {
        return 1;
    }

    /** The ports for the attackers. */
    Ports reach(ServiceProcess started) {
        return started.ports();
    }

    final int http() {
        return service.http();
    }

    /** How the length of a body may be announced. */
    List<String> framings() {
        return List.of("Content-Length: ", "Transfer-Encoding: chunked");
    }

    /** How many hold more than the limit together. Of each, the service holds what one read returned: 64 KB. */
    int peersThatDoNotRead() {
        return 800 / scale();
    }

    /** How many requests a client may send at once. */
    int requests() {
        return 10;
    }

    @AfterEach
    void serviceHasRecovered() throws IOException {
        for (TestSocket attacker : attackers) {
            attacker.close();
        }
        attackers.clear();
        await().atMost(RECOVERY).untilAsserted(() -> {
            assertThat(PlainRequest.get(service.http(), "/actuator/health").status())
                    .isEqualTo(200);
            assertThat(open()).isZero();
            assertThat(used("receiving")).isZero();
            assertThat(used("sending")).isZero();
            assertThat(service.metric("holdfast.sockets.open")).isLessThan(5);
        });
        try (JsonTalk lines = JsonTalk.open(JsonTalk.Way.TCP, ports);
                JsonTalk messages = JsonTalk.open(JsonTalk.Way.WEBSOCKET, ports);
                TestSocket echo = TestSocket.connect(ports.tcpEcho())) {
            lines.say("{\"type\":\"ping\"}").hear("pong");
            messages.say("{\"type\":\"ping\"}").hear("pong");
            assertThat(echo.send("x").read()).isEqualTo('x');
        }
    }

    private int open() throws IOException {
        return PlainRequest.get(service.http(), "/actuator/connections")
                .json()
                .path("total")
                .asInt();
    }

    private double used(String part) throws IOException {
        return service.metric("holdfast.memory.used?tag=part:" + part);
    }

    private TestSocket attacker(TestSocket attacker) {
        attackers.add(attacker);
        return attacker;
    }

    /** Little that inflates to much, as the first fragment of a message. */
    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/inspect", "/channels"})
    void unfinishedCompressedMessagesDoNotFillTheHeap(String path) throws IOException {
        byte[] bomb = WebSocketClient.frame(WebSocketClient.RSV1 | WebSocketClient.TEXT, deflated(LARGE / scale() - 1));

        List<WebSocketClient> clients = new ArrayList<>();
        for (int i = 0; i < ATTACKERS; i++) {
            TestSocket wire = attacker(TestSocket.connect(ports.http()));
            wire.send(WebSocketClient.handshake(path, "Sec-WebSocket-Extensions: permessage-deflate"));
            WebSocketClient client = WebSocketClient.opened(wire);
            client.send(bomb);
            clients.add(client);
        }
        List<Integer> codes = new ArrayList<>();
        for (WebSocketClient client : clients) {
            WebSocketClient.Frame frame = client.readFrame();
            while (frame.opcode() != WebSocketClient.CLOSE) {
                frame = client.readFrame();
            }
            codes.add(frame.closeCode());
        }

        if (path.equals("/echo")) {
            assertThat(codes)
                    .as("over the budget, or too slow")
                    .contains(1013)
                    .containsAnyOf(4002)
                    .isSubsetOf(1013, 4002);
        } else {
            assertThat(codes).as("over the limit of a message").containsOnly(1009);
        }
    }

    private static byte[] deflated(int zeros) {
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            deflater.setInput(new byte[zeros]);
            byte[] out = new byte[64 * 1024];
            return Arrays.copyOf(out, deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH));
        }
    }

    @ParameterizedTest
    @MethodSource("framings")
    void unfinishedBodiesDoNotFillTheHeap(String framing) throws IOException {
        int length = LARGE / scale();
        boolean chunked = framing.startsWith("Transfer");
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            TestSocket wire = attacker(TestSocket.connect(ports.http()));
            wire.send("POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n" + framing + (chunked ? "" : length) + "\r\n\r\n"
                    + (chunked ? Integer.toHexString(length) + "\r\n" : ""));
            sendAsMuchAsIsTaken(wire, new byte[length - 1]);
        }
        for (TestSocket attacker : attackers) {
            statuses.add(PlainRequest.read(attacker).status());
        }

        assertThat(statuses).as("over the budget, or too slow").contains(408).isSubsetOf(503, 408);
        assertThat(PlainRequest.get(service.http(), "/actuator/metrics/http.server.requests?tag=status:503")
                        .status())
                .as("some were over the budget")
                .isEqualTo(200);
    }

    /** Fragments without an end, and lines. Each is below the limit of one message. */
    @ParameterizedTest
    @CsvSource({"/echo,30,16000000", "/channels,1200,60000", "lines,1200,60000"})
    void unfinishedMessagesDoNotFillTheHeap(String target, int most, int large) throws IOException {
        int count = large > LARGE / 2 ? most : most / scale();
        int length = large > LARGE / 2 ? large / scale() : large;
        byte[] frame = WebSocketClient.frame(WebSocketClient.TEXT, "x".repeat(length));
        byte[] line = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            boolean lines = target.equals("lines");
            TestSocket wire = attacker(TestSocket.connect(lines ? ports.tcpLines() : ports.http()));
            wire.resetOnClose();
            if (!lines) {
                RawWebSocket.open(wire, target);
            }
            sendAsMuchAsIsTaken(wire, lines ? line : frame);
        }

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(closedAs("limit")).as("over the budget").isPositive());
        assertThat(used("receiving")).isLessThanOrEqualTo(RECEIVING / scale());
    }

    private double closedAs(String reason) throws IOException {
        return service.metric("holdfast.connections.closed?tag=reason:" + reason);
    }

    private static void sendAsMuchAsIsTaken(TestSocket wire, byte[] bytes) {
        try {
            wire.send(bytes);
        } catch (IOException e) {
            // The service answered and closed.
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 15})
    void blockingWebSocketClientGetsItsLargeEcho(int megabytes) throws IOException {
        byte[] message = new byte[megabytes * 1024 * 1024 / scale()];
        try (WebSocketClient client = WebSocketClient.connect(ports.http(), "/echo")) {
            client.send(WebSocketClient.frame(WebSocketClient.FIN | WebSocketClient.BINARY, message));

            assertThat(client.readMessage().payload().remaining()).isEqualTo(message.length);
        }
    }

    @ParameterizedTest
    @EnumSource(JsonTalk.Way.class)
    void publisherThatDoesNotReadIsThrottled(JsonTalk.Way way) throws Exception {
        int messages = 20_000;
        try (JsonTalk publisher = JsonTalk.open(way, ports)) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < messages; i++) {
                        publisher.say("{\"type\":\"publish\",\"channel\":\"flood\",\"data\":" + i + "}");
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            for (int i = 0; i < messages; i++) {
                publisher.hear("published");
            }
            sender.join();
        }
    }

    /** Each with its own channel, so that nothing is shared, and more than all sockets hold. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void queuesOfSlowReadersDoNotFillTheHeap(Transport transport) throws IOException {
        int readers = 40 / scale();
        String data = "x".repeat(60_000);
        double closedBefore = closedAsSlowConsumers();
        for (int i = 0; i < readers; i++) {
            subscribe(transport, "slow-" + i);
        }
        double most = 0;
        try (JsonTalk publisher = JsonTalk.open(JsonTalk.Way.TCP, ports)) {
            for (int round = 0; round < 100; round++) {
                for (int i = 0; i < readers; i++) {
                    publish(publisher, "slow-" + i, data);
                }
                most = Math.max(most, used("sending"));
            }
        }

        assertThat(most).isLessThan(1.5 * SENDING / scale());
        assertThat(used("history")).isLessThan(1.1 * HISTORY / scale());
        assertThat(closedAsSlowConsumers()).isGreaterThan(closedBefore);
    }

    private static void publish(JsonTalk publisher, String channel, String data) throws IOException {
        publisher
                .say("{\"type\":\"publish\",\"channel\":\"" + channel + "\",\"data\":\"" + data + "\"}")
                .hear("published");
    }

    private void subscribe(Transport transport, String channel) throws IOException {
        if (transport == Transport.HTTP) {
            TestSocket reader = attacker(TestSocket.connect(ports.http()));
            reader.send("GET /channels/" + channel + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            reader.readUntil("\r\n\r\n");
        } else {
            JsonTalk.Way way = transport == Transport.TCP ? JsonTalk.Way.TCP : JsonTalk.Way.WEBSOCKET;
            JsonTalk reader = JsonTalk.open(way, ports);
            attacker(reader.wire());
            reader.say("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}")
                    .hear("subscribed");
        }
    }

    /** Each costs much more than its data. */
    @Test
    void smallMessagesWithLongNamesDoNotFillTheHeap() throws Exception {
        int channels = 150;
        int each = 1000;
        String name = "n".repeat(110);
        try (JsonTalk publisher = JsonTalk.open(JsonTalk.Way.TCP, ports)) {
            for (int channel = 0; channel < channels; channel++) {
                StringBuilder commands = new StringBuilder();
                for (int i = 0; i < each; i++) {
                    commands.append("{\"type\":\"publish\",\"channel\":\"small-" + channel
                            + "\",\"data\":1,\"event\":\"" + name + "\",\"key\":\"" + name + i + "\"}\n");
                }
                Thread sending = Thread.ofVirtual()
                        .start(() -> sendAsMuchAsIsTaken(
                                publisher.wire(), commands.toString().getBytes(StandardCharsets.US_ASCII)));
                for (int i = 0; i < each; i++) {
                    publisher.hear("published");
                }
                sending.join();
            }
        }

        assertThat(used("history")).isBetween(0.9 * HISTORY / scale(), 1.1 * HISTORY / scale());
    }

    /** Each asks for a megabyte many times: more than all sockets hold. */
    @Test
    void answersThatAreNotReadDoNotFillTheHeap() throws IOException {
        String data = "x".repeat(60_000);
        try (JsonTalk publisher = JsonTalk.open(JsonTalk.Way.TCP, ports)) {
            for (int i = 0; i < 16; i++) {
                publish(publisher, "large", data);
            }
        }
        String poll = "GET /channels/large/messages?after=earliest HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        for (int i = 0; i < 60; i++) {
            assertThat(attacker(TestSocket.connect(ports.http()).holdLittle())
                            .resetOnClose()
                            .send(poll.repeat(requests()))
                            .read())
                    .isEqualTo('H');
        }

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(PlainRequest.get(service.http(), "/channels/large/messages?after=earliest")
                            .status())
                    .isEqualTo(503);
        });
        assertThat(used("receiving")).isLessThanOrEqualTo(RECEIVING / scale());
    }

    /** What they sent before they left is not read, but for a little. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stalledConnectionsEndWithTheirClient(boolean reset) throws IOException {
        List<TestSocket> stalled = new ArrayList<>();
        for (String request : List.of(
                "GET /stream?end=stall", "GET /channels/a?end=stall", "GET /channels/a/messages?wait=1m&end=stall")) {
            TestSocket wire = TestSocket.connect(ports.http());
            stalled.add(wire.send(request + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
        }
        for (String path : List.of("/echo?end=stall", "/channels?end=stall")) {
            TestSocket wire = TestSocket.connect(ports.http());
            RawWebSocket.open(wire, path).send("not read");
            stalled.add(wire);
        }
        stalled.add(TestSocket.connect(ports.tcp("stalled")).send("not read"));
        await().untilAsserted(() -> assertThat(open()).isEqualTo(stalled.size()));

        for (TestSocket wire : stalled) {
            if (reset) {
                wire.resetOnClose();
            }
            attacker(wire);
        }
    }

    /** Each is held back by its own queue, but all queues together would be more than the heap. */
    @ParameterizedTest
    @ValueSource(strings = {"echo", "echo with a fault", "/echo"})
    void echoesThatAreNotReadDoNotFillTheHeap(String target) throws Exception {
        int peers = peersThatDoNotRead();
        byte[] block = new byte[64 * 1024];
        byte[] frame = WebSocketClient.frame(WebSocketClient.FIN | WebSocketClient.BINARY, block);
        double closedBefore = closedAsSlowConsumers();
        for (int i = 0; i < peers; i++) {
            TestSocket wire = attacker(TestSocket.connect(
                    switch (target) {
                        case "echo" -> ports.tcpEcho();
                        case "echo with a fault" -> ports.tcp("late");
                        default -> ports.http();
                    }));
            wire.holdLittle().resetOnClose();
            if (target.startsWith("/")) {
                RawWebSocket.open(wire, target);
            }
            wire.sendWithoutReading(target.startsWith("/") ? frame : block);
        }

        // The kernel holds megabytes for each of them before the service does. With TLS, each byte is encrypted twice
        // by then.
        await().atMost(Duration.ofMinutes(3))
                .untilAsserted(() -> assertThat(closedAsSlowConsumers()).isGreaterThan(closedBefore));
        // All may have sent a block before the first of them is closed.
        await().atMost(RECOVERY)
                .untilAsserted(() -> assertThat(used("sending")).isLessThanOrEqualTo(SENDING / scale()));
    }

    /** Whoever sends nothing more does not make the service look again at what is over the limit. */
    @Test
    void oneEchoOfEachThatWaitsDoesNotFillTheHeap() throws Exception {
        int peers = 800 / scale();
        byte[] block = new byte[64 * 1024];
        double closedBefore = closedAsSlowConsumers();
        List<TestSocket> late = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            late.add(attacker(TestSocket.connect(ports.tcp("late"))).resetOnClose());
        }
        await().untilAsserted(() -> assertThat(open()).isEqualTo(peers));
        for (TestSocket wire : late) {
            wire.send(block);
        }

        await().untilAsserted(() -> assertThat(closedAsSlowConsumers()).isGreaterThan(closedBefore));
        await().atMost(RECOVERY)
                .untilAsserted(() -> assertThat(used("sending")).isLessThanOrEqualTo(SENDING / scale()));
    }

    private double closedAsSlowConsumers() throws IOException {
        return closedAs("slow-consumer");
    }
}
