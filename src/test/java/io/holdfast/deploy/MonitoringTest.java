// SPDX-License-Identifier: Apache-2.0
package io.holdfast.deploy;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.deploy.DeployFiles.Ended;
import io.holdfast.support.FreePort;
import io.holdfast.support.PlainRequest;
import io.holdfast.support.ServiceProcess;
import io.holdfast.support.TestCertificate;
import io.holdfast.support.TestSocket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The alerts and the dashboard with a real Prometheus, which scrapes a real service in a bad situation. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitoringTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path RULES = DeployFiles.FILES.resolve("prometheus/rules.yaml");
    private static final String KEY = "a-key-of-prometheus-with-32-bytes";
    private static final String HOST = " HTTP/1.1\r\nHost: 127.0.0.1\r\n";

    /** A metric of the service, with its selector. */
    private static final Pattern SERIES =
            Pattern.compile("\\b(?:holdfast|jvm|process|http|jetty|system)_\\w+(?:\\{[^}]*\\})?");

    private static final Pattern EXPECTED = Pattern.compile("alertname=\"(\\w+)\", severity");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(Holdfast\\w+)` \\|");

    /** File descriptors of the service. Its libraries take about a hundred. */
    private static final int FILES = 700;

    /** More than ten, and more than a twentieth of the connections that these allow. */
    private static final int FAILING = 30;

    private final List<Closeable> open = new ArrayList<>();

    private Path certificate = Path.of("");
    private ServiceProcess service;
    private Prometheus prometheus;

    @BeforeAll
    void scrapeAService(@TempDir Path folder) throws Exception {
        certificate = folder.resolve("tls.crt");
        TestCertificate.of("CN=localhost", 5).write(certificate, folder.resolve("tls.key"));
        String bundle = "--spring.ssl.bundle.pem.web.";
        service = ServiceProcess.startWithFiles(
                FILES,
                "--holdfast.node=web-1",
                "--holdfast.access.local=true",
                "--holdfast.access.keys.prometheus.secret=" + KEY,
                "--holdfast.access.keys.prometheus.role=observer",
                "--holdfast.tcp.listeners.secure.port=0",
                "--holdfast.tcp.listeners.secure.ssl.bundle=web",
                bundle + "reload-on-update=true",
                bundle + "keystore.certificate=" + certificate,
                bundle + "keystore.private-key=" + folder.resolve("tls.key"),
                "--holdfast.limits.websocket=0",
                "--holdfast.limits.handshake=10m",
                "--holdfast.heartbeat.interval=1s",
                "--holdfast.outbox.bytes=64KB",
                "--holdfast.memory.receiving=1MB");
        open.add(service::close);
        String notThere = "localhost:" + FreePort.any();
        prometheus = new Prometheus(folder, "127.0.0.1:" + service.http() + ", '" + notThere + "'", KEY);
        open.add(prometheus);
        // A pause of garbage collection, and an answer with 503.
        service.jcmd("GC.run");
        refused();
        patiently().until(() -> !prometheus.query("up{job=\"holdfast\"} == 1").isEmpty());
    }

    @AfterAll
    void end() throws IOException {
        for (Closeable one : open.reversed()) {
            one.close();
        }
    }

    private TestSocket connect(int port, String text) throws IOException {
        TestSocket socket = TestSocket.connect(port).holdLittle().resetOnClose();
        open.add(socket);
        return text.isEmpty() ? socket : socket.send(text);
    }

    private void refused() throws IOException {
        try (TestSocket wire = TestSocket.connect(service.http())) {
            wire.send("GET /echo" + HOST + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
            assertThat(PlainRequest.read(wire).status()).isEqualTo(503);
        }
    }

    private static Set<String> alerts() throws IOException {
        Set<String> names = new TreeSet<>();
        for (JsonNode rule :
                DeployFiles.yaml("prometheus/rules.yaml").getFirst().at("/groups/0/rules")) {
            names.add(rule.get("alert").asString());
        }
        return names;
    }

    private static Set<String> names(Pattern pattern, String text) {
        return new TreeSet<>(
                pattern.matcher(text).results().map(name -> name.group(1)).toList());
    }

    private static JsonNode dashboard() throws IOException {
        return JsonMapper.shared().readTree(DeployFiles.read("grafana/dashboard.json"));
    }

    private static List<JsonNode> panels() throws IOException {
        return dashboard()
                .get("panels")
                .valueStream()
                .filter(panel -> !panel.get("type").asString().equals("row"))
                .toList();
    }

    /** Everything that is asked of Prometheus, as Grafana would ask it. */
    private static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        for (JsonNode rule :
                DeployFiles.yaml("prometheus/rules.yaml").getFirst().at("/groups/0/rules")) {
            expressions.add(rule.get("expr").asString());
        }
        for (JsonNode panel : panels()) {
            panel.get("targets")
                    .forEach(target -> expressions.add(target.get("expr").asString()));
        }
        dashboard()
                .at("/annotations/list")
                .forEach(annotation -> expressions.add(annotation.get("expr").asString()));
        return expressions.stream()
                .map(expression -> expression
                        .replace("$job", "holdfast")
                        .replace("$node", ".*")
                        .replace("$__rate_interval", "1m"))
                .toList();
    }

    @Test
    void rulesAndConfigurationAreValid() throws Exception {
        for (String[] command : new String[][] {
            {"promtool", "check", "rules", RULES.toString()},
            {
                "promtool",
                "check",
                "config",
                "--syntax-only",
                RULES.resolveSibling("prometheus.yaml").toString()
            }
        }) {
            Ended ended = DeployFiles.run(command);

            assertThat(ended.status()).as(ended.output()).isZero();
        }
    }

    @Test
    void everyAlertFiresInItsSituationAndNoneAtABusyNode() throws Exception {
        Path tests = RULES.resolveSibling("rules-test.yaml");

        Ended ended = DeployFiles.run("promtool", "test", "rules", tests.toString());

        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(names(EXPECTED, Files.readString(tests))).isEqualTo(alerts());
    }

    @Test
    void everyAlertIsDocumented() throws IOException {
        assertThat(names(ROW, Files.readString(DeployFiles.PAGE))).isEqualTo(alerts());
    }

    @Test
    void everySeriesOfAlertsAndDashboardIsExported() throws IOException {
        Set<String> series = new TreeSet<>();
        for (String expression : expressions()) {
            prometheus.query(expression);
            SERIES.matcher(expression).results().map(MatchResult::group).forEach(series::add);
        }

        assertThat(series).hasSizeGreaterThan(30);
        patiently()
                .untilAsserted(() -> assertThat(series)
                        .allSatisfy(one -> assertThat(prometheus.query(one)).isNotEmpty()));
    }

    @Test
    void panelsAreWholeAndDoNotOverlap() throws IOException {
        Set<String> cells = new TreeSet<>();
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode panel : dashboard().get("panels")) {
            JsonNode place = panel.get("gridPos");
            int left = place.get("x").asInt();
            int top = place.get("y").asInt();
            assertThat(left + place.get("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = left; x < left + place.get("w").asInt(); x++) {
                for (int y = top; y < top + place.get("h").asInt(); y++) {
                    assertThat(cells.add(x + "/" + y))
                            .as(panel.get("title").asString())
                            .isTrue();
                }
            }
            assertThat(ids.add(panel.get("id").asInt())).isTrue();
        }

        assertThat(panels()).isNotEmpty().allSatisfy(panel -> {
            assertThat(panel.path("title").asString()).isNotBlank();
            assertThat(panel.path("description").asString()).endsWith(".");
            assertThat(panel.at("/datasource/uid").asString()).isEqualTo("${datasource}");
            assertThat(panel.at("/fieldConfig/defaults/unit").asString()).isNotBlank();
            assertThat(panel.get("targets").isEmpty()).isFalse();
        });
    }

    /** What a bad situation needs is in its comment. Restarts, a full heap, own failures and slow fan-outs are left to promtool, and failed accepts, with which nothing can be scraped. */
    @Test
    void alertsFireForARealService() throws Exception {
        // HoldfastGaps: a position that nobody gave.
        connect(service.http(), "GET /channels/a?from=zzzzzzzz:9" + HOST + "\r\n")
                .readUntil("gap");
        // HoldfastPeersVanish: the first ping is answered, so the next ones have to be.
        List<TestSocket> peers = new ArrayList<>();
        for (int i = 0; i < FAILING; i++) {
            peers.add(connect(service.ports().tcpLines(), ""));
        }
        for (TestSocket peer : peers) {
            peer.readUntil("\"ping\"");
            peer.send("{\"type\":\"pong\"}\n");
        }
        // HoldfastSlowConsumers: streams that are not read.
        for (int i = 0; i < FAILING; i++) {
            connect(service.http(), "GET /channels/slow" + HOST + "\r\n");
        }
        publishUntilSlowConsumersAreClosed();
        // HoldfastMemoryBudgetNearlyUsed: bodies that are not complete. One body cannot take all: its buffer is copied
        // as it grows.
        for (int i = 0; i < 18; i++) {
            connect(service.http(), "POST /echo" + HOST + "Content-Length: 50001\r\n\r\n" + "x".repeat(50_000));
        }
        await().atMost(PATIENCE).until(() -> service.metric("holdfast.memory.used?tag=part:receiving") > 850_000);
        // HoldfastSocketsNearlyUsed.
        double sockets = service.metric("holdfast.sockets.limit") * 0.9;
        while (service.metric("holdfast.sockets.open") < sockets) {
            connect(service.ports().tcpEcho(), "");
        }
        // HoldfastServerErrors, HoldfastConnectionsRefused: while it is scraped. No WebSocket is allowed.
        patiently().until(() -> {
            refused();
            return firing().contains("HoldfastServerErrors");
        });
        // HoldfastCertificateNotReplaced.
        Files.writeString(certificate, "no certificate");

        awaitAlerts(
                "HoldfastDown",
                "HoldfastConnectionsRefused",
                "HoldfastSocketsNearlyUsed",
                "HoldfastMemoryBudgetNearlyUsed",
                "HoldfastSlowConsumers",
                "HoldfastPeersVanish",
                "HoldfastServerErrors",
                "HoldfastGaps",
                "HoldfastCertificateExpires",
                "HoldfastCertificateNotReplaced");
        assertThat(prometheus.firing())
                .allSatisfy(alert -> assertThat(
                                alert.get("annotations").valueStream().map(JsonNode::asString))
                        .hasSize(2)
                        .allSatisfy(text -> assertThat(text).isNotBlank().doesNotContain("<", "{{")));
    }

    private void publishUntilSlowConsumersAreClosed() throws IOException {
        try (TestSocket publisher = TestSocket.connect(service.http())) {
            String request = "POST /channels/slow" + HOST + "Content-Length: 60000\r\n\r\n" + "x".repeat(60_000);
            await().atMost(PATIENCE).until(() -> {
                assertThat(PlainRequest.read(publisher.send(request)).status()).isEqualTo(201);
                return service.metric("holdfast.connections.closed?tag=reason:slow-consumer") >= FAILING;
            });
        }
    }

    private void awaitAlerts(String... names) {
        patiently().untilAsserted(() -> assertThat(firing()).contains(names));
    }

    private List<String> firing() throws IOException {
        return prometheus.firing().stream()
                .map(alert -> alert.at("/labels/alertname").asString())
                .toList();
    }

    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200));
    }
}
