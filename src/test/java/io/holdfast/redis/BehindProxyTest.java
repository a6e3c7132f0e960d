package io.holdfast.redis;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.ChannelPeer;
import io.holdfast.support.ChannelPeer.Place;
import io.holdfast.support.ChannelPublisher;
import io.holdfast.support.FreePort;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.Ports;
import io.holdfast.support.Program;
import io.holdfast.support.ServiceProcess;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes on one Redis behind a load balancer, whose settings are those of the documentation. */
class BehindProxyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String CHANNEL = "behind";
    private static final String LOOPBACK = "127.0.0.1";

    private static final List<ChannelPeer.Way> OVER_HTTP =
            List.of(ChannelPeer.Way.SSE, ChannelPeer.Way.WEBSOCKET, ChannelPeer.Way.NDJSON, ChannelPeer.Way.POLL);
    private static final List<ChannelPeer.Way> ALL = List.of(ChannelPeer.Way.values());

    @TempDir
    Path home;

    private Ports proxy = Ports.of(0, 0, 0);

    /** The first example of the documentation after {@code start}. */
    private static String documented(String start) throws IOException {
        String text = Files.readString(Path.of("src/docs/several-nodes.md"));
        String fence = "\n```\n";
        int at = text.indexOf(fence, text.indexOf(start)) + fence.length();
        return text.substring(at, text.indexOf(fence, at)) + "\n";
    }

    /** Replaces the addresses of the example by those of this run. Each must be in the example. */
    private static String here(String shown, List<ServiceProcess> nodes, String... others) {
        List<String> replaced = new ArrayList<>(List.of(others));
        for (int i = 0; i < nodes.size(); i++) {
            Ports node = nodes.get(i).ports();
            String address = "10.0.0." + (i + 1) + ":";
            replaced.addAll(List.of(address + "8080", LOOPBACK + ":" + node.http()));
            if (shown.contains(address + "8888")) {
                String check = " port " + node.http();
                replaced.addAll(List.of(address + "8888 port 8080", LOOPBACK + ":" + node.tcpEcho() + check));
                replaced.addAll(List.of(address + "8889 port 8080", LOOPBACK + ":" + node.tcpLines() + check));
            }
        }
        String text = shown;
        for (int i = 0; i < replaced.size(); i += 2) {
            assertThat(text).contains(replaced.get(i));
            text = text.replace(replaced.get(i), replaced.get(i + 1));
        }
        return text;
    }

    private Program nginx(List<ServiceProcess> nodes) throws IOException {
        proxy = Ports.of(FreePort.any(), 0, 0);
        String shown = here(
                documented("## Behind nginx"), nodes, "listen 80;", "listen " + LOOPBACK + ":" + proxy.http() + ";");
        String temporary = IntStream.range(0, 5)
                .mapToObj(i -> List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                                .get(i) + "_temp_path temp-" + i + ";\n")
                .reduce("", String::concat);
        Path file = Files.writeString(
                home.resolve("nginx.conf"),
                "daemon off;\npid pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n" + temporary + shown
                        + "}\n",
                StandardCharsets.UTF_8);
        // Its workers may be another user's.
        assertThat(home.toFile().setExecutable(true, false)).isTrue();
        return Program.start("nginx", "-p", home.toString(), "-e", "stderr", "-c", file.toString());
    }

    private Program haproxy(List<ServiceProcess> nodes) throws IOException {
        proxy = Ports.of(FreePort.any(), FreePort.any(), FreePort.any());
        String bind = "bind " + LOOPBACK + ":";
        Path file = Files.writeString(
                home.resolve("haproxy.cfg"),
                here(
                        documented("## Behind HAProxy"),
                        nodes,
                        "bind :8888",
                        bind + proxy.tcpEcho(),
                        "bind :8889",
                        bind + proxy.tcpLines(),
                        "bind :80",
                        bind + proxy.http()));
        return Program.start("haproxy", "-db", "-f", file.toString());
    }

    private static ServiceProcess node(RedisServer redis, String name) {
        try {
            return ServiceProcess.start(
                    "--holdfast.node=" + name,
                    "--holdfast.broker=redis",
                    "--" + redis.setting(),
                    "--holdfast.proxies.trusted=" + LOOPBACK,
                    // Whoever comes through a proxy is not a client on this machine.
                    "--holdfast.access.anonymous.subscribe=**",
                    "--holdfast.access.anonymous.publish=**",
                    "--holdfast.access.anonymous.role=observer");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What to do with a proxy before the nodes. */
    private interface Start {
        Program proxy(List<ServiceProcess> nodes) throws IOException;
    }

    private void withTwoNodes(Start start, List<ChannelPeer.Way> ways) throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            CompletableFuture<ServiceProcess> first = CompletableFuture.supplyAsync(() -> node(redis, "web-1"));
            try (ServiceProcess two = node(redis, "web-2");
                    ServiceProcess one = first.join();
                    Program running = start.proxy(List.of(one, two))) {
                await().atMost(PATIENCE).until(() -> answers(proxy.http()));
                assertThat(running).isNotNull();
                assertThat(clientThatForges("X-Forwarded-For: 203.0.113.7")).isEqualTo(LOOPBACK);
                assertThat(clientThatForges("Forwarded: for=203.0.113.7")).isEqualTo(LOOPBACK);
                subscribersMissNothingThoughTheirNodeDies(one, two, ways);
            }
        }
    }

    /** The address that the service takes for that of a client with such a header. */
    private String clientThatForges(String header) throws IOException {
        try (TestSocket wire = TestSocket.connect(proxy.http())) {
            wire.send("GET /inspect HTTP/1.1\r\nHost: 127.0.0.1\r\n" + header + "\r\nConnection: close\r\n\r\n");
            return PlainRequest.read(wire).json().path("client").asString();
        }
    }

    private static boolean answers(int port) {
        try {
            return PlainRequest.get(port, "/actuator/info").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static int open(ServiceProcess node) throws IOException {
        return PlainRequest.get(node.http(), "/actuator/connections")
                .json()
                .get("total")
                .asInt();
    }

    private static List<String> numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(String::valueOf).toList();
    }

    private void subscribersMissNothingThoughTheirNodeDies(
            ServiceProcess one, ServiceProcess two, List<ChannelPeer.Way> ways) throws Exception {
        List<ChannelPeer> peers = new ArrayList<>();
        for (ChannelPeer.Way way : ways) {
            peers.add(ChannelPeer.open(way, proxy, Place.now(CHANNEL)));
        }
        assertThat(open(one)).isPositive();
        assertThat(open(two)).isPositive();
        try (ChannelPublisher here = ChannelPublisher.open(ChannelPublisher.Way.HTTP, one.ports());
                ChannelPublisher there = ChannelPublisher.open(ChannelPublisher.Way.TCP, two.ports())) {
            for (int i = 1; i <= 20; i++) {
                (i % 2 == 0 ? here : there).publish(CHANNEL, String.valueOf(i));
            }
            for (ChannelPeer peer : peers) {
                assertThat(texts(peer, 20)).isEqualTo(numbers(1, 20));
            }

            publish(there, 21, 60);
            one.kill();
            publish(there, 61, 100);
        }

        int moved = 0;
        for (int i = 0; i < peers.size(); i++) {
            moved += receiveAll(peers.get(i), ways.get(i), numbers(21, 100));
        }
        assertThat(moved).as("subscribers that had to come back").isPositive();
        // By HTTP over the proxy, as clients do: it knows by now who is left.
        try (ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, proxy)) {
            publisher.publish(CHANNEL, "101");
        }
    }

    private static void publish(ChannelPublisher publisher, int first, int last) throws IOException {
        for (int i = first; i <= last; i++) {
            publisher.publish(CHANNEL, String.valueOf(i));
        }
    }

    private static List<String> texts(ChannelPeer peer, int count) throws IOException {
        return peer.next(count).stream()
                .map(message -> message.data().asString())
                .toList();
    }

    /** Receives as a client that reconnects, then closes. Returns the number of reconnects. */
    private static int receiveAll(ChannelPeer opened, ChannelPeer.Way way, List<String> expected) throws IOException {
        ChannelPeer peer = opened;
        int reopened = 0;
        List<String> received = new ArrayList<>();
        while (received.size() < expected.size()) {
            try {
                received.addAll(texts(peer, 1));
            } catch (IOException e) {
                peer.close();
                reopened++;
                assertThat(reopened).as("%s was cut by %s", way, e).isLessThan(4);
                peer = peer.reopen(way);
                assertThat(peer.resumed()).as("%s resumed", way).isTrue();
            }
        }
        assertThat(received).isEqualTo(expected);
        assertThat(peer.gaps()).isZero();
        peer.close();
        return reopened;
    }

    @Test
    void nginxAsTheReadmeHasItLetsSubscribersComeBackToAnotherNode() throws Exception {
        withTwoNodes(this::nginx, OVER_HTTP);
    }

    @Test
    void haproxyAsTheReadmeHasItLetsSubscribersComeBackToAnotherNode() throws Exception {
        withTwoNodes(
                nodes -> {
                    Program haproxy = haproxy(nodes);
                    await().atMost(PATIENCE).until(() -> answers(proxy.http()));
                    echoes(proxy.tcpEcho());
                    return haproxy;
                },
                ALL);
    }

    private static void echoes(int port) throws IOException {
        byte[] hello = "hello world".getBytes(StandardCharsets.UTF_8);
        try (TestSocket wire = TestSocket.connect(port).send(hello)) {
            assertThat(Arrays.equals(wire.read(hello.length), hello)).isTrue();
        }
    }
}
