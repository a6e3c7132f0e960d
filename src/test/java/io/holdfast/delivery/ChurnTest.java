package io.holdfast.delivery;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Connections;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/**
 * Peers that leave while their connection opens leave nothing behind. The registry alone does not show it: a connection
 * that is off the list can still be reachable, with a timer that goes on firing.
 */
@HoldfastTest
@TestPropertySource(properties = "holdfast.limits.handshake=500ms")
class ChurnTest {

    private static final int ROUNDS = 1_000;

    /** A selector or a thread's stack may still refer to its last connections, however many there were. */
    private static final long LAST_ONES = 5;

    private static final List<String> OPENING = List.of(
            get("/stream?interval=1h"),
            get("/channels/churn"),
            get("/channels/churn/messages?wait=30s"),
            get(
                    "/channels",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));

    private static final List<String> PER_CONNECTION = List.of(
            "io.holdfast.connection.Connection",
            "io.holdfast.delivery.Delivery",
            "io.holdfast.delivery.Outbox",
            "io.holdfast.http.StreamConnection",
            "io.holdfast.websocket.WebSocketConnection",
            "io.holdfast.tcp.LineConnection",
            "io.holdfast.session.ChannelSession",
            "io.holdfast.delivery.IdleTimer",
            "io.holdfast.delivery.Heartbeat");

    @Autowired
    private Ports ports;

    @Autowired
    private Connections connections;

    private static String get(String path, String... headers) {
        return "GET " + path + " HTTP/1.1\r\n"
                + String.join(
                        "\r\n",
                        Stream.concat(Stream.of("Host: 127.0.0.1"), Stream.of(headers))
                                .toList())
                + "\r\n\r\n";
    }

    @Test
    void connectionsThatEndWhileTheyOpenAreNotReachableAfterwards() throws Exception {
        openAndLeave(10);
        await().until(() -> connections.permits() == 0);
        Map<String, Long> before = reachable();

        openAndLeave(ROUNDS);

        await().until(() -> connections.permits() == 0);
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(reachable())
                        .allSatisfy((name, count) -> assertThat(count - before.getOrDefault(name, 0L))
                                .as(name)
                                .isLessThanOrEqualTo(LAST_ONES)));
    }

    private void openAndLeave(int rounds) throws IOException {
        for (int round = 0; round < rounds; round++) {
            for (String request : OPENING) {
                leave(TestSocket.connect(ports.http()), request, round);
            }
            leave(TestSocket.connect(ports.tcpLines()), "{\"type\":\"subscribe\",\"channel\":\"churn\"}\n", round);
            leave(TestSocket.connect(ports.tcpEcho()), "hello", round);
        }
    }

    /** By a FIN or by a reset, in turn. */
    private static void leave(TestSocket socket, String opening, int round) throws IOException {
        try (socket) {
            socket.send(opening);
            if (round % 2 == 0) {
                socket.resetOnClose();
            }
        }
    }

    /** Instances of each class of a connection that a full collection leaves. */
    private static Map<String, Long> reachable() throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Map<String, Long> instances = new TreeMap<>();
        for (String name : PER_CONNECTION) {
            instances.put(
                    name,
                    Pattern.compile("\\s(\\d+)\\s+\\d+\\s+" + Pattern.quote(name) + "\\s")
                            .matcher(histogram)
                            .results()
                            .mapToLong(row -> Long.parseLong(row.group(1)))
                            .sum());
        }
        return instances;
    }
}
