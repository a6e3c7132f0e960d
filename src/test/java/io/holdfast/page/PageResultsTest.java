// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.page.PageWaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.Proxy;
import io.holdfast.support.Relay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Results of the measuring views through a real nginx: what they conclude, and how they are kept, compared and exported. */
class PageResultsTest {

    private static final Duration LONGEST_RUN = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    @AutoClose
    private static Browser browser;

    @AutoClose
    private static PageService service;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        service = new PageService("--management.endpoint.connections.access=unrestricted");
    }

    @AfterEach
    void leavesNothingBehind() {
        assertThat(browser.errors()).allMatch(error -> error.matches(PageTest.NETWORK));
        browser.leave();
        service.awaitNoConnections();
    }

    @Test
    void surviveNamesTheProxyOffersASettingThatHelpsAndShowsWhatItChanged() throws IOException {
        Path before;
        String setting;
        try (Proxy nginx = Proxy.nginx(service.http(), "proxy_read_timeout 2s;")) {
            Panel survive = survive(nginx).type("silences", "1.2, 3").type("heartbeat", "");
            measure(survive);

            assertThat(survive.text("headline"))
                    .matches("Silence limit 2 s · nginx/\\S+ · heartbeat (900 ms|1 s) · same on all transports");
            assertThat(survive.text("verdict")).contains("as the service’s record shows", "Most likely it is nginx/");
            setting = copied(survive);
            assertThat(setting).isEqualTo("proxy_read_timeout 75s;");
            assertThat(survive.text("offers")).contains("Holdfast’s tests run nginx with it");
            assertShownWithoutOverlap("survive");

            survive.type("name", "before", Keys.TAB).press("save-png").press("export");
            before = browser.saved(".json");
            assertThat(Objects.requireNonNull(ImageIO.read(browser.saved(".png").toFile()))
                            .getWidth())
                    .isGreaterThan(1_000);
            JsonNode file = JSON.readTree(Files.readString(before));
            assertThat(file.get("version").asInt()).isEqualTo(1);
            assertThat(file.at("/results/0/name").asString()).isEqualTo("before");
        }

        try (Proxy nginx = Proxy.nginx(service.http(), setting)) {
            Panel survive = survive(nginx).type("silences", "3").type("heartbeat", "");
            measure(survive);
            assertThat(survive.text("headline")).startsWith("No silence limit up to 3 s");

            survive.attach("file", before);
            await("the import")
                    .until(() -> texts("#survive-view [data-part=history] li").size() == 2);
            browser.evaluate(
                    "document.querySelectorAll('#survive-view [data-part=choose]').forEach((box) => box.click())");
            survive.press("compare");

            assertThat(survive.text("changes")).contains("Before: “before”");
            assertThat(change("Intermediary").getLast()).isEqualTo("same");
            assertThat(change("ended after").getLast()).isEqualTo("changed");
            assertThat(change("ended by")).element(1).asString().startsWith("nginx/");
            assertThat(change("ended by").subList(2, 4)).containsExactly("nothing", "changed");

            survive.press("delete");
            await("one less")
                    .until(() -> texts("#survive-view [data-part=history] li").size() == 1);
            browser.open("http://127.0.0.1:" + nginx.port() + "/#survive", 390, 844);
            await("what was kept")
                    .until(() -> texts("#survive-view [data-part=history] li").size() == 1);
            survive.press("show");
            assertThat(survive.text("origin")).contains("From the history");
        }
    }

    @Test
    void compareMeasuresEveryWayThroughNginxAndHasLegendsForTheKeyboard() throws IOException {
        try (Relay inner = new Relay(service.http());
                Proxy nginx = Proxy.nginx(inner.port(), "");
                Relay outer = new Relay(nginx.port())) {
            browser.open(outer.url() + "#compare", 1280, 1000);
            Panel compare = browser.panel("compare-view").type("size", "100").type("count", "20");
            assertThat(compare.text("estimate")).matches("Takes about \\d+ s.*");
            compare.press("start");
            await("the time that is left")
                    .until(() -> compare.text("waiting").matches("Round \\d of 5, .* about .* left"));
            awaitResult(compare);

            assertThat(texts("#compare-view [data-part=missing] li")).isEmpty();
            assertThat(texts("#compare-view [data-part=table] tbody tr")).hasSize(6);
            assertThat(compare.text("headline")).contains("WebSocket", "HTTP", "through nginx/");
            for (String way : List.of("http", "http-short")) {
                assertThat(figure(way, "in")).isEqualTo(echo(inner).bytesIn());
                assertThat(figure(way, "out")).isEqualTo(echo(outer).bytesOut().doubleValue());
            }
            assertThat(texts("#compare-view .u-series .u-value")).hasSize(14).doesNotContain("–", "--");
            String value = place("place");
            browser.evaluate("document.querySelectorAll('#compare-view [data-part=at]')[1].focus()");
            browser.type(Keys.ARROW_RIGHT);
            assertThat(place("place")).isNotEqualTo(value);
            assertShownWithoutOverlap("compare");
            browser.leave();
        }
    }

    /** As the command line concludes it; the record says more than how the end looked. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            cut,     between, ,      client,  nginx, nginx
            cut,     between, true,  ,        nginx, nginx
            cut,     between, ,      ,        nginx, most likely nginx
            cut,     between, false, completed, nginx, nginx
            cut,     between, ,      client,  ,      an unnamed intermediary
            cut,     between, ,      ,        ,      unknown
            cut,     unknown, ,      ,        nginx, unknown
            cut,     between, false, idle,    nginx, the service
            cut,     service, ,      ,        nginx, most likely the service
            cut,     service, true,  ,        nginx, nginx
            dropped, between, true,  ,        nginx, a silent drop
            dropped, between, false, no-pong, nginx, a silent drop
            """)
    void whoEndedAConnection(
            String outcome,
            String by,
            @Nullable Boolean isOpen,
            @Nullable String reason,
            @Nullable String between,
            String culprit) {
        browser.open(service.url() + "#survive", 1280, 800);

        assertThat(inPage("""
                        const { attribute, culprit } = await import("/client/survive/attribution.js");
                        const [outcome, by, isOpen, reason, between] = given.map((value) => value ?? undefined);
                        const finding = { outcome, by, how: "somehow" };
                        attribute(finding, { isOpen, reason }, between);
                        return culprit(finding, between);
                        """, outcome, by, isOpen, reason, between)).isEqualTo(culprit);
    }

    /** A proxy does not start with a line that it does not understand. */
    @ParameterizedTest
    @ValueSource(strings = {"nginx/1.22.1", "haproxy", "1.1 Caddy", "Apache/2.4", "1.1 v (Varnish/7.1)"})
    void everyTestedProxyUnderstandsTheLinesThatAreOffered(String name) throws IOException {
        browser.open(service.url() + "#survive", 1280, 800);
        String[] lines = strings(inPage("""
                        const { offers } = await import("/client/survive/offers.js");
                        const cut = { silence: 5000, opened: 0, silentFrom: 0, ended: 2000, outcome: "cut", how: "", by: "between" };
                        const transports = ["http", "websocket"];
                        const findings = transports.map((transport) => ({ transport, ...cut }));
                        return offers({ between: given[0], transports, findings }).map(({ line, tested }) => `${tested ? "" : "untested: "}${line}`);
                        """, name)).toArray(String[]::new);

        assertThat(lines).isNotEmpty().allMatch(line -> line.contains("75"));
        try (Proxy proxy = started(name, lines)) {
            assertThat(proxy.port()).isPositive();
        }
    }

    private static Proxy started(String name, String... lines) throws IOException {
        int port = service.http();
        return switch (name) {
            case "haproxy" -> Proxy.haproxy(port, "http", lines);
            case "1.1 Caddy" -> Proxy.caddy(port, "", String.join("\n", lines));
            case "Apache/2.4" -> Proxy.apache(port, lines);
            case "1.1 v (Varnish/7.1)" ->
                Proxy.varnish(
                        port,
                        Stream.of(lines).map(line -> line.replace("-p ", "")).toArray(String[]::new));
            default -> Proxy.nginx(port, String.join("\n", lines));
        };
    }

    @ParameterizedTest
    @CsvSource({"2.9, no difference", "3.1, HTTP takes 1.9 times as long"})
    void onlyDifferencesBeyondTheSpreadAreResults(double fastest, String conclusion) {
        browser.open(service.url() + "#compare", 1280, 800);

        assertThat(String.valueOf(inPage("""
                        const { summary } = await import("/client/compare/words.js");
                        const { SHARES } = await import("/client/compare/result.js");
                        const way = (way, median, rounds) => ({ way, rounds, curve: SHARES.map(() => median) });
                        return summary({ size: 10, measured: [
                          way("websocket", 2, [1, 2, 2, 2, 3]),
                          way("http", 3.8, [given[0], 3.8, 3.8, 4, 5]),
                        ] })[0];
                        """, fastest))).contains(conclusion);
    }

    @Test
    void theHistoryIsBoundedAndKeepsTheNewest() {
        browser.open(service.url() + "#survive", 1280, 800);

        assertThat(inPage("""
                        const { History, MOST } = await import("/client/report/history.js");
                        const history = new History("bounded", (entry) => entry);
                        for (let number = 1; number <= MOST + 3; number++) await history.add({ number });
                        const all = await history.all();
                        for (const { id } of all) await history.remove(id);
                        return `${all.length} from ${all.at(-1).result.number} to ${all[0].result.number}`;
                        """)).isEqualTo("50 from 4 to 53");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nonsense | it is not JSON
            {"format":"holdfast-results","version":2,"view":"survive","results":[]} | version: a number from 1 to 1
            {"format":"holdfast-results","version":1,"view":"compare","results":[]} | view: one of survive
            """)
    void aFileWithOtherContentIsRefusedWithTheReason(String content, String reason) throws IOException {
        browser.open(service.url() + "#survive", 1280, 800);
        Panel survive = browser.panel("survive-view");
        Path file = Files.writeString(Files.createTempFile("results", ".json"), content);

        survive.attach("file", file);

        await("the reason").until(() -> survive.text("history-said").contains(reason));
        Files.delete(file);
    }

    /** On a phone, with its usual text and twice as large, and on a desktop with text twice as large. */
    private static void assertShownWithoutOverlap(String view) {
        for (int[] shape : new int[][] {{390, 100}, {390, 200}, {1280, 200}}) {
            browser.resize(shape[0], 844);
            browser.evaluate("document.documentElement.style.fontSize = `${arguments[0]}%`", shape[1]);
            String name = "%s at %d px and %d %%".formatted(view, shape[0], shape[1]);
            await(name).untilAsserted(() -> {
                assertThat(browser.overlapping("main:not([hidden])")).as(name).isEmpty();
                assertThat(
                                browser.evaluate(
                                        "return document.documentElement.scrollWidth <= innerWidth"
                                                + " && [...document.querySelectorAll('.result-table')].every((box) => box.scrollWidth <= box.clientWidth)"))
                        .as(name)
                        .isEqualTo(true);
            });
        }
        browser.resize(1280, 1000);
        browser.evaluate("document.documentElement.style.fontSize = ''");
    }

    private static String copied(Panel survive) {
        browser.evaluate("navigator.clipboard.writeText = async (text) => { globalThis.copied = text }");
        survive.press("copy-setting");
        return String.valueOf(browser.evaluate("return globalThis.copied"));
    }

    private static Panel survive(Proxy nginx) {
        browser.open("http://127.0.0.1:" + nginx.port() + "/#survive", 1280, 1000);
        return browser.panel("survive-view");
    }

    private static void measure(Panel panel) {
        panel.press("start");
        awaitResult(panel);
    }

    private static void awaitResult(Panel panel) {
        await(panel + " to be done").atMost(LONGEST_RUN).until(() -> panel.isEnabled("start"));
        assertThat(panel.text("trouble")).isEmpty();
        await("its place in the history")
                .until(() -> !texts("#" + panel + " [data-part=history] li").isEmpty());
    }

    private static Relay.Turn echo(Relay relay) {
        return relay.turns().stream()
                .filter(turn -> turn.sent().startsWith("POST /echo HTTP"))
                .findFirst()
                .orElseThrow();
    }

    private static double figure(String way, String figure) {
        String text = texts("#compare-view [data-way=" + way + "] [data-figure=" + figure + "]")
                .getFirst();
        return Double.parseDouble(text.replaceAll("[^0-9.]", ""));
    }

    /** The cells of a line of the comparison. */
    private static List<String> change(String name) {
        return strings(browser.evaluate("""
                const rows = [...document.querySelectorAll("#survive-view [data-part=changes] tbody tr")];
                return [...rows.find(({ cells }) => cells[0].textContent.endsWith(arguments[0])).cells].map((cell) => cell.textContent);
                """, name));
    }

    private static String place(String part) {
        return texts("#compare-view [data-part=" + part + "]").getLast();
    }

    private static @Nullable Object inPage(String script, @Nullable Object... arguments) {
        return browser.evaluateLater("""
                const done = arguments[arguments.length - 1];
                const given = [...arguments].slice(0, -1);
                (async () => { %s })().then(done, (failure) => done(String(failure)));
                """.formatted(script), arguments);
    }

    private static List<String> texts(String selector) {
        return strings(browser.evaluate(
                "return [...document.querySelectorAll(arguments[0])].map((element) => element.textContent)", selector));
    }

    private static List<String> strings(@Nullable Object list) {
        return ((List<?>) Objects.requireNonNull(list))
                .stream().map(String::valueOf).toList();
    }
}
