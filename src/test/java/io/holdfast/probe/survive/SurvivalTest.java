// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.HttpAddress;
import io.holdfast.probe.client.HttpProtocol;
import io.holdfast.probe.client.TcpAddress;
import io.holdfast.probe.client.Trust;
import io.holdfast.support.ConnectionFigures;
import io.holdfast.support.HoldfastTest;
import io.holdfast.support.Ports;
import io.holdfast.support.Proxy;
import io.holdfast.support.Relay;
import io.holdfast.support.TestCertificate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.TestAbortedException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Intermediaries that end silent connections after three seconds. All are measured at the same time. */
@HoldfastTest
// Some of them say that they are proxies, so this machine is no local client behind them.
@TestPropertySource(properties = "holdfast.access.anonymous.role=observer")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SurvivalTest {

    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final int RETRIES = 2;
    private static final TestCertificate CERTIFICATE = TestCertificate.inFiles("localhost");
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    /** The route to the service. */
    enum Way {
        DIRECT,
        NGINX,
        NGINX_THAT_BUFFERS,
        NGINX_WITH_HTTP2,
        HAPROXY,
        HAPROXY_TCP,
        CADDY,
        APACHE,
        APACHE_WITH_ITS_OWN_HOST,
        VARNISH,
        SILENT_DROP,
        RESET_WHEN_SPOKEN_TO,
        RESET
    }

    @Autowired
    private Ports ports;

    @Autowired
    private ConnectionFigures figures;

    private final List<AutoCloseable> boxes = new ArrayList<>();
    private final Map<Way, CompletableFuture<SurvivalReport>> reports = new EnumMap<>(Way.class);

    @BeforeAll
    void measureAll() throws IOException {
        for (Way way : Way.values()) {
            CompletableFuture<SurvivalReport> report;
            try {
                Plan plan = plan(way);
                report = CompletableFuture.supplyAsync(() -> measured(plan), THREADS);
            } catch (TestAbortedException e) {
                report = CompletableFuture.failedFuture(e);
            }
            reports.put(way, report);
        }
    }

    /** Repeats the measurement if this machine was too busy. */
    private static SurvivalReport measured(Plan plan) {
        SurvivalReport report = Survival.measure(plan, told -> {});
        for (int again = 0; again < RETRIES && report.isUncertain(); again++) {
            report = Survival.measure(plan, told -> {});
        }
        return report;
    }

    private Plan plan(Way way) throws IOException {
        int http = ports.http();
        int tcp = ports.tcpEcho();
        return switch (way) {
            case DIRECT -> plan(http, tcp, ports.tcpLines(), ProbedTransport.values());
            case NGINX ->
                web(behind(Proxy.nginx(http, "proxy_read_timeout 3s; keepalive_timeout 3s;"))
                        .port());
            case NGINX_THAT_BUFFERS ->
                plan(
                        behind(Proxy.nginx(http, "proxy_read_timeout 3s; proxy_ignore_headers X-Accel-Buffering;"))
                                .port(),
                        0,
                        0,
                        ProbedTransport.SSE);
            case NGINX_WITH_HTTP2 ->
                plan(
                        HttpAddress.of("https://localhost:"
                                + behind(Proxy.nginx(http, CERTIFICATE, "proxy_read_timeout 3s;"))
                                        .port()),
                        0,
                        0,
                        HttpProtocol.HTTP_2,
                        Trust.inFile(CERTIFICATE.file().toString()),
                        ProbedTransport.HTTP,
                        ProbedTransport.SSE,
                        ProbedTransport.WEBSOCKET);
            case HAPROXY ->
                web(behind(Proxy.haproxy(
                                http, "http", "timeout server 3s", "timeout tunnel 3s", "timeout http-keep-alive 3s"))
                        .port());
            case HAPROXY_TCP ->
                plan(
                        http,
                        behind(Proxy.haproxy(tcp, "tcp", "timeout client 3s", "timeout server 3s"))
                                .port(),
                        behind(Proxy.haproxy(ports.tcpLines(), "tcp", "timeout client 3s", "timeout server 3s"))
                                .port(),
                        ProbedTransport.TCP,
                        ProbedTransport.LINES);
            case CADDY ->
                web(behind(Proxy.caddy(http, "idle 3s", "read_timeout 3s")).port());
            case APACHE ->
                web(behind(Proxy.apache(http, "ProxyTimeout 3", "KeepAliveTimeout 3", "ProxyPreserveHost On"))
                        .port());
            case APACHE_WITH_ITS_OWN_HOST ->
                plan(behind(Proxy.apache(http, "ProxyTimeout 3")).port(), 0, 0, ProbedTransport.WEBSOCKET);
            case VARNISH ->
                web(behind(Proxy.varnish(http, "between_bytes_timeout=3", "pipe_timeout=3", "timeout_idle=3"))
                        .port());
            case SILENT_DROP ->
                plan(
                        relay(http, Relay.Forgetting.SILENT),
                        relay(tcp, Relay.Forgetting.SILENT),
                        0,
                        ProbedTransport.HTTP,
                        ProbedTransport.WEBSOCKET,
                        ProbedTransport.KEEPALIVE,
                        ProbedTransport.TCP);
            case RESET_WHEN_SPOKEN_TO -> plan(http, relay(tcp, Relay.Forgetting.RESETS_SENDER), 0, ProbedTransport.TCP);
            case RESET -> web(relay(http, Relay.Forgetting.RESETS));
        };
    }

    private <T extends AutoCloseable> T behind(T product) {
        boxes.add(product);
        return product;
    }

    private int relay(int server, Relay.Forgetting forgetting) throws IOException {
        return behind(new Relay(server).limitSilence(LIMIT, head -> forgetting)).port();
    }

    private static Plan web(int http) {
        return plan(
                http,
                0,
                0,
                ProbedTransport.HTTP,
                ProbedTransport.SSE,
                ProbedTransport.WEBSOCKET,
                ProbedTransport.KEEPALIVE);
    }

    private static Plan plan(int http, int tcp, int lines, ProbedTransport... transports) {
        return plan(
                HttpAddress.of("http://localhost:" + http),
                tcp,
                lines,
                HttpProtocol.HTTP_1_1,
                Trust.SYSTEM,
                transports);
    }

    private static Plan plan(
            HttpAddress http, int tcp, int lines, HttpProtocol version, Trust trust, ProbedTransport... transports) {
        return new Plan(
                http,
                tcp == 0 ? null : TcpAddress.of("localhost:" + tcp),
                lines == 0 ? null : TcpAddress.of("localhost:" + lines),
                List.of(transports),
                Stream.of(1, 2, 4, 6).map(Duration::ofSeconds).toList(),
                List.of(),
                Plan.STREAM_PATH,
                Plan.WEBSOCKET_PATH,
                Duration.ofSeconds(3),
                version,
                trust,
                null);
    }

    @AfterAll
    void nothingIsLeft() throws Exception {
        for (AutoCloseable product : boxes) {
            product.close();
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(figures.open()).isEqualTo(ConnectionFigures.Open.all(0)));
    }

    private SurvivalReport report(Way way) {
        try {
            return Objects.requireNonNull(reports.get(way)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof TestAbortedException aborted ? aborted : e;
        }
    }

    private Finding found(Way way, ProbedTransport transport) {
        return report(way).findings().stream()
                .filter(finding -> finding.transport() == transport)
                .findAny()
                .orElseThrow();
    }

    private static void assertLimit(Finding finding, boolean observed) {
        SilenceLimit limit = Objects.requireNonNull(finding.limit(), finding.toString());
        assertThat(finding.outcome()).isEqualTo(Finding.Outcome.CUT);
        assertThat(limit.observed()).isEqualTo(observed);
        assertThat(limit.at().toMillis()).isCloseTo(LIMIT.toMillis(), within(LIMIT.toMillis() / 10));
        // Half of the way between two silences may be the limit by chance.
        assertThat(limit.isPrecise()).as(limit.toString()).isTrue();
    }

    private static void assertCulprit(Finding finding, Attribution.Who who, String verdict) {
        assertThat(Objects.requireNonNull(finding.attribution()).who()).isEqualTo(who);
        assertThat(SurvivalVerdict.of(finding)).contains(verdict);
    }

    /** Half of the limit is a second and a half, and a second is a round one. */
    private static void assertHelpedByHeartbeat(Finding finding) {
        assertThat(finding.recommended()).isEqualTo(Duration.ofSeconds(1));
        assertThat(finding.keptBy()).isEqualTo(Duration.ofSeconds(1));
        assertThat(finding.kept().getFirst().stood())
                .isGreaterThan(LIMIT.multipliedBy(5).dividedBy(2));
        assertThat(SurvivalVerdict.of(finding)).contains("Set a heartbeat of 1s");
    }

    private static Ending ending(Finding finding) {
        SilenceOutcome outcome =
                Objects.requireNonNull(finding.limit()).witness().outcome();
        assertThat(outcome).isInstanceOf(SilenceOutcome.Cut.class);
        return ((SilenceOutcome.Cut) outcome).ending();
    }

    private static void assertNoticed(Finding finding, Boolean noticed) {
        assertThat(Objects.requireNonNull(finding.limit()).witness().noticed()).isEqualTo(noticed);
    }

    @ParameterizedTest
    @EnumSource(ProbedTransport.class)
    void whatIsNotEndedLives(ProbedTransport transport) {
        Finding finding = found(Way.DIRECT, transport);

        assertThat(finding.outcome()).isEqualTo(Finding.Outcome.LIVED);
        assertThat(finding.longestLived()).isEqualTo(Duration.ofSeconds(6));
        assertThat(finding.attribution()).isNull();
        assertThat(SurvivalVerdict.of(finding)).isEqualTo("Silences of up to 6s survive.");
    }

    @Test
    void whereNothingIsEndedAllIsWell() {
        SurvivalReport report = report(Way.DIRECT);

        assertThat(report.isWell()).isTrue();
        assertThat(report.isMeasured()).isTrue();
        assertThat(report.complete()).isTrue();
        assertThat(report.advice().heartbeat()).isNull();
        assertThat(report.advice().transports()).hasSize(5);
        assertThat(report.advice().changes()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP", "SSE", "WEBSOCKET"})
    void nginxIsNamedWithItsReadTimeout(ProbedTransport transport) {
        Finding finding = found(Way.NGINX, transport);

        assertLimit(finding, true);
        assertThat(ending(finding)).isEqualTo(new Ending.Fin());
        assertCulprit(finding, Attribution.Who.BETWEEN, "That is most likely its setting proxy_read_timeout, 3s.");
        assertThat(Objects.requireNonNull(finding.attribution()).name()).startsWith("nginx/");
        assertNoticed(finding, true);
        assertHelpedByHeartbeat(finding);
        assertThat(finding.isBuffered()).isFalse();
    }

    /** It closes its connection to the service at once, and resets the stream of the client about two seconds later. */
    @ParameterizedTest
    @EnumSource(names = {"HTTP", "SSE"})
    void nginxWithTlsAndHttp2IsNamedToo(ProbedTransport transport) {
        Finding finding = found(Way.NGINX_WITH_HTTP2, transport);

        assertLimit(finding, false);
        assertCulprit(finding, Attribution.Who.BETWEEN, "That is most likely its setting proxy_read_timeout, 3s.");
        assertThat(Objects.requireNonNull(finding.attribution()).name()).startsWith("nginx/");
        assertNoticed(finding, true);
        assertHelpedByHeartbeat(finding);
    }

    @Test
    void nginxHasNoWebSocketsOverHttp2() {
        assertThat(SurvivalVerdict.of(found(Way.NGINX_WITH_HTTP2, ProbedTransport.WEBSOCKET)))
                .contains("the server takes no WebSockets over HTTP/2 (RFC 8441)");
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP", "SSE", "WEBSOCKET"})
    void haproxyIsRecognisedAndItsTimeoutNamed(ProbedTransport transport) {
        Finding finding = found(Way.HAPROXY, transport);

        assertLimit(finding, true);
        assertCulprit(
                finding,
                Attribution.Who.BETWEEN,
                "by HAProxy: FIN without "
                        + (transport == ProbedTransport.WEBSOCKET
                                ? "a close frame. That is most likely its setting timeout tunnel, 3s."
                                : "the end of the response. That is most likely its setting timeout server, 3s."));
        assertNoticed(finding, true);
        assertHelpedByHeartbeat(finding);
    }

    /** It ends the response in good order. */
    @ParameterizedTest
    @EnumSource(names = {"HTTP", "SSE", "WEBSOCKET"})
    void caddyIsNotTakenForTheService(ProbedTransport transport) {
        Finding finding = found(Way.CADDY, transport);

        assertLimit(finding, true);
        assertCulprit(finding, Attribution.Who.BETWEEN, "by Caddy: ");
        assertThat(SurvivalVerdict.of(finding)).contains("That is most likely its setting read_timeout, 3s.");
        assertNoticed(finding, true);
        assertHelpedByHeartbeat(finding);
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP", "SSE"})
    void apacheIsNamedWithItsTimeout(ProbedTransport transport) {
        Finding finding = found(Way.APACHE, transport);

        assertLimit(finding, true);
        assertCulprit(finding, Attribution.Who.BETWEEN, "That is most likely its setting ProxyTimeout, 3s.");
        assertThat(Objects.requireNonNull(finding.attribution()).name()).startsWith("Apache/");
        assertNoticed(finding, true);
        assertHelpedByHeartbeat(finding);
    }

    @Test
    void apacheDoesNotLimitTheSilenceOfAWebSocket() {
        assertThat(found(Way.APACHE, ProbedTransport.WEBSOCKET).outcome()).isEqualTo(Finding.Outcome.LIVED);
    }

    /** Apache sends its own Host on, so the Origin is a foreign one for the service. */
    @Test
    void aRefusalOfTheServiceIsNotTakenForAMissingUpgrade() {
        String verdict = SurvivalVerdict.of(found(Way.APACHE_WITH_ITS_OWN_HOST, ProbedTransport.WEBSOCKET));

        assertThat(verdict)
                .contains("HTTP 403")
                .contains("ProxyPreserveHost On")
                .doesNotContain("Upgrade");
    }

    /** In a pipe it adds no header, so its name is known from HTTP. */
    @ParameterizedTest
    @CsvSource({"HTTP, between_bytes_timeout", "SSE, between_bytes_timeout", "WEBSOCKET, pipe_timeout"})
    void varnishIsNamedWithTheTimeoutOfEachTransport(ProbedTransport transport, String setting) {
        Finding finding = found(Way.VARNISH, transport);

        assertLimit(finding, true);
        assertCulprit(finding, Attribution.Who.BETWEEN, "That is most likely its setting " + setting + ", 3s.");
        assertThat(Objects.requireNonNull(finding.attribution()).name()).containsIgnoringCase("varnish");
        assertNoticed(finding, true);
        assertHelpedByHeartbeat(finding);
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "LINES"})
    void whatEndsTcpIsNotTakenForTheService(ProbedTransport transport) {
        Finding finding = found(Way.HAPROXY_TCP, transport);

        assertLimit(finding, true);
        assertCulprit(
                finding,
                Attribution.Who.BETWEEN,
                "Look for a timeout of 3s, for example nginx's proxy_timeout or HAProxy's timeout client and timeout server.");
        assertNoticed(finding, true);
        assertHelpedByHeartbeat(finding);
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP", "WEBSOCKET", "TCP"})
    void silentDropIsNarrowedDownAndTheServiceDoesNotNotice(ProbedTransport transport) {
        Finding finding = found(Way.SILENT_DROP, transport);

        assertLimit(finding, false);
        assertCulprit(finding, Attribution.Who.SILENT_DROP, "without a notice to either side: no answer.");
        assertNoticed(finding, false);
        assertHelpedByHeartbeat(finding);
    }

    @Test
    void resetThatAnswersWhatIsSaidTooLateIsASilentDrop() {
        Finding finding = found(Way.RESET_WHEN_SPOKEN_TO, ProbedTransport.TCP);

        assertLimit(finding, false);
        assertCulprit(finding, Attribution.Who.SILENT_DROP, "RST when data was sent");
        assertNoticed(finding, false);
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP", "SSE", "WEBSOCKET"})
    void resetIsSeenWhenItHappens(ProbedTransport transport) {
        Finding finding = found(Way.RESET, transport);

        assertLimit(finding, true);
        assertThat(ending(finding)).isEqualTo(new Ending.Reset());
        assertCulprit(finding, Attribution.Who.BETWEEN, "by an intermediary that does not send its name: RST");
    }

    @ParameterizedTest
    @CsvSource({
        "NGINX, keepalive_timeout",
        "HAPROXY, timeout http-keep-alive",
        "CADDY, timeouts idle",
        "APACHE, KeepAliveTimeout",
        "VARNISH, timeout_idle"
    })
    void connectionThatWaitsForARequestIsClosedByTheTimeoutOfTheProxy(Way way, String setting) {
        Finding finding = found(way, ProbedTransport.KEEPALIVE);

        assertLimit(finding, true);
        assertCulprit(finding, Attribution.Who.BETWEEN, "most likely its setting " + setting + ".");
        assertThat(finding.isWell()).as("it is no fault").isTrue();
        assertThat(finding.kept()).isEmpty();
    }

    @Test
    void connectionThatWaitsForARequestCanBeDroppedToo() {
        Finding finding = found(Way.SILENT_DROP, ProbedTransport.KEEPALIVE);

        assertLimit(finding, false);
        assertCulprit(finding, Attribution.Who.SILENT_DROP, "without a notice");
    }

    /** Caddy limits each read from the service; the others any silence. */
    @ParameterizedTest
    @CsvSource({"NGINX, EITHER", "HAPROXY, EITHER", "VARNISH, EITHER", "CADDY, SERVICE"})
    void whoseTrafficKeepsAWebSocketOpenIsTold(Way way, Counted counted) {
        Finding finding = found(way, ProbedTransport.WEBSOCKET);

        assertThat(finding.counted()).as(finding.oneWay().toString()).isEqualTo(counted);
        assertThat(SurvivalVerdict.of(finding))
                .contains(
                        counted == Counted.EITHER ? "What either side sends keeps it" : "Only what the service sends");
    }

    @Test
    void bufferingIsNoticedAndItsCureNamed() {
        Finding finding = found(Way.NGINX_THAT_BUFFERS, ProbedTransport.SSE);
        ArrivalPattern arrival = Objects.requireNonNull(finding.arrival());

        assertThat(finding.isBuffered()).isTrue();
        assertThat(arrival.largest()).isGreaterThan(20);
        assertThat(arrival.atMostLate()).isGreaterThan(Duration.ofSeconds(2));
        assertThat(SurvivalVerdict.of(finding))
                .contains("arrived in 1 group, up to ")
                .contains("set proxy_buffering off in nginx/");
        assertThat(report(Way.NGINX_THAT_BUFFERS).advice().transports()).isEmpty();
    }

    @Test
    void whatIsHeldBackWholeIsSilentFromTheRequestOn() {
        assertLimit(found(Way.NGINX_THAT_BUFFERS, ProbedTransport.SSE), true);
    }

    @Test
    void theAdviceNamesWhatToChange() {
        SurvivalReport report = report(Way.NGINX);

        assertThat(report.isWell()).isFalse();
        assertThat(report.isMeasured()).isTrue();
        assertThat(report.advice().heartbeat()).isEqualTo(Duration.ofSeconds(1));
        assertThat(report.advice().transports()).hasSize(3);
        assertThat(report.advice().changes())
                .singleElement()
                .asString()
                .matches("proxy_read_timeout in nginx/\\S+: more than 35s");
    }

    @Test
    void noSilenceIsHeldForLongerThanIsOfUse() {
        SurvivalReport report = report(Way.SILENT_DROP);

        assertThat(report.findings().stream().flatMap(finding -> finding.silent().stream()))
                .filteredOn(held -> held.outcome() instanceof SilenceOutcome.Spared)
                .isNotEmpty();
        assertThat(report.findings())
                .allSatisfy(finding -> assertThat(finding.silent().stream()
                                .map(held -> held.trial().time())
                                .max(Comparator.naturalOrder()))
                        .contains(Duration.ofSeconds(6)));
    }
}
