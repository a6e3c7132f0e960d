// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.page.PageWaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.connection.Transport;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The page, as a user sees it, in a real browser with the whole service. */
class PageTest {

    /** Errors that Chromium itself reports if a server refuses or is not there. All others are errors of the page. */
    static final String NETWORK = ".*(Failed to load resource: |WebSocket connection to ).*";

    @AutoClose
    private static Browser browser;

    @AutoClose
    private static PageService service;

    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest
    @ValueSource(strings = {"http", "websocket", "tcp"})
    @interface EachPanel {}

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        service = new PageService();
    }

    @BeforeEach
    void open() {
        browser.openIdle(service.url(), 1280, 1000);
    }

    @AfterEach
    void leavesNothingBehind() {
        assertThat(browser.errors()).allMatch(error -> error.matches(NETWORK));

        browser.leave();
        service.awaitNoConnections();
    }

    @Test
    void loadsWithoutErrorsAndFromNowhereElse() throws IOException {
        try (Browser recorded = Browser.recording()) {
            recorded.open(service.url(), 1280, 800);
            Stream.of("http", "websocket", "tcp")
                    .map(recorded::panel)
                    .forEach(panel -> panel.press("connect")
                            .awaitState("open")
                            .send("ahoy")
                            .awaitEntry("in", "ahoy"));

            assertThat(recorded.errors()).isEmpty();
            assertThat(recorded.hosts())
                    .containsExactly(URI.create(service.url()).getAuthority());
        }
    }

    @EachPanel
    void connectsSendsReceivesAndDisconnects(String id) {
        Panel panel = browser.panel(id);
        assertThat(panel.state()).isEqualTo("closed");
        assertThat(panel.number("age")).isNaN();
        assertThat(panel.number("rtt")).isNaN();

        panel.press("connect").awaitState("open").send("hold fast").awaitEntry("in", "hold fast");
        assertThat(panel.entries("out")).singleElement().asString().contains("hold fast");
        panel.awaitNumber("messages-out", count -> count == 1);
        panel.awaitNumber("bytes-out", count -> count == 9);
        panel.awaitNumber("messages-in", count -> count >= 1);
        panel.awaitNumber("bytes-in", count -> count >= 9);
        panel.awaitNumber("rtt", rtt -> rtt >= 0);
        double age = panel.number("age");
        panel.awaitNumber("age", later -> later > age);

        panel.press("disconnect").awaitState("closed").awaitNumber("age", Double::isNaN);
        service.awaitNoConnections();
    }

    @EachPanel
    void connectsAgainAfterDisconnect(String id) {
        Panel panel = browser.panel(id);

        panel.press("connect").awaitState("open").press("disconnect").awaitState("closed");
        panel.press("connect").awaitState("open");

        panel.send("once more").awaitEntry("in", "once more");
    }

    @EachPanel
    void enterSends(String id) {
        Panel panel = browser.panel(id).press("connect").awaitState("open");

        panel.type("text", "return", Keys.ENTER);

        panel.awaitEntry("in", "return");
    }

    @EachPanel
    void keyboardAloneIsEnough(String id) {
        Panel panel = browser.panel(id);

        browser.tabTo(id, "connect", false);
        browser.type(Keys.SPACE);
        panel.awaitState("open");
        assertThat(browser.focus()).as("the place of a button that is off now").isEqualTo(id + " disconnect");
        assertThat(browser.evaluate("return getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");

        browser.tabTo(id, "text", false);
        browser.type("by hand", Keys.ENTER);
        panel.awaitEntry("in", "by hand");

        browser.tabTo(id, "disconnect", true);
        browser.type(Keys.ENTER);
        panel.awaitState("closed");
        assertThat(browser.focus()).isEqualTo(id + " connect");
    }

    @EachPanel
    void markupIsShownAsText(String id) {
        String markup = "<img src=x onerror=\"document.title='hit'\"><b>bold</b>";
        Panel panel = browser.panel(id);
        if (id.equals("http")) {
            panel.type("message", "tick " + markup);
        }

        panel.press("connect").awaitState("open").send(markup).awaitEntry("in", markup);

        if (id.equals("http")) {
            panel.awaitEntry("in", "tick " + markup);
        }
        assertThat(browser.evaluate("return document.querySelectorAll('main :is(img, b)').length"))
                .isEqualTo(0L);
        assertThat(browser.evaluate("return document.title")).isEqualTo("Holdfast");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eventsource", "fetch-text", "fetch-ndjson", "fetch-sse"})
    void httpReadsTheStreamWithEveryReader(String reader) {
        Panel http = browser.panel("http")
                .choose("reader", reader)
                .type("interval", "20ms")
                .type("message", "by " + reader);

        http.press("connect").awaitState("open").awaitNumber("messages-in", count -> count >= 20);

        List<String> ticks = http.press("disconnect").awaitState("closed").entries("in");
        assertThat(ticks).allMatch(tick -> tick.endsWith("by " + reader));
        if (!reader.equals("fetch-text")) {
            assertThat(ticks)
                    .as("every tick, in order")
                    .allSatisfy(tick -> assertThat(tick).contains("#" + (ticks.indexOf(tick) + 1) + " by "));
        }
        http.awaitNumber("bytes-in", bytes -> bytes > ticks.size() * (double) reader.length());
    }

    @Test
    void httpSettingChangedWhileOpenTakesEffectAtOnce() {
        Panel http = browser.panel("http").press("connect").awaitState("open").awaitEntry("in", "hello world");

        http.choose("reader", "fetch-text").type("message", "changed", Keys.ENTER);

        http.awaitEntry("in", "changed").awaitState("open");
    }

    @Test
    void httpSendsWithoutAStream() {
        Panel http = browser.panel("http");

        http.send("on its own").awaitEntry("in", "on its own").awaitNumber("rtt", rtt -> rtt >= 0);

        assertThat(http.state()).isEqualTo("closed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eventsource", "fetch-text", "fetch-ndjson", "fetch-sse"})
    void refusedStreamShowsTheServersReason(String reader) {
        Panel http = browser.panel("http").choose("reader", reader).type("interval", "25h");

        http.press("connect").awaitState("failed");
        assertThat(http.text("state")).contains("400", "interval", "500ms");

        http.type("interval", "1s").press("connect").awaitState("open");
    }

    @Test
    void intervalThatIsNoTimeIsNotAskedFor() {
        Panel http = browser.panel("http").press("connect").awaitState("open");

        http.type("interval", "soon", Keys.ENTER);

        await("the message")
                .until(() -> http.text("invalid").contains("‘soon’ is not a time. Valid: 0, or 1ms to 24h"));
        assertThat(http.state()).isEqualTo("open");
        http.type("interval", "500ms", Keys.ENTER).awaitState("open");
        await("no message").until(() -> http.text("invalid").isEmpty());
    }

    @Test
    void webSocketSendsBinary() {
        Panel webSocket = browser.panel("websocket").press("connect").awaitState("open");

        webSocket.choose("kind", "binary").send("h\u00e9");

        webSocket.awaitEntry("out", "h\u00e9", "68 c3 a9").awaitEntry("in", "h\u00e9", "68 c3 a9");
        assertThat(webSocket.entries("event")).noneMatch(event -> event.contains("not one that was sent"));
    }

    @Test
    void tcpShowsTextAndBytes() {
        Panel tcp = browser.panel("tcp").press("connect").awaitState("open");

        tcp.choose("ending", "\n").send("hi");

        tcp.awaitEntry("out", "hi\u21b5", "68 69 0a").awaitEntry("in", "hi\u21b5", "68 69 0a");
        tcp.awaitNumber("bytes-out", bytes -> bytes == 3).awaitNumber("bytes-in", bytes -> bytes == 3);
    }

    @Test
    void logAndFiguresStartAnew() {
        Panel webSocket = browser.panel("websocket").press("connect").awaitState("open");
        webSocket.send("old").awaitEntry("in", "old").awaitNumber("rtt-median", rtt -> rtt >= 0);
        assertThat(webSocket.number("rtt-min")).isLessThanOrEqualTo(webSocket.number("rtt-median"));

        webSocket.press("clear").press("reset");

        webSocket.awaitNumber("rtt", Double::isNaN).awaitNumber("bytes-in", bytes -> bytes == 0);
        await("an empty log").until(() -> webSocket.text("log").isEmpty());
        assertThat(webSocket.state()).isEqualTo("open");
    }

    @Test
    void panelsRecoverByThemselves() {
        panels().forEach(panel -> panel.press("connect").awaitState("open"));

        service.whileAway(() -> panels().forEach(panel -> panel.awaitState("reconnecting")));

        panels().forEach(panel -> panel.awaitState("open").send("back").awaitEntry("in", "back"));
        await("the footer to know the new server").until(() -> footer().contains("port " + service.tcpEcho()));
    }

    @Test
    void whoDisconnectsWhileTheServerIsAwayStaysDisconnected() {
        panels().forEach(panel -> panel.press("connect").awaitState("open"));

        service.whileAway(() -> Stream.of("http", "tcp")
                .map(browser::panel)
                .forEach(panel ->
                        panel.awaitState("reconnecting").press("disconnect").awaitState("closed")));

        browser.panel("websocket").awaitState("open");
        assertThat(browser.panel("http").state()).isEqualTo("closed");
        assertThat(browser.panel("tcp").state()).isEqualTo("closed");
        assertThat(service.traffic(Transport.HTTP).opened()).isZero();
        assertThat(service.traffic(Transport.TCP).opened()).isZero();
    }

    @Test
    void pageThatIsLeftHoldsNothingOpenAndGoesOnWhenItIsShownAgain() {
        panels().forEach(panel -> panel.press("connect").awaitState("open"));
        browser.panel("tcp").press("disconnect").awaitState("closed");

        browser.leave();
        service.awaitNoConnections();

        browser.back();
        browser.panel("http").awaitState("open");
        browser.panel("websocket").awaitState("open").send("again").awaitEntry("in", "again");
        assertThat(browser.panel("tcp").state()).isEqualTo("closed");
    }

    @Test
    void footerSaysWhichServerThisIs() {
        await("the footer").until(() -> footer().contains("port " + service.tcpEcho()));

        assertThat(footer()).contains("Java " + Runtime.version().feature());
    }

    @Test
    void nothingOverflows() {
        String word = "unbreakable".repeat(7);

        panels().forEach(panel ->
                panel.press("connect").awaitState("open").send(word).awaitEntry("in", word));
        browser.panel("http")
                .choose("reader", "fetch-sse")
                .type("interval", "9".repeat(70) + "h", Keys.ENTER)
                .awaitState("failed");

        assertThat(browser.overflowing(
                        "body *:not(.table-box *)", "html, dd, dt, .entries, button", 320, 390, 1024, 1280))
                .isEmpty();
    }

    @Test
    void panelsStandSideBySideOnADesktop() {
        assertThat(edges("top")).containsOnly(edges("top").getFirst());
        assertThat(edges("left")).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void panelsStandBelowEachOtherOnAPhone() {
        browser.open(service.url(), 390, 844);

        assertThat(edges("left")).containsOnly(edges("left").getFirst());
        assertThat(edges("top")).isSorted().doesNotHaveDuplicates();
    }

    /** Where the three panels are, in pixels from the same {@code edge} of the window. */
    private static List<Double> edges(String edge) {
        return Stream.of("http", "websocket", "tcp")
                .map(id -> String.valueOf(browser.evaluate(
                        "return document.getElementById(arguments[0]).getBoundingClientRect()[arguments[1]]",
                        id,
                        edge)))
                .map(Double::valueOf)
                .toList();
    }

    private static List<Panel> panels() {
        return Stream.of("http", "websocket", "tcp").map(browser::panel).toList();
    }

    private static String footer() {
        return String.valueOf(browser.evaluate("return document.querySelector('server-info').textContent"));
    }
}
