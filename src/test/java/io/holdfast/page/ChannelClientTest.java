// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.page.PageWaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.page.Middlebox.Trouble;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The guarantees of {@code client/channel.js}, in a real browser, also behind proxies that cause trouble. */
class ChannelClientTest {

    /** Short times, so that tests of them are fast. */
    private static final String QUICK = "\"blockedAfter\":1500,\"betterAfter\":300,\"label\":\"follower\"";

    /** Large enough for the history to hold only a few. */
    private static final String BIG = '"' + "x".repeat(30_000) + '"';

    @AutoClose
    private static Browser browser;

    @AutoClose
    private static PageService service;

    @AutoClose
    private static OtherSite elsewhere;

    private static final Duration PAUSE = Duration.ofMillis(15);

    private static final AtomicInteger CHANNELS = new AtomicInteger();

    private final String channel = "c" + CHANNELS.incrementAndGet();
    private Middlebox between;

    @BeforeAll
    static void start() throws IOException {
        elsewhere = new OtherSite();
        browser = Browser.start();
        service = new PageService(
                "--holdfast.history.bytes=100KB",
                "--holdfast.heartbeat.interval=1500ms",
                "--holdfast.heartbeat.pong-timeout=1500ms",
                "--holdfast.websocket.allowed-origins=" + elsewhere.origin(),
                "--management.endpoint.connections.access=unrestricted");
    }

    @BeforeEach
    void open() throws IOException {
        between = new Middlebox(service.http());
        // A document of the same origin, which is loaded sooner than the page.
        browser.open(between.relay().url() + "client/channel.js", 800, 600);
    }

    @AfterEach
    void leavesNothingBehind() throws IOException {
        assertThat(browser.errors()).allMatch(error -> error.matches(PageTest.NETWORK));
        // A browser may keep a page in its cache, with every connection that the page does not close itself.
        browser.evaluate("globalThis.follower?.subscription.close()");
        browser.leave();
        between.close();
        // A poll of a client that left ends with the next message.
        service.publish(channel, "\"over\"");
        service.awaitNoConnections();
    }

    @Test
    void everyMessageComesOnceAndInOrderWhileTheTransportChanges() throws InterruptedException {
        Follower follower = follow(QUICK).awaitOpen("websocket");
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger published = new AtomicInteger();
        Thread publisher = Thread.ofVirtual().start(() -> {
            while (!enough.get()) {
                service.publish(channel, String.valueOf(published.incrementAndGet()));
                // Slow enough for the history to hold all messages that come while the client falls back to another
                // transport.
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        });

        settle(follower);
        between.relay().cut();
        settle(follower.awaitOpen("websocket"));
        between.makes(Trouble.REFUSES_WEBSOCKETS);
        between.relay().cut();
        settle(follower.awaitOpen("ndjson"));
        between.makes(Trouble.REFUSES_WEBSOCKETS, Trouble.HOLDS_STREAMS);
        between.relay().cut();
        follower.awaitOpen("poll");
        between.makes();
        follower.awaitOpen("websocket");
        enough.set(true);
        publisher.join();

        assertThat(follower.gaps()).isEmpty();
        follower.awaitThat("all", all -> all.data().contains((long) published.get()));
        assertThat(follower.data())
                .isEqualTo(LongStream.rangeClosed(1, published.get()).boxed().toList());
        assertThat(follower.resumed())
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains(true, false);
    }

    @ParameterizedTest
    @EnumSource(names = {"REFUSES_WEBSOCKETS", "ENDS_WEBSOCKETS"})
    void streamTakesThePlaceOfWebSocketsThatAreBlocked(Trouble trouble) {
        between.makes(trouble);

        Follower follower = follow("\"label\":\"follower\"").awaitOpen("ndjson");
        service.publish(channel, "1");

        follower.awaitData(1L);
    }

    @Test
    void pollingTakesThePlaceOfStreamsThatAreHeldBackAndIsRemembered() {
        between.makes(Trouble.REFUSES_WEBSOCKETS, Trouble.HOLDS_STREAMS);

        Follower follower = follow("\"blockedAfter\":1500").awaitOpen("poll");
        service.publish(channel, "1");
        follower.awaitData(1L);
        service.publish(channel, "2");
        follower.awaitData(1L, 2L).close();

        Follower next = follow("\"from\":\"earliest\"").awaitData(1L, 2L);
        assertThat(next.transport()).isEqualTo("poll");
        assertThat(next.states()).isEqualTo(List.of("connecting", "open"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "ndjson", "sse", "poll"})
    void transportsBringTheSameAndGoOnAfterAPosition(String transport) {
        String only = "\"transports\":[\"" + transport + "\"]";
        Follower follower = follow(only).awaitOpen(transport);
        service.publish(channel, "\"two\\nlines \u00e9\"");
        service.publish(channel, "{\"price\":[7,null]}");
        follower.awaitThat("both", both -> both.data().size() == 2);
        assertThat(follower.data().getFirst()).isEqualTo("two\nlines \u00e9");
        assertThat(follower.data().getLast()).hasToString("{price=[7, null]}");
        String position = follower.position();
        follower.close();
        service.publish(channel, "3");
        service.publish(channel, "4");

        follow(only + ",\"from\":\"" + position + "\"").awaitData(3L, 4L);
    }

    /** Sent over the WebSocket by a command, otherwise in the headers of a request. */
    @ParameterizedTest
    @ValueSource(strings = {"websocket", "ndjson", "sse", "poll"})
    void traceContextIsSentAndGivenToThePage(String transport) {
        String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        Follower follower = follow("\"transports\":[\"" + transport + "\"]").awaitOpen(transport);

        browser.evaluateLater(
                "const [traceparent, done] = arguments;"
                        + "follower.subscription.publish(1, { traceparent, tracestate: \"a=1\" }).then(done);",
                parent);
        follower.awaitData(1L);
        service.publish(channel, "2");
        follower.awaitData(1L, 2L);

        assertThat(follower.traces()).isEqualTo(List.of(parent + " a=1", "undefined undefined"));
    }

    @Test
    void textThatReadsAsANumberStaysText() {
        Follower follower = follow("\"from\":\"earliest\"").awaitOpen("websocket");
        service.publish(channel, "\"42\"");
        follower.awaitData("42");
        between.makes(Trouble.REFUSES_WEBSOCKETS);

        follow("\"from\":\"earliest\"").awaitOpen("ndjson").awaitData("42");
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "ndjson", "sse", "poll"})
    void lostMessagesAreReported(String transport) {
        String only = "\"transports\":[\"" + transport + "\"]";
        service.publish(channel, "0");
        Follower follower = follow(only).awaitOpen(transport);
        String position = follower.position();
        follower.close();
        for (int big = 0; big < 5; big++) {
            service.publish(channel, BIG);
        }

        Follower later = follow(only + ",\"from\":\"" + position + "\"").awaitOpen(transport);
        later.awaitThat("a gap", gap -> !gap.gaps().isEmpty());
        service.publish(channel, "\"after\"");

        later.awaitData("after");
        assertThat(later.gaps()).isEqualTo(List.of("5"));
    }

    @Test
    void comesBackToARestartedServerAndReportsThatItsHistoryIsGone() {
        Follower follower = follow(QUICK).awaitOpen("websocket");
        service.publish(channel, "1");
        follower.awaitData(1L);

        service.whileAway(() -> follower.awaitThat("lost", lost -> lost.state().equals("reconnecting")));
        follower.awaitOpen("websocket");
        service.publish(channel, "2");

        follower.awaitData(1L, 2L);
        assertThat(follower.gaps()).isEqualTo(List.of("?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "ndjson", "sse"})
    void whoIsKickedStaysAway(String transport) throws IOException {
        Follower follower =
                follow(QUICK + ",\"transports\":[\"" + transport + "\"]").awaitOpen(transport);

        service.kick("follower");

        follower.awaitThat("failed", kicked -> kicked.state().equals("failed"));
        await("to stay away")
                .during(Duration.ofMillis(600))
                .until(() -> service.connections("follower").isEmpty());
        assertThat(follower.state()).isEqualTo("failed");
    }

    @Test
    void badChannelIsToldAndNotTriedAgain() {
        browser.open(between.relay().url(), 800, 600);

        Follower follower = Follower.begin(browser, between.relay().url(), "{\"channel\":\"no spaces\"}");

        follower.awaitThat("failed", failed -> failed.state().equals("failed"));
        assertThat(follower.reason()).contains("channel", "news");
    }

    @Test
    void connectionThatDiedWithoutAWordIsFound() {
        Follower follower = follow(QUICK).awaitOpen("websocket");

        between.relay().die();
        follower.awaitThat("lost", lost -> !lost.reasons("reconnecting").isEmpty());
        // The state itself may be another one by now.
        assertThat(follower.reasons("reconnecting")).first().asString().contains("Nothing heard");

        service.publish(channel, "1");
        between.relay().revive();
        follower.awaitData(1L);
    }

    @Test
    void quietConnectionIsLeftAlone() {
        Follower follower = follow(QUICK).awaitOpen("websocket");

        // Longer than a heartbeat, its timeout, and the interval of checks together.
        await("quiet")
                .atMost(Duration.ofSeconds(10))
                .during(Duration.ofMillis(4500))
                .until(() -> follower.state().equals("open"));

        assertThat(follower.states()).isEqualTo(List.of("connecting", "open"));
    }

    @Test
    void subscriptionPublishesOverItsConnectionOrElseByHttp() {
        Follower follower = follow("\"transports\":[\"websocket\"]").awaitOpen("websocket");
        assertThat(follower.publish("a")).isEqualTo("websocket");
        follower.awaitData("a").close();

        Follower poll = follow("\"transports\":[\"poll\"]").awaitOpen("poll");
        assertThat(poll.publish("b")).isEqualTo("http");
        poll.awaitData("b");
    }

    @Test
    void publishIsTakenOnceThoughItsAnswerIsLost() {
        Follower follower = follow("\"transports\":[\"websocket\"]").awaitOpen("websocket");
        between.makes(Trouble.LOSES_AN_ANSWER);

        Object position = browser.evaluateLater("""
                const [channel, done] = arguments;
                follower.publish({ channel, data: "once" }).then(({ position }) => done(position), (error) => done(error));
                """, channel);

        service.publish(channel, "\"end\"");
        follower.awaitData("once", "end");
        assertThat(String.valueOf(position)).endsWith(":1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "ndjson"})
    void pageOfAnAllowedOriginSubscribesAndPublishes(String transport) {
        browser.open(elsewhere.origin() + "/", 800, 600);
        Follower follower = Follower.begin(
                        browser,
                        service.url(),
                        "{\"channel\":\"" + channel + "\",\"transports\":[\"" + transport + "\"]}")
                .awaitOpen(transport);

        Object position = browser.evaluateLater("""
                const [channel, url, done] = arguments;
                follower.publish({ channel, url, data: "from afar" }).then(({ position }) => done(position), (error) => done(error));
                """, channel, service.url());

        follower.awaitData("from afar");
        assertThat(follower.position()).isEqualTo(position);
    }

    @Test
    void closedSubscriptionCallsNoMore() {
        Follower follower = follow(QUICK).awaitOpen("websocket");
        service.publish(channel, "1");
        follower.awaitData(1L).close();

        service.publish(channel, "2");
        service.awaitNoConnections();

        assertThat(follower.data()).isEqualTo(List.of(1L));
        assertThat(follower.states()).isEqualTo(List.of("connecting", "open", "closed"));
    }

    @Test
    void callbackThatThrowsEndsNothing() {
        Follower follower = follow("\"from\":\"earliest\"").awaitOpen("websocket");
        browser.evaluate("""
                globalThis.addEventListener("error", (event) => {
                  event.preventDefault();
                  globalThis.errors = (globalThis.errors ?? 0) + 1;
                });
                follower.heard.messages.push = function (message) {
                  Array.prototype.push.call(this, message);
                  throw new Error("the page's own");
                };
                """);
        service.publish(channel, "1");
        service.publish(channel, "2");

        follower.awaitData(1L, 2L);
        assertThat(follower.state()).isEqualTo("open");
        assertThat(browser.evaluate("return errors")).as("told to the page").isEqualTo(2L);
    }

    /** Waits until the connection counts as working. After its loss the client then waits for a short time only. */
    private static void settle(Follower follower) {
        int before = follower.data().size();
        follower.awaitThat(
                "a second's messages",
                later -> later.data().size() > before + Duration.ofMillis(1100).dividedBy(PAUSE));
    }

    /** Subscribes to the test's channel through the middlebox. */
    private Follower follow(String options) {
        return Follower.begin(browser, between.relay().url(), "{\"channel\":\"" + channel + "\"," + options + "}");
    }
}
