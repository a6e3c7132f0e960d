// SPDX-License-Identifier: Apache-2.0
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
import io.holdfast.support.TestCertificate;
import io.holdfast.support.TestSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two nodes on one Redis behind proxies, whose settings are those of the documentation. */
class BehindProxyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String CHANNEL = "behind";
    private static final String LOOPBACK = "127.0.0.1";
    private static final TestCertificate CERTIFICATE = TestCertificate.inFiles("localhost");

    private static final List<ChannelPeer.Way> OVER_HTTP =
            List.of(ChannelPeer.Way.SSE, ChannelPeer.Way.WEBSOCKET, ChannelPeer.Way.NDJSON, ChannelPeer.Way.POLL);
    private static final List<ChannelPeer.Way> ALL = List.of(ChannelPeer.Way.values());

    /** A client that is no trusted proxy. */
    private static final String STRANGER = "127.0.0.2";

    private static final String CLIENT = "^" + STRANGER.replace(".", "\\.") + "(:\\d+)?$";

    @TempDir
    Path home;

    private final List<Program> running = new ArrayList<>();

    /**
     * A proxy that runs.
     *
     * @param protocol that it speaks to the nodes
     */
    private record Front(Ports ports, String protocol, List<ChannelPeer.Way> ways) {}

    /** A subscriber through a proxy. */
    private record Subscriber(ChannelPeer peer, ChannelPeer.Way way) {}

    @BeforeAll
    static void requirePrograms() {
        Stream.of("nginx", "haproxy", "caddy").forEach(Program::requireOnPath);
    }

    @AfterEach
    void endProxies() {
        running.forEach(Program::close);
    }

    /** The first example of the documentation after {@code start} that has {@code part}. */
    private static String documented(String start, String part) throws IOException {
        String text = Files.readString(Path.of("src/docs/proxies.md"));
        String fence = "\n```\n";
        int at = text.indexOf(start);
        assertThat(at).as(start).isNotNegative();
        String example;
        do {
            at = text.indexOf(fence, at) + fence.length();
            int end = text.indexOf(fence, at);
            example = text.substring(at, end) + "\n";
            at = end + fence.length() - 1;
        } while (!example.contains(part));
        return example;
    }

    /** Replaces the addresses and files of the example by those of this run. Each must be in the example. */
    private static String here(String shown, List<ServiceProcess> nodes, String... others) {
        List<String> replaced = new ArrayList<>(List.of(others));
        for (int i = 0; i < nodes.size(); i++) {
            Ports node = nodes.get(i).ports();
            String address = "10.0.0." + (i + 1) + ":";
            if (shown.contains(address + "8443")) {
                String check = " port " + nodes.get(i).management();
                replaced.addAll(List.of(address + "8443 port 8081", LOOPBACK + ":" + node.http() + check));
            } else {
                replaced.addAll(List.of(address + "8080", LOOPBACK + ":" + node.http()));
            }
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

    private static Ports secure(int http, int tcpEcho, int tcpLines) {
        return Ports.of(http, tcpEcho, tcpLines).over(TestCertificate.client(null, CERTIFICATE));
    }

    private Front nginx(List<ServiceProcess> nodes) throws IOException {
        int port = FreePort.any();
        String shown = here(
                documented("## nginx", "server {"),
                nodes,
                "listen 443 ",
                "listen " + LOOPBACK + ":" + port + " ",
                "/etc/ssl/app.pem",
                CERTIFICATE.file().toString(),
                "/etc/ssl/app.key",
                CERTIFICATE.key().toString());
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
        running.add(Program.start("nginx", "-p", home.toString(), "-e", "stderr", "-c", file.toString()));
        return new Front(secure(port, 0, 0), "HTTP/1.1", OVER_HTTP);
    }

    private Front haproxy(List<ServiceProcess> nodes) throws IOException {
        return haproxy(nodes, "HTTP/1.1", shown -> shown);
    }

    private Front haproxyOverHttp2(List<ServiceProcess> nodes) throws IOException {
        String backend = documented("### HTTP/2 from HAProxy", "backend nodes");
        return haproxy(nodes, "HTTP/2.0", shown -> shown.replaceAll("(?sm)^backend nodes.*?(?=^listen echo)", backend));
    }

    private Front haproxy(List<ServiceProcess> nodes, String protocol, Function<String, String> change)
            throws IOException {
        Ports ports = secure(FreePort.any(), FreePort.any(), FreePort.any());
        String bind = "bind " + LOOPBACK + ":";
        startHaproxy(
                ports,
                here(
                        change.apply(documented("## HAProxy", "listen echo")),
                        nodes,
                        "bind :8888",
                        bind + ports.tcpEcho(),
                        "bind :8889",
                        bind + ports.tcpLines(),
                        "bind :443",
                        bind + ports.http(),
                        "/etc/ssl/app-with-key.pem",
                        CERTIFICATE.both().toString()));
        return new Front(ports, protocol, ALL);
    }

    private Front haproxyWithHeaders(List<ServiceProcess> nodes) throws IOException {
        Ports ports = secure(FreePort.any(), 0, 0);
        startHaproxy(
                ports,
                here(
                        documented("### PROXY protocol", "send-proxy-v2"),
                        nodes,
                        "bind :443",
                        "bind " + LOOPBACK + ":" + ports.http()));
        return new Front(ports, "HTTP/1.1", OVER_HTTP);
    }

    private void startHaproxy(Ports ports, String settings) throws IOException {
        Path file = Files.writeString(home.resolve("haproxy-" + ports.http() + ".cfg"), settings);
        running.add(Program.start("haproxy", "-db", "-f", file.toString()));
    }

    private Front caddy(List<ServiceProcess> nodes) throws IOException {
        int port = FreePort.any();
        String shown = here(
                documented("## Caddy", "reverse_proxy"),
                nodes,
                "app.example.org {",
                "https://localhost:" + port + ", https://" + LOOPBACK + ":" + port + " {\n  bind " + LOOPBACK,
                "/etc/ssl/app.pem",
                CERTIFICATE.file().toString(),
                "/etc/ssl/app.key",
                CERTIFICATE.key().toString());
        Path file = Files.writeString(
                home.resolve("Caddyfile"), "{\n  admin off\n  auto_https disable_redirects\n}\n" + shown);
        running.add(Program.start(
                "env",
                "XDG_DATA_HOME=" + home,
                "XDG_CONFIG_HOME=" + home,
                "caddy",
                "run",
                "--adapter",
                "caddyfile",
                "--config",
                file.toString()));
        return new Front(secure(port, 0, 0), "HTTP/1.1", OVER_HTTP);
    }

    private static ServiceProcess node(RedisServer redis, String name, String... settings) {
        try {
            return ServiceProcess.start(Stream.concat(
                            Stream.of(
                                    "--holdfast.node=" + name,
                                    "--holdfast.broker=redis",
                                    "--" + redis.setting(),
                                    "--holdfast.proxies.trusted=" + LOOPBACK,
                                    // Whoever comes through a proxy is not a client on this machine.
                                    "--holdfast.access.anonymous.subscribe=**",
                                    "--holdfast.access.anonymous.publish=**",
                                    "--holdfast.access.anonymous.role=observer"),
                            Stream.of(settings))
                    .toArray(String[]::new));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What to do with a proxy before the nodes. */
    private interface Start {
        Front proxy(List<ServiceProcess> nodes) throws IOException;
    }

    private void withTwoNodes(List<String> settings, Start... starts) throws Exception {
        String[] more = settings.toArray(String[]::new);
        try (RedisServer redis = RedisServer.start()) {
            CompletableFuture<ServiceProcess> first = CompletableFuture.supplyAsync(() -> node(redis, "web-1", more));
            try (ServiceProcess two = node(redis, "web-2", more)) {
                ServiceProcess one = first.join();
                List<Front> fronts = new ArrayList<>();
                for (Start start : starts) {
                    fronts.add(start.proxy(List.of(one, two)));
                }
                for (Front front : fronts) {
                    await().atMost(PATIENCE)
                            .ignoreExceptionsInstanceOf(IOException.class)
                            .untilAsserted(() -> assertThatNodesKnowTheClient(front));
                    assertThatItSpeaksHttp2(front);
                }
                subscribersMissNothingThoughTheirNodeDies(one, two, fronts);
            } finally {
                // Also if the other one could not be started.
                first.thenAccept(ServiceProcess::close);
            }
        }
    }

    private static PlainRequest.Answer ask(Front front, String path, String headers) throws IOException {
        try (TestSocket wire = TestSocket.connectFrom(STRANGER, front.ports().http())
                .withTls(TestCertificate.client(null, CERTIFICATE))) {
            wire.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "Connection: close\r\n\r\n");
            return PlainRequest.read(wire);
        }
    }

    private static boolean answers(Front front) {
        try {
            return ask(front, "/inspect", "").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static void assertThatNodesKnowTheClient(Front front) throws IOException {
        for (String forged : List.of("X-Forwarded-For: 203.0.113.7", "Forwarded: for=203.0.113.7")) {
            JsonNode seen = ask(front, "/inspect", forged + "\r\nX-Forwarded-Proto: http\r\n")
                    .json();
            assertThat(seen.path("client").asString()).matches(CLIENT);
            assertThat(seen.path("scheme").asString()).isEqualTo("https");
            assertThat(seen.path("protocol").asString()).isEqualTo(front.protocol());
        }
    }

    private static void assertThatItSpeaksHttp2(Front front) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(TestCertificate.client(null, CERTIFICATE))
                .version(HttpClient.Version.HTTP_2)
                .build()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(
                                    "https://localhost:" + front.ports().http() + "/stream?count=3&interval=1ms"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body().lines()).hasSizeGreaterThanOrEqualTo(3);
        }
    }

    private static int open(ServiceProcess node) throws IOException {
        return PlainRequest.get(node.management(), "/actuator/connections")
                .json()
                .get("total")
                .asInt();
    }

    private static List<String> numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(String::valueOf).toList();
    }

    private static void subscribersMissNothingThoughTheirNodeDies(
            ServiceProcess one, ServiceProcess two, List<Front> fronts) throws Exception {
        List<Subscriber> subscribers = new ArrayList<>();
        for (Front front : fronts) {
            for (ChannelPeer.Way way : front.ways()) {
                subscribers.add(new Subscriber(ChannelPeer.open(way, front.ports(), Place.now(CHANNEL)), way));
            }
        }
        assertThat(open(one)).isPositive();
        assertThat(open(two)).isPositive();
        try (ChannelPublisher through = ChannelPublisher.open(
                        ChannelPublisher.Way.HTTP, fronts.getLast().ports());
                ChannelPublisher there = ChannelPublisher.open(ChannelPublisher.Way.TCP, two.ports())) {
            for (int i = 1; i <= 20; i++) {
                (i % 2 == 0 ? through : there).publish(CHANNEL, String.valueOf(i));
            }
            for (Subscriber subscriber : subscribers) {
                assertThat(texts(subscriber.peer(), 20)).isEqualTo(numbers(1, 20));
            }

            publish(there, 21, 35);
            one.kill();
            publish(there, 36, 50);
        }

        int moved = 0;
        for (Subscriber subscriber : subscribers) {
            moved += receiveAll(subscriber.peer(), subscriber.way(), numbers(21, 50));
        }
        assertThat(moved).as("subscribers that had to come back").isPositive();
        // By HTTP over the proxies, as clients do: they know by now who is left.
        for (Front front : fronts) {
            try (ChannelPublisher publisher = ChannelPublisher.open(ChannelPublisher.Way.HTTP, front.ports())) {
                publisher.publish(CHANNEL, "51");
            }
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
    void clientsOfProxiesThatEndTlsComeBackToAnotherNode() throws Exception {
        withTwoNodes(
                List.of("--server.http2.enabled=true"),
                this::nginx,
                nodes -> {
                    Front haproxy = haproxy(nodes);
                    await().atMost(PATIENCE).until(() -> answers(haproxy));
                    echoes(haproxy.ports().tcpEcho());
                    return haproxy;
                },
                this::haproxyOverHttp2,
                this::caddy);
    }

    @Test
    void clientsOfAProxyThatPassesTlsOnComeBackToAnotherNode() throws Exception {
        List<String> settings = new ArrayList<>(documented("### PROXY protocol", "proxy-protocol=true")
                .lines()
                .filter(setting ->
                        !setting.contains("server.port=") && !setting.startsWith("holdfast.proxies.trusted="))
                .map(setting -> "--"
                        + setting.replace("/etc/ssl/app.pem", CERTIFICATE.file().toString())
                                .replace("/etc/ssl/app.key", CERTIFICATE.key().toString()))
                .toList());
        settings.add("--management.server.port=0");
        withTwoNodes(settings, this::haproxyWithHeaders);
    }

    private static void echoes(int port) throws IOException {
        byte[] hello = "hello world".getBytes(StandardCharsets.UTF_8);
        try (TestSocket wire = TestSocket.connect(port).send(hello)) {
            assertThat(Arrays.equals(wire.read(hello.length), hello)).isTrue();
        }
    }
}
