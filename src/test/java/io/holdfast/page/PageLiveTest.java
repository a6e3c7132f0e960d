// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.page.PageWaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.page.Middlebox.Trouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** What somebody sees who only opens the page: live connections, how they end, and how they come back. */
class PageLiveTest {

    private static final Duration FAULT = Duration.ofSeconds(30);

    private static final String ENDS = """
            return [...document.querySelectorAll("#timeline tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent).join(" | "));
            """;

    @AutoClose
    private static Browser browser;

    @AutoClose
    private static PageService service;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        service = new PageService();
    }

    @BeforeEach
    void open() {
        browser.open(service.url(), 1280, 800);
    }

    @AfterEach
    void leavesNothingBehind() {
        assertThat(browser.errors()).allMatch(error -> error.matches(PageTest.NETWORK));

        browser.leave();
        service.awaitNoConnections();
    }

    @Test
    void threeConnectionsAreOpenAndTheTimelineShowsThemWithoutScrolling() {
        panels().forEach(panel -> panel.awaitState("open"));
        panels().skip(1).forEach(panel -> panel.awaitNumber("rtt", rtt -> rtt >= 0));
        browser.panel("http").awaitEntry("in", "hello world");

        // It is drawn a few times a second.
        await("the timeline").until(() -> Boolean.TRUE.equals(browser.evaluate("""
                return document.querySelector(".timeline-ends, .timeline-none").getBoundingClientRect().bottom < innerHeight
                  && document.querySelectorAll("#timeline .timeline-lane .open").length === 3;
                """)));
        assertThat(browser.evaluate("return document.querySelector('#timeline svg[role=img]').ariaLabel"))
                .asString()
                .startsWith("HTTP: open; in the last 60 s: 0 ends, 0 retries");
        assertThat(browser.evaluate("return document.querySelector('#channel-sse [data-part=log]').clientHeight"))
                .as("an empty log has one line")
                .asInstanceOf(InstanceOfAssertFactories.LONG)
                .isLessThan(50);
    }

    @ParameterizedTest
    @CsvSource({
        "reset, The connection broke, The connection broke, The connection broke",
        "close, The connection broke, 4321 as asked for, 4321 as asked for",
        "delay, Answered after 5, Answered after 5, Answered after 5",
        "stall, Nothing came for, Nothing came for, Nothing came for",
        "silence, a stream cannot be asked, the connection works, the connection works",
    })
    void faultIsSeenAndTheNextConnectionHasNone(String fault, String http, String webSocket, String tcp) {
        panels().forEach(panel -> panel.awaitState("open").press("fault-" + fault));

        panels().forEach(panel -> await(panel + " is well again")
                .atMost(FAULT)
                .until(() -> Boolean.TRUE.equals(browser.evaluate(
                        "return document.querySelector(`#${arguments[0]} fault-bar`).dataset.over === 'true'",
                        panel.toString()))));
        assertThat(steps("http")).anyMatch(step -> step.contains(http));
        assertThat(steps("websocket")).anyMatch(step -> step.contains(webSocket));
        assertThat(steps("tcp")).anyMatch(step -> step.contains(tcp));
        panels().forEach(panel -> {
            assertThat(panel.state()).isEqualTo("open");
            List<String> opened = steps(panel.toString()).stream()
                    .filter(step -> step.contains("Opening "))
                    .toList();
            assertThat(opened.getFirst()).containsPattern("end=|delay=|heartbeat=none");
            assertThat(opened.getLast()).doesNotContainPattern("end=|delay=|heartbeat=none");
        });
    }

    @Test
    void timelineHasEveryEndWithWhoClosedItTheRetriesAndTheGap() throws IOException {
        panels().forEach(panel -> panel.awaitState("open"));
        browser.panel("http").press("fault-reset");
        await("the service's record")
                .untilAsserted(() -> assertThat(ends())
                        .anySatisfy(end -> assertThat(end)
                                .contains("HTTP | The connection broke; the service’s record: fault | the service |")));
        panels().forEach(panel -> panel.awaitState("open"));

        service.whileAway(() -> panels().forEach(panel -> panel.awaitState("reconnecting")));
        panels().forEach(panel -> panel.awaitState("open"));

        await("the ends")
                .untilAsserted(() -> assertThat(ends())
                        .anyMatch(
                                end -> end.matches(
                                        ".*WebSocket \\| The server is draining.* the service \\| .* \\| [1-9]\\d* \\| [\\d.]+\\u00a0s"))
                        .anyMatch(end -> end.matches(".*HTTP \\| The server said goodbye \\(draining\\).*")));
        browser.panel("tcp").press("disconnect").awaitState("closed");
        await("the end by this page")
                .untilAsserted(() -> assertThat(ends().getFirst())
                        .contains("TCP | Disconnected here | this page |")
                        .endsWith("no more tries"));
        assertThat(browser.evaluate("""
                const count = (name) => document.querySelectorAll(`#timeline .timeline-lane .${name}`).length;
                return count("end") >= 4 && count("gap") >= 3 && count("retry") >= 3;
                """)).isEqualTo(true);
    }

    /** A proxy may want a sign-in. To ask again and again would not help. */
    @Test
    void refusalIsShownAndNotTriedAgain() throws IOException {
        try (Middlebox proxy = new Middlebox(service.http())) {
            proxy.makes(Trouble.ASKS_FOR_SIGN_IN);
            browser.open(proxy.relay().url(), 1280, 800);

            panels().forEach(panel -> {
                panel.awaitState("denied");
                assertThat(panel.text("state")).contains("401", "Sign in at the gateway");
            });
            proxy.makes();
            panels().forEach(panel -> panel.press("connect").awaitState("open"));
            browser.leave();
        }
    }

    @Test
    void commandsForATerminalWork() throws Exception {
        panels().forEach(panel -> panel.awaitState("open"));

        assertThat(copied("http", "curl")).startsWith("curl -N ");
        assertThat(run(copied("http", "curl"))).contains("data: ", "hello world");
        browser.panel("tcp").type("text", "it's here");
        await("the port").until(() -> copied("tcp", "nc").contains(" " + service.tcpEcho()));
        assertThat(run(copied("tcp", "nc"))).isEqualTo("it's here\n");
        assertThat(run(copied("channel", "nc"))).contains("\"type\":\"subscribed\",\"channel\":\"news\"");
        assertThat(run(copied("channel", "curl"))).contains("event: welcome");
        assertThat(copied("websocket", "wscat")).contains("wscat -c 'ws://", "/echo'", "-x 'hello world'");
    }

    @ParameterizedTest
    @CsvSource({
        "http, javascript, hello world",
        "websocket, javascript, hello world",
        "tcp, javascript, hello world",
        "channel, browser-client, open"
    })
    void codeForAPageWorks(String panel, String language, String expected) {
        String code = copied(panel, language);
        browser.evaluate(
                "window.seen = []; for (const name of ['log', 'info']) console[name] = (...texts) => seen.push(texts.join(' '))");

        browser.evaluateLater("""
                const [code, done] = arguments;
                const AsyncFunction = Object.getPrototypeOf(async () => 0).constructor;
                const kept = ["stream", "socket", "subscription"].map((name) => `typeof ${name} === "undefined" ? undefined : ${name}`);
                new AsyncFunction(`${code}; window.others = [${kept}];`)().then(done, done);
                """, code);

        await("its output")
                .until(() -> String.valueOf(browser.evaluate("return seen.join('\\n')"))
                        .contains(expected));
        browser.evaluate("window.others.forEach((other) => other?.close())");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void whatTheFilterLeavesIsSaved(String format) {
        Panel panel =
                browser.panel("websocket").awaitState("open").send("needle").awaitEntry("in", "needle");
        panel.send("hay").awaitEntry("in", "hay");
        browser.evaluate("URL.createObjectURL = (blob) => (blob.text().then((text) => (window.saved = text)), '#')");

        panel.type("filter", "NEEDLE");
        await("the filter").until(() -> panel.entries("in").size() == 1);
        panel.press("save-" + format);

        await("the file").until(() -> browser.evaluate("return window.saved") != null);
        assertThat(String.valueOf(browser.evaluate("return window.saved")))
                .contains("needle")
                .doesNotContain("hay")
                .contains(format.equals("json") ? "\"direction\": \"in\"" : " in needle");
    }

    @Test
    void skipLinkLeadsToTheContent() {
        browser.type(Keys.TAB);
        assertThat(browser.evaluate("return document.activeElement.className")).isEqualTo("skip");

        browser.type(Keys.ENTER);

        assertThat(browser.evaluate("return document.activeElement.dataset.view"))
                .isEqualTo("exercise");
    }

    @Test
    void nothingOverlapsWithTextOfTwiceTheSize() {
        panels().forEach(panel -> panel.awaitState("open").press("fault-reset"));
        await("ends").until(() -> ends().size() >= 3);

        browser.evaluate("document.documentElement.style.fontSize = '200%'");

        assertThat(browser.overflowing(
                        "body *:not(.table-box *, .unseen)", "html, dd, dt, .entries, button", 390, 1280))
                .isEmpty();
    }

    @Test
    void subscribeIsNotTheNextStepOfASubscriber() {
        Panel channel = browser.panel("channel").press("subscribe");
        String primary =
                "return document.querySelector('#channel [data-part=subscribe]').classList.contains('primary')";
        assertThat(browser.evaluate(primary)).isEqualTo(false);

        channel.press("leave");

        assertThat(browser.evaluate(primary)).isEqualTo(true);
    }

    private static Stream<Panel> panels() {
        return Stream.of("http", "websocket", "tcp").map(browser::panel);
    }

    private static List<String> ends() {
        return strings(ENDS);
    }

    private static List<String> steps(String panel) {
        return strings(
                "return [...document.querySelectorAll(`#${arguments[0]} .fault-steps li`)].map((step) => step.textContent)",
                panel);
    }

    private static List<String> strings(String script, Object... arguments) {
        return ((List<?>) Objects.requireNonNull(browser.evaluate(script, arguments)))
                .stream().map(String::valueOf).toList();
    }

    /** The text that a button copies. */
    private static String copied(String panel, String as) {
        browser.panel(panel).press("copy-" + as);
        return String.valueOf(browser.evaluate(
                "return document.querySelector(`#${arguments[0]} [data-part=copied-text]`).textContent", panel));
    }

    /** What a shell prints that runs a command for two seconds. */
    private static String run(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("timeout", "2", "bash", "-c", command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroy();
            assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        }
    }
}
