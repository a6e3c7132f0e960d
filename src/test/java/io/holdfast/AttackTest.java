package io.holdfast;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Transport;
import io.holdfast.support.JsonTalk;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.RawWebSocket;
import io.holdfast.support.ServiceProcess;
import io.holdfast.support.TestSocket;
import io.holdfast.support.WebSocketClient;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Attacks on a service with a small heap. After each one it answers everybody, and nothing of the attack is left. */
class AttackTest {

    private static final int ATTACKERS = 34;
    private static final int LARGE = 16 * 1024 * 1024;
    private static final Duration RECOVERY = Duration.ofSeconds(5);

    @AutoClose
    private static ServiceProcess service;

    private final List<Closeable> attackers = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        service = ServiceProcess.start(
                List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"),
                "--holdfast.limits.handshake=1s",
                "--holdfast.tcp.listeners.stalled.port=0",
                "--holdfast.tcp.listeners.stalled.fault.end=stall",
                "--holdfast.tcp.listeners.late.port=0",
                "--holdfast.tcp.listeners.late.fault.delay=1h");
    }

    @AfterEach
    void serviceHasRecovered() throws IOException {
        for (Closeable attacker : attackers) {
            attacker.close();
        }
        await().atMost(RECOVERY).untilAsserted(() -> {
            assertThat(PlainRequest.get(service.http(), "/actuator/health").status())
                    .isEqualTo(200);
            assertThat(open()).isZero();
            assertThat(used("receiving")).isZero();
            assertThat(used("sending")).isZero();
            assertThat(service.metric("holdfast.sockets.open")).isLessThan(5);
        });
        try (JsonTalk lines = JsonTalk.open(JsonTalk.Way.TCP, service.ports());
                JsonTalk messages = JsonTalk.open(JsonTalk.Way.WEBSOCKET, service.ports());
                TestSocket echo = TestSocket.connect(service.ports().tcpEcho())) {
            lines.say("{\"type\":\"ping\"}").hear("pong");
            messages.say("{\"type\":\"ping\"}").hear("pong");
            assertThat(echo.send("x").read()).isEqualTo('x');
        }
    }

    private static int open() throws IOException {
        return PlainRequest.get(service.http(), "/actuator/connections")
                .json()
                .path("total")
                .asInt();
    }

    private static double used(String part) throws IOException {
        return service.metric("holdfast.memory.used?tag=part:" + part);
    }

    private <T extends Closeable> T attacker(T attacker) {
        attackers.add(attacker);
        return attacker;
    }

    /** 16 KB that inflate to 16 MB, as the first fragment of a message. */
    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/inspect", "/channels"})
    void unfinishedCompressedMessagesDoNotFillTheHeap(String path) throws IOException {
        byte[] bomb = WebSocketClient.frame(WebSocketClient.RSV1 | WebSocketClient.TEXT, deflated(LARGE - 1));

        List<Integer> codes = new ArrayList<>();
        for (int i = 0; i < ATTACKERS; i++) {
            WebSocketClient client = attacker(
                    WebSocketClient.connect(service.http(), path, "Sec-WebSocket-Extensions: permessage-deflate"));
            client.send(bomb);
        }
        for (Closeable attacker : attackers) {
            WebSocketClient client = (WebSocketClient) attacker;
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
    @ValueSource(strings = {"Content-Length: 16777216", "Transfer-Encoding: chunked"})
    void unfinishedBodiesDoNotFillTheHeap(String framing) throws IOException {
        byte[] most = new byte[LARGE - 1];
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            TestSocket wire = attacker(TestSocket.connect(service.http()));
            wire.send("POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n" + framing + "\r\n\r\n");
            if (framing.startsWith("Transfer")) {
                wire.send("FFFFFF\r\n");
            }
            sendAsMuchAsIsTaken(wire, most);
        }
        for (Closeable attacker : attackers) {
            statuses.add(PlainRequest.read((TestSocket) attacker).status());
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
    void unfinishedMessagesDoNotFillTheHeap(String target, int count, int length) throws IOException {
        byte[] frame = WebSocketClient.frame(WebSocketClient.TEXT, "x".repeat(length));
        byte[] line = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            boolean lines = target.equals("lines");
            TestSocket wire =
                    attacker(TestSocket.connect(lines ? service.ports().tcpLines() : service.http()));
            wire.resetOnClose();
            if (!lines) {
                RawWebSocket.open(wire, target);
            }
            sendAsMuchAsIsTaken(wire, lines ? line : frame);
        }

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(closedAs("limit")).as("over the budget").isPositive());
        assertThat(used("receiving")).isLessThanOrEqualTo(256 / 8 * 1024 * 1024);
    }

    private static double closedAs(String reason) throws IOException {
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
        byte[] message = new byte[megabytes * 1024 * 1024];
        try (WebSocketClient client = WebSocketClient.connect(service.http(), "/echo")) {
            client.send(WebSocketClient.frame(WebSocketClient.FIN | WebSocketClient.BINARY, message));

            assertThat(client.readMessage().payload().remaining()).isEqualTo(message.length);
        }
    }

    @ParameterizedTest
    @EnumSource(JsonTalk.Way.class)
    void publisherThatDoesNotReadIsThrottled(JsonTalk.Way way) throws Exception {
        int messages = 20_000;
        try (JsonTalk publisher = JsonTalk.open(way, service.ports())) {
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
        int readers = 40;
        String data = "x".repeat(60_000);
        double closedBefore = closedAsSlowConsumers();
        for (int i = 0; i < readers; i++) {
            subscribe(transport, "slow-" + i);
        }
        double most = 0;
        try (TestSocket publisher = TestSocket.connect(service.http())) {
            for (int round = 0; round < 100; round++) {
                for (int i = 0; i < readers; i++) {
                    publisher.send("POST /channels/slow-" + i + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: "
                            + data.length() + "\r\n\r\n" + data);
                    assertThat(PlainRequest.read(publisher).status()).isEqualTo(201);
                }
                most = Math.max(most, used("sending"));
            }
        }

        assertThat(most).isLessThan(1.5 * 256 / 8 * 1024 * 1024);
        assertThat(used("history")).isLessThan(1.1 * 256 / 4 * 1024 * 1024);
        assertThat(closedAsSlowConsumers()).isGreaterThan(closedBefore);
    }

    private void subscribe(Transport transport, String channel) throws IOException {
        if (transport == Transport.HTTP) {
            TestSocket reader = attacker(TestSocket.connect(service.http()));
            reader.send("GET /channels/" + channel + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            reader.readUntil("\r\n\r\n");
        } else {
            JsonTalk.Way way = transport == Transport.TCP ? JsonTalk.Way.TCP : JsonTalk.Way.WEBSOCKET;
            attacker(JsonTalk.open(way, service.ports()))
                    .say("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}")
                    .hear("subscribed");
        }
    }

    /** Each costs much more than its data. */
    @Test
    void smallMessagesWithLongNamesDoNotFillTheHeap() throws Exception {
        int channels = 150;
        int each = 1000;
        String name = "n".repeat(110);
        try (JsonTalk publisher = JsonTalk.open(JsonTalk.Way.TCP, service.ports())) {
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

        assertThat(used("history")).isBetween(0.9 * 256 / 4 * 1024 * 1024, 1.1 * 256 / 4 * 1024 * 1024);
    }

    /** Each asks for a megabyte many times: more than all sockets hold. */
    @Test
    void answersThatAreNotReadDoNotFillTheHeap() throws IOException {
        String data = "x".repeat(60_000);
        try (TestSocket publisher = TestSocket.connect(service.http())) {
            for (int i = 0; i < 16; i++) {
                publisher.send("POST /channels/large HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + data.length()
                        + "\r\n\r\n" + data);
                assertThat(PlainRequest.read(publisher).status()).isEqualTo(201);
            }
        }
        String poll = "GET /channels/large/messages?after=earliest HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        for (int i = 0; i < 60; i++) {
            assertThat(attacker(TestSocket.connect(service.http()).holdLittle())
                            .resetOnClose()
                            .send(poll.repeat(10))
                            .read())
                    .isEqualTo('H');
        }

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(PlainRequest.get(service.http(), "/channels/large/messages?after=earliest")
                            .status())
                    .isEqualTo(503);
        });
        assertThat(used("receiving")).isLessThanOrEqualTo(256 / 8 * 1024 * 1024);
    }

    /** What they sent before they left is not read, but for a little. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stalledConnectionsEndWithTheirClient(boolean reset) throws IOException {
        JsonNode info = PlainRequest.get(service.http(), "/actuator/info").json();
        List<TestSocket> stalled = new ArrayList<>();
        for (String request : List.of(
                "GET /stream?end=stall", "GET /channels/a?end=stall", "GET /channels/a/messages?wait=1m&end=stall")) {
            TestSocket wire = TestSocket.connect(service.http());
            stalled.add(wire.send(request + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
        }
        for (String path : List.of("/echo?end=stall", "/channels?end=stall")) {
            TestSocket wire = TestSocket.connect(service.http());
            RawWebSocket.open(wire, path).send("not read");
            stalled.add(wire);
        }
        stalled.add(
                TestSocket.connect(info.at("/tcp/listeners/stalled").asInt()).send("not read"));
        await().untilAsserted(() -> assertThat(open()).isEqualTo(stalled.size()));

        for (TestSocket wire : stalled) {
            if (reset) {
                wire.resetOnClose();
            }
            attacker(wire);
        }
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
            sendAsMuchAsIsTaken(attacker(TestSocket.connect(port)), beginning.getBytes(StandardCharsets.UTF_8));
        }
        // The last one is refused. It is not left to wait.
        awaitEnd((TestSocket) attackers.getLast());
        for (Closeable attacker : attackers) {
            attacker.close();
        }
        attackers.clear();

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

    /** The reserve of file descriptors is gone, too. */
    @Test
    void failuresToAcceptAreCountedAndShownAndPass() throws Exception {
        try (ServiceProcess starved = ServiceProcess.start();
                TestSocket open = TestSocket.connect(starved.http())) {
            // Classes are read from files: what is needed has to be there.
            assertThat(acceptFailures(open, "http")).isZero();
            assertThat(health(open).at("/components/descriptors/status").asString())
                    .isEqualTo("UP");
            assertThat(attacker(TestSocket.connect(starved.ports().tcpEcho()))
                            .send("x")
                            .read())
                    .isEqualTo('x');

            starved.limitFiles(10);
            // io_uring accepts one more: it keeps the limit of the time when it began to wait.
            attacker(TestSocket.connect(starved.ports().tcpEcho()));
            try (TestSocket http = attacker(TestSocket.connect(starved.http()));
                    TestSocket echo =
                            attacker(TestSocket.connect(starved.ports().tcpEcho()))) {
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

    /** Each is held back by its own queue, but all queues together would be more than the heap. */
    @ParameterizedTest
    @ValueSource(strings = {"echo", "echo with a fault", "/echo"})
    void echoesThatAreNotReadDoNotFillTheHeap(String target) throws Exception {
        int peers = 800;
        byte[] block = new byte[64 * 1024];
        byte[] frame = WebSocketClient.frame(WebSocketClient.FIN | WebSocketClient.BINARY, block);
        int late = PlainRequest.get(service.http(), "/actuator/info")
                .json()
                .at("/tcp/listeners/late")
                .asInt();
        double closedBefore = closedAsSlowConsumers();
        for (int i = 0; i < peers; i++) {
            TestSocket wire = attacker(TestSocket.connect(
                    switch (target) {
                        case "echo" -> service.ports().tcpEcho();
                        case "echo with a fault" -> late;
                        default -> service.http();
                    }));
            wire.holdLittle().resetOnClose();
            if (target.startsWith("/")) {
                RawWebSocket.open(wire, target);
            }
            wire.sendWithoutReading(target.startsWith("/") ? frame : block);
        }

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(closedAsSlowConsumers()).isGreaterThan(closedBefore));
        assertThat(used("sending")).isLessThan(1.5 * 256 / 8 * 1024 * 1024);
    }

    private static double closedAsSlowConsumers() throws IOException {
        return closedAs("slow-consumer");
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
            assertThat(peer.wire().isSilentFor(3000)).isTrue();
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
