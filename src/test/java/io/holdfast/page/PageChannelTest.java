// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.page.PageWaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The page's channel panel, as a user sees it. */
class PageChannelTest {

    private static final int HISTORY = 20;

    private static final AtomicInteger CHANNELS = new AtomicInteger();

    @AutoClose
    private static Browser browser;

    @AutoClose
    private static PageService service;

    private final String channel = "panel-" + CHANNELS.incrementAndGet();
    private Panel panel;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        service = new PageService("--holdfast.history.messages=" + HISTORY, "--holdfast.limits.message-size=200B");
    }

    @BeforeEach
    void open() {
        browser.openIdle(service.url(), 1280, 1000);
        panel = browser.panel("channel");
    }

    @AfterEach
    void leavesNothingBehind() {
        assertThat(browser.errors()).allMatch(error -> error.matches(PageTest.NETWORK));
        browser.leave();
        service.awaitNoConnections();
    }

    @Test
    void whatIsPublishedOnAnyArrivesOnAllThree() {
        subscribe();

        publish("http", "by request");
        awaitOutcome("Published over HTTP", ":1");
        publish("websocket", "by message");
        awaitOutcome("Published over WebSocket", ":2");
        publish("tcp", "by line");
        awaitOutcome("Published over TCP", ":3");

        lanes().forEach(lane -> lane.awaitEntry("in", "#1 by request")
                .awaitEntry("in", "#2 by message")
                .awaitEntry("in", "#3 by line")
                .awaitNumber("messages", count -> count == 3)
                .awaitNumber("latency-median", latency -> latency > 0 && latency < 20_000)
                .awaitNumber("latency-max", latency -> latency > 0)
                .awaitNumber("resumed", count -> count == 0));
    }

    @Test
    void eachLaneThatIsCutGoesOnWhereItWas() {
        subscribe();
        lanes().forEach(this::cutAndReconnect);

        lanes().forEach(lane -> lane.awaitNumber("messages", count -> count == 6)
                .awaitNumber("resumed", count -> count == 1)
                .awaitNumber("lost", count -> count == 0));
    }

    private void cutAndReconnect(Panel cut) {
        String missed = "missed by " + cut;
        String live = "seen by " + cut;
        cut.press("cut").awaitState("closed");
        publish("http", missed);
        lanes().filter(lane -> !lane.state().equals("closed")).forEach(lane -> lane.awaitEntry("in", missed));
        await("the answer").until(() -> panel.isEnabled("publish"));

        cut.press("cut").awaitState("open").awaitEntry("in", "resumed", missed);
        publish("http", live);

        cut.awaitEntry("in", live);
        assertThat(cut.entries("in"))
                .filteredOn(entry -> entry.contains(live))
                .noneMatch(entry -> entry.contains("resumed"));
    }

    @Test
    void gapIsShown() {
        subscribe();
        publish("http", "before");
        lanes().forEach(lane -> lane.awaitEntry("in", "before"));
        lanes().forEach(lane -> lane.press("cut").awaitState("closed"));

        panel.type("times", String.valueOf(HISTORY + 5));
        publish("http", "lost");
        awaitOutcome(":" + (HISTORY + 6));
        lanes().forEach(lane -> lane.press("cut").awaitState("open"));

        lanes().forEach(lane -> lane.awaitEntry("event", "gap", (HISTORY + 5) + " lost")
                .awaitNumber("lost", count -> count == HISTORY + 5));
    }

    @Test
    void cutLaneIsNotPublishedOver() {
        subscribe();
        browser.panel("channel-websocket").press("cut").awaitState("closed");

        publish("websocket", "nowhere");

        awaitOutcome("Not published", "WebSocket is not connected");
    }

    @Test
    void otherChannelBeginsAnew() {
        subscribe();
        publish("http", "old");
        lanes().forEach(lane -> lane.awaitNumber("messages", count -> count == 1));

        panel.type("channel", channel + "-other").press("subscribe");
        lanes().forEach(lane -> lane.awaitState("open").awaitNumber("messages", count -> count == 0));
        publish("http", "new");

        lanes().forEach(lane -> lane.awaitEntry("in", "#1 new").awaitNumber("messages", count -> count == 1));
    }

    @Test
    void leavingEndsAllThree() {
        subscribe();

        panel.press("leave");

        lanes().forEach(lane -> lane.awaitState("closed"));
        service.awaitNoConnections();
    }

    @Test
    void refusalIsTold() {
        publish("http", "x".repeat(300));

        awaitOutcome("Not published", "413");
    }

    @Test
    void keyboardAloneIsEnough() {
        panel.type("channel", channel);

        browser.tabTo("channel", "subscribe", false);
        browser.type(Keys.ENTER);
        lanes().forEach(lane -> lane.awaitState("open"));
        browser.tabTo("channel", "text", false);
        browser.type("by hand", Keys.ENTER);
        lanes().forEach(lane -> lane.awaitEntry("in", "#1 by hand"));
        browser.tabTo("channel", "cut", false);
        browser.type(Keys.SPACE);
        browser.panel("channel-sse").awaitState("closed");
        assertThat(browser.focus()).isEqualTo("channel cut");
        browser.type(Keys.SPACE);
        browser.panel("channel-sse").awaitState("open");
        browser.tabTo("channel", "leave", true);
        browser.type(Keys.ENTER);

        lanes().forEach(lane -> lane.awaitState("closed"));
        assertThat(browser.focus()).as("the place of a button that is off now").isEqualTo("channel subscribe");
    }

    @Test
    void markupIsShownAsText() {
        String markup = "<img src=x onerror=\"document.title='hit'\"><b>bold</b>";
        subscribe();

        publish("http", markup);

        lanes().forEach(lane -> lane.awaitEntry("in", markup));
        assertThat(browser.evaluate("return document.querySelectorAll('main :is(img, b)').length"))
                .isEqualTo(0L);
    }

    @Test
    void pageThatIsLeftHoldsNothingOpenAndGoesOnWhenItIsShownAgain() {
        subscribe();
        browser.panel("channel-tcp").press("cut").awaitState("closed");

        browser.leave();
        service.awaitNoConnections();
        service.publish(channel, "\"away\"");
        browser.back();

        Stream.of("channel-sse", "channel-websocket").map(browser::panel).forEach(lane -> lane.awaitState("open"));
        assertThat(browser.panel("channel-tcp").state()).isEqualTo("closed");
    }

    @Test
    void nothingOverflows() {
        subscribe();

        publish("http", "unbreakable".repeat(7));
        lanes().forEach(lane ->
                lane.awaitEntry("in", "unbreakable").press("cut").awaitState("closed"));

        assertThat(browser.overflowing("#channel, #channel *", "dd, dt, .entries, button, output", 320, 1024))
                .isEmpty();
    }

    private void subscribe() {
        panel.type("channel", channel).press("subscribe");
        lanes().forEach(lane -> lane.awaitState("open"));
    }

    private void publish(String over, String text) {
        await("the answer to what was published before").until(() -> panel.isEnabled("publish"));
        panel.choose("over", over).type("text", text).press("publish");
    }

    private void awaitOutcome(String... texts) {
        await("the outcome " + List.of(texts)).until(() -> Stream.of(texts).allMatch(panel.text("outcome")::contains));
    }

    private static Stream<Panel> lanes() {
        return Stream.of("channel-sse", "channel-websocket", "channel-tcp").map(browser::panel);
    }
}
