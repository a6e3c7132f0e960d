// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.page.PageWaiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.holdfast.support.Relay;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The page's views, above all the measuring ones, as a user sees them. */
class PageViewsTest {

    private static final Duration LONGEST_RUN = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @AutoClose
    private static Browser browser;

    @AutoClose
    private static PageService service;

    @AutoClose
    private static Relay relay;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        service = new PageService("--management.endpoint.connections.access=unrestricted");
        relay = new Relay(service.http())
                .limitSilence(
                        LIMIT,
                        head -> head.contains("Upgrade: websocket")
                                ? Relay.Forgetting.SILENT
                                : Relay.Forgetting.CLOSES);
    }

    @BeforeEach
    void open() {
        browser.openIdle(service.url(), 1280, 1000);
    }

    @AfterEach
    void leavesNothingBehind() throws IOException {
        assertThat(browser.errors()).allMatch(error -> error.matches(PageTest.NETWORK));
        browser.leave();
        relay.cut();
        service.awaitNoConnections();
    }

    @Test
    void viewsAreLinksAndTheWayBackWorks() {
        assertThat(shown()).containsExactly("exercise");
        assertThat(current()).isEqualTo("Exercise");

        follow("#compare");
        assertThat(shown()).containsExactly("compare");
        assertThat(current()).isEqualTo("Compare");
        assertThat(browser.evaluate("return document.title")).isEqualTo("Compare – Holdfast");

        follow("#survive");
        assertThat(shown()).containsExactly("survive");

        browser.back();
        await("the view before").untilAsserted(() -> assertThat(shown()).containsExactly("compare"));
        browser.back();
        await("the first view").untilAsserted(() -> assertThat(shown()).containsExactly("exercise"));
    }

    @ParameterizedTest
    @CsvSource({"#survive, survive", "#compare, compare", "#no-such-view, exercise"})
    void addressesNameTheirView(String fragment, String view) {
        openAt(fragment);

        assertThat(shown()).containsExactly(view);
    }

    @Test
    void theKeyboardReachesTheViews() {
        browser.evaluate("document.querySelector('view-nav a').focus()");

        browser.type(Keys.TAB, Keys.ENTER);

        await("the second view").untilAsserted(() -> assertThat(shown()).containsExactly("survive"));
    }

    @Test
    void connectionsGoOnWhileAnotherViewIsShown() {
        Panel webSocket = browser.panel("websocket").press("connect").awaitState("open");
        Panel http =
                browser.panel("http").type("interval", "50ms").press("connect").awaitState("open");

        follow("#compare");
        double before = http.number("messages-in");
        http.awaitNumber("messages-in", count -> count > before + 5);
        follow("#exercise");

        webSocket.send("still there").awaitEntry("in", "still there");
        assertThat(webSocket.state()).isEqualTo("open");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#survive", "#compare"})
    void aLinkThatWasBrokenSaysSo(String view) {
        openAt(view + "=eyJhdCI6MTIzfQ");
        Panel panel = panel(view);
        assertThat(panel.text("trouble")).contains("no valid result", "server", "a text of up to 200");

        openAt(view + "=%%%");
        assertThat(panel.text("trouble")).contains("incomplete or was changed");

        openAt(view + "=" + "A".repeat(16_001));
        assertThat(panel.text("trouble")).contains("longer than 16000");
        assertThat(browser.evaluate(
                        "return document.querySelector(arguments[0] + '-view [data-part=result]').hidden", view))
                .isEqualTo(true);

        follow("#exercise");
        follow(view);
        assertThat(panel.text("trouble")).isEmpty();
    }

    @Test
    void compareShowsWhatEachWayCosts() {
        browser.open(relay.url() + "#compare", 1280, 1000);
        Panel compare = panel("#compare").type("size", "100").type("count", "40");

        measure(compare);

        assertThat(text("#compare-view [data-part=table] tbody th")).hasSize(6);
        Stream.of("websocket", "http", "tcp").forEach(way -> {
            assertThat(figure(way, "p50")).isPositive().isLessThanOrEqualTo(figure(way, "p99"));
            assertThat(figure(way, "p99")).isLessThanOrEqualTo(figure(way, "max"));
            assertThat(figure(way, "rate")).isGreaterThan(1);
        });
        assertThat(figure("websocket-short", "p50"))
                .as("a connection each takes longer")
                .isGreaterThan(figure("websocket", "p50"));
        assertThat(compare.text("verdict"))
                .contains("On a kept connection", "A new WebSocket for each message", "Conclusion: ");
        assertThat(text("#compare-view .uplot")).as("charts").hasSize(2);
        assertBytesOfRequests();
        assertBytesOfMessages();
    }

    private static void assertBytesOfRequests() {
        Relay.Turn post = relay.turns().stream()
                .filter(turn -> turn.sent().startsWith("POST /echo HTTP"))
                .findFirst()
                .orElseThrow();
        assertThat(figure("http", "in")).isEqualTo(post.bytesIn());
        assertThat(figure("http", "out")).isEqualTo(post.bytesOut().doubleValue());
    }

    /** Compressed messages have different sizes. */
    private static void assertBytesOfMessages() {
        List<Relay.Turn> frames = relay.turns().stream()
                .filter(turn -> turn.connection().startsWith("GET /inspect?"))
                .filter(turn -> turn.bytesIn() > 50 && !turn.sent().startsWith("GET"))
                .toList();
        assertThat(frames).hasSize(32);
        double in = frames.stream().mapToInt(Relay.Turn::bytesIn).average().orElseThrow();
        double out = frames.stream()
                .mapToLong(turn -> turn.bytesOut().get())
                .average()
                .orElseThrow();
        assertThat(figure("websocket", "in")).isCloseTo(in, within(1.0));
        assertThat(figure("websocket", "out")).isCloseTo(out, within(1.5));
        Relay.Turn handshake = relay.turns().stream()
                .filter(turn -> turn.sent().startsWith("GET /inspect?"))
                .findFirst()
                .orElseThrow();
        assertThat(figure("websocket-short", "in")).isCloseTo(handshake.bytesIn() + in, within(1.5));
        assertThat(figure("websocket-short", "out"))
                .isCloseTo(handshake.bytesOut().get() + out, within(2.0));
    }

    @Test
    void surviveFindsTheLimitAndWhoEndsWhat() {
        browser.open(relay.url() + "#survive", 1280, 1000);
        Panel survive = panel("#survive").type("silences", "1.6, 2.4").type("heartbeat", "0.9");
        assertThat(survive.text("estimate")).contains("about");

        measure(survive);

        List<String> http = row("HTTP stream");
        assertThat(seconds(http.get(1))).isCloseTo(2, within(0.2));
        // Two silences that are that close count as one.
        assertThat(seconds(http.get(2))).isCloseTo(2, within(0.2)).isGreaterThanOrEqualTo(seconds(http.get(1)));
        assertThat(http.get(3)).isEqualTo("the connection was broken");
        assertThat(http.get(4)).isEqualTo("an unnamed intermediary");
        assertThat(http.get(6)).isEqualTo("900 ms");
        assertThat(http.get(7)).startsWith("survived ");
        assertThat(row("SSE")).as("the same result is one row").isEqualTo(http);
        List<String> webSocket = row("WebSocket");
        assertThat(seconds(webSocket.get(1))).isCloseTo(2, within(0.2));
        assertThat(seconds(webSocket.get(2))).isCloseTo(2, within(0.2));
        assertThat(webSocket.get(3)).isEqualTo("the next message was not answered");
        assertThat(webSocket.get(4)).isEqualTo("a silent drop");
        assertThat(webSocket.get(5)).as("noticed by the service").isEqualTo("no");
        assertThat(survive.text("verdict"))
                .contains(
                        "set the heartbeat to 900 ms",
                        "An intermediary between this browser and the service ended it",
                        "dropped it without a notice",
                        "What to change",
                        "events arrive one by one");

        opensFromItsLink(survive);
    }

    @Test
    void surviveTellsTheServicesOwnEnds() throws IOException {
        browser.open(service.url() + "#survive", 1280, 1000);
        browser.evaluate("document.querySelectorAll('#survive-view [type=checkbox]').forEach((box) => {"
                + " box.checked = box.name === 'websocket' })");
        Panel survive = panel("#survive").type("silences", "5").type("heartbeat", "");
        String label = browser.evaluate("return document.querySelector('survive-view').label") + ".1";

        survive.press("start");
        await("the connection").until(() -> !service.connections(label).isEmpty());
        service.kick(label);
        awaitResult(survive);

        assertThat(row("WebSocket").subList(3, 5)).satisfies(cells -> {
            assertThat(cells.getFirst()).startsWith("close code 4001");
            assertThat(cells.getLast()).isEqualTo("the service");
        });
        assertThat(survive.text("verdict")).contains("The service itself ended it");
    }

    @Test
    void aRunCanBeStopped() {
        browser.open(service.url() + "#survive", 1280, 1000);
        Panel survive = panel("#survive").type("silences", "600").type("heartbeat", "");

        survive.press("start");
        await("silence").until(() -> survive.text("waiting").contains("Waiting for 3 silent connections"));
        survive.press("stop");

        await("its end").until(() -> survive.isEnabled("start"));
        assertThat(survive.text("trouble")).isEqualTo("Stopped.");
        service.awaitNoConnections();
    }

    /** Copies the result as text and as a link. The link shows the same result, marked as not measured here. */
    private static void opensFromItsLink(Panel view) {
        String verdict = view.text("verdict");
        String table = view.text("table");
        browser.evaluate("""
                globalThis.copied = [];
                navigator.clipboard.writeText = async (text) => { globalThis.copied.push(text) };
                """);
        view.press("copy-text").press("copy-link");
        await("copies").until(() -> copied().size() == 2);
        assertThat(copied().getFirst())
                .contains(verdict.lines().findFirst().orElseThrow(), "HTTP stream", "an unnamed intermediary");
        String link = copied().getLast();

        browser.leave();
        browser.open(link, 320, 844);
        assertThat(browser.evaluate("return document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
        assertThat(view.text("verdict")).isEqualTo(verdict);
        assertThat(view.text("origin"))
                .contains("not measured here", relay.url().substring(0, 17));
        browser.open(link, 1280, 1000);
        assertThat(view.text("table")).isEqualTo(table);
    }

    private static List<String> copied() {
        return strings(browser.evaluate("return globalThis.copied"));
    }

    private static Panel panel(String view) {
        return browser.panel(view.substring(1) + "-view");
    }

    private static void measure(Panel panel) {
        panel.press("start");
        awaitResult(panel);
    }

    private static void awaitResult(Panel panel) {
        await(panel + " to be done").atMost(LONGEST_RUN).until(() -> panel.isEnabled("start"));
        assertThat(panel.text("trouble")).isEmpty();
    }

    private static double figure(String way, String figure) {
        String text = text("#compare-view [data-way=" + way + "] [data-figure=" + figure + "]")
                .getFirst();
        return Double.parseDouble(text.replaceAll("[^0-9.]", ""));
    }

    private static List<String> row(String transport) {
        return strings(browser.evaluate("""
                const rows = [...document.querySelectorAll("#survive-view [data-part=table] tbody tr")];
                const row = rows.find(({ cells }) => cells[0].textContent.includes(arguments[0]));
                return [...row.cells].map((cell) => cell.textContent);
                """, transport));
    }

    private static double seconds(String text) {
        assertThat(text).endsWith(" s");
        return Double.parseDouble(text.substring(0, text.length() - 2));
    }

    private static void openAt(String fragment) {
        browser.leave();
        browser.open(service.url() + fragment, 1280, 1000);
    }

    private static void follow(String fragment) {
        browser.evaluate("document.querySelector(`view-nav a[href=\"${arguments[0]}\"]`).click()", fragment);
        await("the address").until(() -> Objects.equals(browser.evaluate("return location.hash"), fragment));
    }

    private static List<String> shown() {
        return strings(
                browser.evaluate(
                        "return [...document.querySelectorAll('main')].filter((main) => main.checkVisibility()).map((main) => main.dataset.view)"));
    }

    private static String current() {
        return String.join(" ", text("view-nav [aria-current=page]"));
    }

    private static List<String> text(String selector) {
        return strings(browser.evaluate(
                "return [...document.querySelectorAll(arguments[0])].map((element) => element.textContent)", selector));
    }

    private static List<String> strings(@Nullable Object list) {
        return ((List<?>) Objects.requireNonNull(list))
                .stream().map(String::valueOf).toList();
    }
}
