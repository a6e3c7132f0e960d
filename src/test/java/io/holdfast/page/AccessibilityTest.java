// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.page.PageWaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page in all its views and states, as the accessibility checker axe sees it. The views are those of the navigation. */
class AccessibilityTest {

    private static final String KEY = "a key of the test that has 32 bytes or more".replace(' ', '-');
    private static final Duration LONGEST_RUN = Duration.ofSeconds(60);

    private static final String OPEN_DETAILS =
            "document.querySelectorAll('details').forEach((details) => (details.open = true))";

    /** The quickest run of each view that measures. */
    private static final String QUICK = """
            const set = (part, value) => {
              const field = document.querySelector(`main:not([hidden]) [data-part=${part}]`);
              if (field) field.value = value;
            };
            set("count", "10");
            set("silences", "1, 2");
            set("heartbeat", "1");
            """;

    @AutoClose
    private static Browser browser;

    @AutoClose
    private static PageService service;

    private static Axe axe;

    private Panel access;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        axe = new Axe(browser);
        service = new PageService(
                "--holdfast.access.keys.robot.secret=" + KEY,
                "--holdfast.access.keys.robot.subscribe=**",
                "--holdfast.access.keys.robot.publish=**",
                "--holdfast.access.keys.robot.role=operator");
    }

    @BeforeEach
    void open() {
        browser.open(service.url(), 1280, 1000);
        access = browser.panel("sign-in");
        await("the user").until(() -> access.text("who").contains("Not signed in"));
    }

    @AfterEach
    void leavesNothingBehind() {
        browser.leave();
        service.awaitNoConnections();
    }

    @Test
    void everyViewForSomebodyWhoMayDoNothing() {
        views().forEach(AccessibilityTest::findsNothingIn);
    }

    @Test
    void everyViewForAnOperatorWithAllDetailsOpen() {
        signIn();

        views().forEach(AccessibilityTest::findsNothingIn);
    }

    @Test
    void openConnectionsWithMessages() {
        signIn();
        // axe cannot judge entries that are partly scrolled out of a log.
        browser.panel("http").type("interval", "10m");
        Stream.of("http", "websocket", "tcp")
                .map(browser::panel)
                .forEach(panel ->
                        panel.press("connect").awaitState("open").send("ahoy").awaitEntry("in", "ahoy"));
        browser.panel("channel").press("subscribe").press("publish");
        await("the table's rows").until(() -> count("#connections tbody tr") >= 3);

        findsNothing("with open connections");
    }

    @Test
    void everyMeasurementWhileItRunsAndItsResult() {
        signIn();
        for (String view : views()) {
            show(view);
            if (count("main:not([hidden]) [data-part=start]") > 0) {
                browser.evaluate(QUICK);
                browser.evaluate("document.querySelector('main:not([hidden]) [data-part=start]').click()");
                findsNothing(view + " while it measures");

                await("the result of " + view)
                        .atMost(LONGEST_RUN)
                        .until(() -> count("main:not([hidden]) [data-part=start]:enabled") > 0);
                findsNothing(view + " with a result");
            }
        }
    }

    @Test
    void brokenLinks() {
        signIn();
        for (String view : List.of("#survive=x", "#compare=x")) {
            show(view);
            findsNothing(view);
        }
    }

    @Test
    void dialogs() {
        access.press("open").type("token", "no-token").press("sign-in");
        await("the refusal").until(() -> count("#sign-in [aria-invalid=true]") > 0);
        findsNothing("the dialog to sign in, with an error");

        access.type("token", KEY).press("sign-in");
        awaitSignedIn();
        browser.panel("websocket").press("connect").awaitState("open");
        await("the button").until(() -> count("#connections [data-part=close-all]:enabled") > 0);
        browser.evaluate("document.querySelector('#connections [data-part=close-all]:enabled').click()");
        findsNothing("a question");
        browser.panel("confirm").press("no");
    }

    private void signIn() {
        access.press("open").type("token", KEY).press("sign-in");
        awaitSignedIn();
    }

    private void awaitSignedIn() {
        await("the user").until(() -> access.text("who").contains("robot"));
    }

    private static List<String> views() {
        List<?> views = (List<?>) Objects.requireNonNull(
                browser.evaluate("return [...document.querySelectorAll('view-nav a')].map((link) => link.hash)"));
        assertThat(views).hasSizeGreaterThanOrEqualTo(3);
        return views.stream().map(String::valueOf).toList();
    }

    private static void findsNothingIn(String view) {
        show(view);
        findsNothing(view);
    }

    private static void show(String view) {
        browser.evaluate("location.hash = arguments[0]", view);
        await("view " + view).until(() -> Boolean.TRUE.equals(browser.evaluate("""
                const [name] = arguments[0].slice(1).split("=");
                const view = document.querySelector("main:not([hidden])");
                return view?.dataset.view === name && !view.querySelector(":not(:defined)");
                """, view)));
    }

    private static void findsNothing(String state) {
        browser.evaluate(OPEN_DETAILS);
        assertThat(axe.findings()).as(state).isEmpty();
    }

    private static long count(String selector) {
        return (Long) Objects.requireNonNull(
                browser.evaluate("return document.querySelectorAll(arguments[0]).length", selector));
    }
}
