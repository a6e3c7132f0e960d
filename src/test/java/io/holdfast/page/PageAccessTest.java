// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.page.PageWaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.access.ChannelPattern;
import io.holdfast.access.Permissions;
import io.holdfast.access.Role;
import io.holdfast.access.TokenSecret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The page and the browser client with a service that asks for tokens. */
class PageAccessTest {

    private static final String SECRET = "a secret of the test that has 32 bytes or more";

    /** No subprotocol may have some of its characters. */
    private static final String KEY = "key/of+a=robot/with+more=than/32+bytes==";

    private static final TokenSecret SIGNER = Objects.requireNonNull(TokenSecret.of(SECRET));

    private static final Duration SHORT = Duration.ofSeconds(4);
    private static final Duration LONG = Duration.ofHours(1);

    /** Of tests that use the client, and not the page. */
    private static final String CLIENT = "client";

    private static final AtomicInteger CHANNELS = new AtomicInteger();

    @AutoClose
    private static Browser browser;

    @AutoClose
    private static PageService service;

    @AutoClose
    private static HttpClient http;

    @AutoClose
    private static OtherSite elsewhere;

    private final String channel = "access-" + CHANNELS.incrementAndGet();
    private Panel access;
    private Panel panel;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.recording();
        http = HttpClient.newHttpClient();
        elsewhere = new OtherSite();
        service = new PageService(
                "--holdfast.access.secret=" + SECRET,
                "--holdfast.access.keys.robot.secret=" + KEY,
                "--holdfast.access.keys.robot.subscribe=**",
                "--holdfast.access.keys.robot.publish=**",
                "--holdfast.access.keys.robot.role=operator",
                "--holdfast.access.anonymous.publish=open.**",
                "--holdfast.websocket.allowed-origins=" + elsewhere.origin());
    }

    @BeforeEach
    void open(TestInfo test) {
        access = browser.panel("sign-in");
        panel = browser.panel("channel");
        if (test.getTags().contains(CLIENT)) {
            // A document of the same origin, which is loaded sooner.
            browser.open(service.url() + "client/channel.js", 1280, 1000);
            return;
        }
        browser.openIdle(service.url(), 1280, 1000);
        awaitText(access, "who", "Not signed in");
    }

    @AfterEach
    void leavesNothingBehind() {
        assertThat(browser.errors()).allMatch(error -> error.matches(PageTest.NETWORK));
        browser.evaluate("globalThis.follower?.subscription.close(); globalThis.events?.close()");
        browser.leave();
        // A poll of a client that left ends with the next message.
        publish(channel, "\"over\"");
        service.awaitNoConnections();
    }

    // The client.

    @Tag(CLIENT)
    @ParameterizedTest
    @ValueSource(strings = {"websocket", "ndjson", "sse", "poll"})
    void tokenIsUsedOnEveryTransport(String transport) {
        Follower follower = follow(transport, token(alice(LONG))).awaitOpen(transport);

        follower.publish("mine");

        follower.awaitData("mine");
        assertThat(follower.states()).isEqualTo(List.of("connecting", "open"));
    }

    @Tag(CLIENT)
    @ParameterizedTest
    @ValueSource(strings = {"websocket", "ndjson", "sse", "poll"})
    void keyThatNoSubprotocolCanCarryIsUsed(String transport) {
        Follower follower = follow(transport, token(KEY)).awaitOpen(transport);

        follower.publish("by a robot");

        follower.awaitData("by a robot");
    }

    @Tag(CLIENT)
    @ParameterizedTest
    @ValueSource(strings = {"websocket", "ndjson", "sse", "poll"})
    void channelThatIsNotAllowedIsDeniedWithTheServicesReason(String transport) {
        Follower follower = follow(transport, token(token("bob", LONG, "other", "other")));

        awaitState(follower, "denied");

        assertThat(follower.reason()).contains("'bob' may not subscribe to the channel '" + channel + "'", "other");
        assertThat(follower.states()).isEqualTo(List.of("connecting", "denied"));
    }

    @Tag(CLIENT)
    @ParameterizedTest
    @ValueSource(strings = {"websocket", "ndjson", "sse", "poll"})
    void wrongTokenIsExplained(String transport) {
        String wrong = alice(LONG).substring(0, 40) + "x.y";

        Follower follower = follow(transport, token(wrong));

        awaitState(follower, "denied");
        assertThat(follower.reason()).contains("401", "JSON Web Token").doesNotContain(wrong);
        assertThat(follower.states()).isEqualTo(List.of("connecting", "denied"));
    }

    @Tag(CLIENT)
    @Test
    void wrongKeyThatNoSubprotocolCanCarryIsExplained() {
        Follower follower = follow("websocket", token(KEY + "x"));

        awaitState(follower, "denied");
        assertThat(follower.reason()).contains("JSON Web Token");
    }

    @Tag(CLIENT)
    @Test
    void missingTokenIsExplained() {
        Follower follower = follow("websocket", "\"label\":\"nobody\"");

        awaitState(follower, "denied");
        assertThat(follower.reason()).contains("a token or an API key is needed");
    }

    @Tag(CLIENT)
    @ParameterizedTest
    @ValueSource(strings = {"websocket", "ndjson", "sse"})
    void expiringTokenIsRefreshedInPlaceAndNoMessageIsLost(String transport) {
        String first = alice(SHORT);
        Follower follower =
                follow(transport, tokens(first, "throw", first, alice(LONG))).awaitOpen(transport);
        long published = System.nanoTime();
        AtomicInteger count = new AtomicInteger();

        await("the end of the first token")
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    publish(channel, String.valueOf(count.incrementAndGet()));
                    return System.nanoTime() - published > SHORT.plusSeconds(2).toNanos();
                });

        follower.awaitThat("all", all -> all.data().size() == count.get());
        assertThat(follower.states()).isEqualTo(List.of("connecting", "open"));
        assertThat(follower.gaps()).isEmpty();
    }

    @Tag(CLIENT)
    @ParameterizedTest
    @ValueSource(strings = {"websocket", "ndjson", "sse"})
    void expiredConnectionComesBackWithAnotherTokenWhereItWas(String transport) {
        Follower follower = follow(transport, tokens(alice(SHORT), "throw")).awaitOpen(transport);
        publish(channel, "1");
        follower.awaitData(1L);

        awaitState(follower, "expired");
        publish(channel, "2");
        follower.give(alice(LONG));

        follower.awaitOpen(transport).awaitData(1L, 2L);
        assertThat(follower.reasons("expired").getFirst().toString())
                .contains("The token expired", "The token function failed");
    }

    @Tag(CLIENT)
    @Test
    void sameTokenAgainIsNotTried() {
        Follower follower = follow("websocket", tokens(alice(SHORT))).awaitOpen("websocket");

        awaitState(follower, "expired");

        assertThat(follower.reason()).contains("There is no other token");
    }

    @Tag(CLIENT)
    @Test
    void tokenThatCannotBeRenewedEndsAsExpired() {
        Follower follower = follow("websocket", token(alice(SHORT))).awaitOpen("websocket");

        awaitState(follower, "expired");

        assertThat(follower.states()).isEqualTo(List.of("connecting", "open", "reconnecting", "connecting", "expired"));
        assertThat(browser.evaluate("return follower.subscription.state.at ?? 'never'"))
                .isEqualTo("never");
    }

    @Tag(CLIENT)
    @Test
    void pollsGoOnWithAnotherToken() {
        Follower follower = follow("poll", tokens(token("carol", LONG, channel, channel), alice(LONG)))
                .awaitOpen("poll");

        revoke("{\"subject\":\"carol\",\"until\":\""
                + InstantSource.system().instant().plus(LONG) + "\"}");
        publish(channel, "1");
        publish(channel, "2");

        follower.awaitThat("all", all -> all.data().contains(2L)).awaitOpen("poll");
    }

    @Tag(CLIENT)
    @ParameterizedTest
    @ValueSource(strings = {"websocket", "ndjson", "sse"})
    void revokedClientStaysAway(String transport) throws IOException {
        String subject = "eve-of-" + transport;
        Follower follower = follow(transport, tokens(token(subject, LONG, channel, channel)))
                .awaitOpen(transport);

        assertThat(send("DELETE", "actuator/connections?subject=" + subject, ""))
                .isEqualTo(200);

        awaitState(follower, "denied");
        assertThat(follower.reason()).contains("revoked");
        await("to stay away")
                .during(Duration.ofMillis(1200))
                .until(() -> follower.state().equals("denied"));
        assertThat(follower.states()).isEqualTo(List.of("connecting", "open", "denied"));
    }

    @Tag(CLIENT)
    @ParameterizedTest
    @ValueSource(strings = {"websocket", "ndjson", "sse"})
    void subscriptionEndsWithItsPermission(String transport) {
        // The first token expires soon, so another one is asked for at once, perhaps before the subscription has begun.
        Follower follower = follow(transport, tokens(alice(SHORT), "opened", token("alice", LONG, "other", "other")));

        awaitState(follower, "denied");

        assertThat(follower.states()).isEqualTo(List.of("connecting", "open", "denied"));
        assertThat(follower.reason()).contains("permission to subscribe has ended");
    }

    @Tag(CLIENT)
    @Test
    void tokenFunctionThatFailsIsCalledAgain() {
        Follower follower = follow("websocket", tokens("throw", "throw", alice(LONG)));

        follower.awaitOpen("websocket");

        assertThat(follower.reasons("reconnecting"))
                .isEqualTo(List.of("The token function failed", "The token function failed"));
    }

    @Tag(CLIENT)
    @Test
    void tokenFunctionThatDoesNotAnswerIsCalledAgain() {
        Follower follower = follow("websocket", tokens("silence", alice(LONG)));

        follower.awaitOpen("websocket");

        assertThat(follower.reasons("reconnecting"))
                .hasSize(1)
                .first()
                .asString()
                .contains("did not answer within 10");
    }

    @Tag(CLIENT)
    @Test
    void deniedClientComesBackWhenItIsToldTo() {
        Follower follower = follow("websocket", tokens("no.token.at-all"));
        awaitState(follower, "denied");

        follower.give(alice(LONG));
        browser.evaluate("follower.subscription.reconnect()");

        follower.awaitOpen("websocket");
    }

    @Tag(CLIENT)
    @ParameterizedTest
    @ValueSource(strings = {"websocket", "ndjson", "sse", "poll"})
    void pageOfAnAllowedOriginUsesAndRenewsItsToken(String transport) {
        browser.open(elsewhere.origin() + "/", 800, 600);
        Follower follower = follow(transport, tokens(alice(SHORT), alice(LONG))).awaitOpen(transport);

        follower.publish("from afar");

        follower.awaitData("from afar");
        assertThat(follower.states()).isEqualTo(List.of("connecting", "open"));
    }

    @Tag(CLIENT)
    @Test
    void pageOfAnAllowedOriginLearnsWhyItsTokenIsRefused() {
        browser.open(elsewhere.origin() + "/", 800, 600);

        Follower follower = follow("websocket", token("no.token.at-all"));

        awaitState(follower, "denied");
        assertThat(follower.reason()).contains("401", "JSON Web Token");
    }

    @Test
    void ticketOpensAnEventSource() {
        publish(channel, "1");

        Object data = browser.evaluateLater("""
                const [channel, token, done] = arguments;
                (async () => {
                  const answer = await fetch("/tickets", { method: "POST", headers: { Authorization: `Bearer ${token}` } });
                  const { ticket } = await answer.json();
                  globalThis.events = new EventSource(`/channels/${channel}?${new URLSearchParams({ ticket, from: "earliest" })}`);
                  events.onmessage = ({ data }) => done(data);
                  events.onerror = () => done("error");
                })();
                """, channel, alice(LONG));

        assertThat(data).isEqualTo("1");
    }

    @Test
    void tokenIsInNoAddressAndNoStorage() {
        browser.addresses();
        String token = alice(LONG);
        signIn(token);
        panel.type("channel", channel).press("subscribe");
        lanes().forEach(lane -> lane.awaitState("open"));
        publishFromPage("all the same");
        lanes().forEach(lane -> lane.awaitEntry("in", "all the same"));

        assertThat(browser.addresses())
                .anyMatch(address -> address.startsWith("ws:"))
                .anyMatch(address -> address.contains("/channels/"))
                .noneMatch(address -> address.contains(token));
        assertThat(browser.evaluate(
                        "return [location.href, document.cookie, localStorage.length, sessionStorage.length]"))
                .isEqualTo(List.of(service.url(), "", 0L, 0L));
        assertThat(String.valueOf(browser.evaluate("return document.documentElement.outerHTML")))
                .doesNotContain(token);
    }

    // The page.

    @Test
    void visitorIsToldWhatIsMissing() {
        awaitText(access, "trouble", "a token or an API key is needed");
        assertThat(browser.panel("websocket").isEnabled("fault-stall")).isFalse();
        assertThat(browser.panel("websocket").text("fault-denied")).contains("Sign in", "the role tester");
        assertThat(reason("publish")).isEqualTo("Sign in: a token with the permission to publish to ‘news’ is needed.");
        assertThat(reason("subscribe")).contains("Sign in", "subscribe to ‘news’");
        assertThat(text("#connections [data-part=observe-denied]"))
                .contains("Sign in", "the role observer or operator");
        assertThat(browser.evaluate(
                        "return document.querySelector('#connections [data-part=table]').checkVisibility()"))
                .isEqualTo(false);
    }

    @Test
    void everybodysPermissionsNeedNoToken() {
        panel.type("channel", "open." + channel);

        await("the button").until(() -> panel.isEnabled("publish"));
        assertThat(panel.isEnabled("subscribe")).isFalse();
        publishFromPage("from nobody");
        awaitText(panel, "outcome", "Published over HTTP");
    }

    @Test
    void signsInAndOut() {
        signIn(token("alice", LONG, channel, channel, Role.OBSERVER));

        awaitText(access, "who", "Signed in as alice by token, until ");
        assertThat(text("#sign-in [data-part=subscribe]")).isEqualTo(channel);
        assertThat(text("#sign-in [data-part=role]")).isEqualTo("observer");
        panel.type("channel", channel).press("subscribe");
        lanes().forEach(lane -> lane.awaitState("open"));
        new TableElement(browser).awaitThat("rows", table -> table.rows().size() == 3);
        assertThat(
                        browser.evaluate(
                                "return [...document.querySelectorAll('#connections td[data-column=subject] span')].map((name) => name.textContent)"))
                .isEqualTo(List.of("alice", "alice", "alice"));

        access.press("sign-out");

        awaitText(access, "who", "Not signed in");
        lanes().forEach(lane -> lane.awaitState("denied"));
        assertThat(browser.panel("channel-sse").text("state")).contains("a token or an API key is needed");
        assertThat(reason("subscribe")).contains("Sign in");
        assertThat(browser.evaluate("return document.activeElement.dataset.part"))
                .isEqualTo("open");
        service.awaitNoConnections();
    }

    @Test
    void lanesGoOnAsTheNewUser() {
        signIn(alice(LONG));
        panel.type("channel", channel).press("subscribe");
        lanes().forEach(lane -> lane.awaitState("open"));
        browser.panel("channel-tcp").press("cut").awaitState("closed");

        signIn(token("bob", LONG, channel, channel));
        awaitText(access, "who", "bob");
        publishFromPage("to bob");

        Stream.of("channel-sse", "channel-websocket")
                .map(browser::panel)
                .forEach(lane -> lane.awaitState("open").awaitEntry("in", "to bob"));
        assertThat(browser.panel("channel-tcp").state()).isEqualTo("closed");
    }

    @Test
    void actionsThatAreNotAllowedAreDisabledWithTheReason() {
        signIn(token("alice", LONG, "news", "chat.{sub}", Role.TESTER));
        awaitText(access, "who", "alice");

        assertThat(reason("publish"))
                .isEqualTo("‘alice’ does not have the permission to publish to ‘news’; it has chat.{sub}, open.**.");
        assertThat(panel.isEnabled("publish")).isFalse();
        assertThat(panel.isEnabled("subscribe")).isTrue();
        assertThat(text("#connections [data-part=observe-denied]"))
                .isEqualTo("‘alice’ does not have the role observer or operator; it has tester.");

        panel.type("channel", "chat.alice");
        assertThat(panel.isEnabled("publish")).isTrue();
        assertThat(reason("publish")).isEmpty();
        assertThat(reason("subscribe")).contains("subscribe to ‘chat.alice’", "it has news");
    }

    /** Pattern, name, and whether the pattern covers it. */
    private static final List<List<Object>> PATTERNS = List.of(
            List.of("news", "news", true),
            List.of("news", "news.de", false),
            List.of("news.*", "news.de", true),
            List.of("news.*", "news.de.berlin", false),
            List.of("news.**", "news", true),
            List.of("news.**", "news.de.berlin", true),
            List.of("**.berlin", "news.de.berlin", true),
            List.of("**.de.**.x", "a.de.de.b.x", true),
            List.of("user.{sub}", "user.alice", true),
            List.of("user.{sub}", "user.bob", false),
            List.of("and 3 more", "anything", true),
            List.of("**.".repeat(16) + "b", "a.".repeat(23) + "a", false));

    @Test
    void patternsMatchAsOnTheServer() {
        assertThat(browser.evaluateLater("""
                const [patterns, done] = arguments;
                import("/client/identity.js").then(({ covers }) =>
                  done(patterns.map(([pattern, name]) => [pattern, name, covers([pattern], name, "alice")])));
                """, PATTERNS)).isEqualTo(PATTERNS);
    }

    @Test
    void wrongTokenIsExplainedInTheForm() {
        access.press("open").type("token", alice(LONG) + "x").press("sign-in");

        awaitText(access, "problem", "Not signed in. No key of the service has signed the token");
        assertThat(access.text("who")).isEqualTo("Not signed in");
        assertThat(browser.evaluate("return document.activeElement.dataset.part"))
                .isEqualTo("token");

        access.type("token", "\u00e4").press("sign-in");
        awaitText(access, "problem", "A token has no spaces, line breaks or letters with accents.");
    }

    @Test
    void wrongTokenLeavesTheUserSignedIn() {
        signIn(alice(LONG));
        awaitText(access, "who", "alice");

        access.press("open").type("token", "no.token.at-all").press("sign-in");

        awaitText(access, "problem", "Not signed in.");
        access.press("cancel");
        assertThat(access.text("who")).contains("Signed in as alice");
        assertThat(browser.evaluate("return document.querySelector('#sign-in [data-part=token]').value"))
                .isEqualTo("");
    }

    @Test
    void expiredTokenIsTold() {
        signIn(alice(SHORT));
        panel.type("channel", channel).press("subscribe");
        lanes().forEach(lane -> lane.awaitState("open"));

        awaitText(access, "who", "Signed in as alice by token, expired ");

        lanes().forEach(lane -> lane.awaitEntry("event", "The token expired"));
        assertThat(reason("publish")).contains("The token of ‘alice’ has expired; sign in with another one");

        signIn(alice(LONG));
        lanes().forEach(lane -> lane.awaitState("open"));
    }

    @Test
    void operatorClosesAllConnectionsOfASubject() throws IOException {
        signIn(token("bob", LONG, channel, channel));
        awaitText(access, "who", "bob");
        panel.type("channel", channel).press("subscribe");
        lanes().forEach(lane -> lane.awaitState("open"));
        Panel table = browser.panel("connections");

        browser.evaluate("document.querySelector('#channel-tcp [data-part=cut]').click()");
        browser.panel("channel-tcp").awaitState("closed");
        browser.evaluate("""
                const [channel, token] = arguments;
                globalThis.others = new WebSocket("/channels", ["holdfast.v1", `bearer.${token}`]);
                """, channel, token("mallory", LONG, channel, channel));
        signIn(KEY);
        awaitText(access, "who", "Signed in as robot by API key");
        assertThat(access.text("who")).doesNotContain("until");
        closeAllOf("mallory");

        Panel question = browser.panel("confirm");
        assertThat(text("#confirm h2")).isEqualTo("Close all connections of ‘mallory’?");
        question.press("no");
        assertThat(browser.evaluate("return others.readyState")).isEqualTo(1L);

        closeAllOf("mallory");
        question.press("yes");

        awaitText(table, "outcome", "The connections of ‘mallory’ are closed.");
        await("its end").until(() -> Long.valueOf(3).equals(browser.evaluate("return others.readyState")));
        Stream.of("channel-sse", "channel-websocket").map(browser::panel).forEach(lane -> lane.awaitState("open"));
    }

    @Test
    void observerSeesWhyItClosesNothing() {
        signIn(token("alice", LONG, channel, channel, Role.OBSERVER));
        panel.type("channel", channel).press("subscribe");
        browser.panel("channel-websocket").awaitState("open");

        await("the reason")
                .until(() ->
                        text("#connections [data-part=close-denied]").contains("the role operator; it has observer"));
        assertThat(browser.evaluate("""
                const buttons = [...document.querySelectorAll("#connections [data-part=close-all]")];
                return buttons.length > 0 && buttons.every((button) => button.disabled
                  && document.getElementById(button.getAttribute("aria-describedby")).checkVisibility());
                """)).isEqualTo(true);
        assertThat(browser.evaluate("""
                const buttons = [...document.querySelectorAll("#connections [data-part=close]")];
                return buttons.length > 0 && buttons.every((button) => !button.checkVisibility());
                """)).isEqualTo(true);
    }

    @Test
    void keyboardAloneIsEnough() {
        tabTo("open");
        browser.type(Keys.ENTER);
        assertThat(browser.evaluate("return document.activeElement.dataset.part"))
                .isEqualTo("token");
        browser.type(alice(LONG), Keys.ENTER);
        awaitText(access, "who", "alice");
        await("the focus to return")
                .until(() -> "open".equals(browser.evaluate("return document.activeElement.dataset.part")));

        browser.type(Keys.ENTER);
        browser.type("half a token", Keys.ESCAPE);
        assertThat(browser.evaluate("return document.querySelector('#sign-in dialog').open"))
                .isEqualTo(false);
        tabTo("sign-out");
        browser.type(Keys.SPACE);

        awaitText(access, "who", "Not signed in");
    }

    @Test
    void nothingOverflows() {
        assertNothingIsWide();
        access.press("open");
        assertNothingIsWide();
        access.press("cancel");

        signIn(token("a-subject-with-a-long-name".repeat(5), LONG, channel, "x".repeat(200), Role.OBSERVER));
        awaitText(access, "who", "Signed in as a-subject");
        browser.evaluate("document.querySelector('#sign-in summary').click()");
        panel.type("channel", channel).press("subscribe");
        browser.panel("channel-websocket").awaitState("open");
        await("the rows").until(() -> new TableElement(browser).rows().size() > 1);

        assertNothingIsWide();
    }

    private static void assertNothingIsWide() {
        assertThat(browser.overflowing(
                        "body *:not(.table-box *)", "html, dd, dt, .entries, button, dialog", 320, 360, 1280))
                .isEmpty();
    }

    private void closeAllOf(String subject) {
        String button = "#connections [data-part=close-all][data-subject='" + subject + "']:enabled";
        await("the row of " + subject)
                .atMost(Duration.ofSeconds(20))
                .until(() -> browser.evaluate("return document.querySelector(arguments[0])", button) != null);
        browser.evaluate("document.querySelector(arguments[0]).click()", button);
    }

    private void tabTo(String part) {
        browser.evaluate("document.activeElement.blur()");
        await("the focus at " + part).until(() -> {
            browser.type(Keys.TAB);
            return part.equals(browser.evaluate("return document.activeElement.dataset.part"));
        });
    }

    private void signIn(String token) {
        access.press("open").type("token", token).press("sign-in");
        await("the form to close")
                .until(() -> Boolean.FALSE.equals(
                        browser.evaluate("return document.querySelector('#sign-in dialog').open")));
    }

    private void publishFromPage(String text) {
        await("the button").until(() -> panel.isEnabled("publish"));
        panel.type("text", text).press("publish");
    }

    /** What describes a button of the channel's panel, if it is visible. */
    private static String reason(String part) {
        return String.valueOf(browser.evaluate("""
                const button = document.querySelector(`#channel [data-part="${arguments[0]}"]`);
                const reason = document.getElementById(button.getAttribute("aria-describedby"));
                return reason?.checkVisibility() ? reason.textContent : "";
                """, part));
    }

    private static String text(String selector) {
        return String.valueOf(browser.evaluate("return document.querySelector(arguments[0]).textContent", selector));
    }

    private static void awaitText(Panel panel, String part, String text) {
        await(panel + " " + part + ": " + text)
                .atMost(Duration.ofSeconds(20))
                .until(() -> panel.text(part).contains(text));
    }

    private static void awaitState(Follower follower, String state) {
        follower.awaitThat(state, it -> it.state().equals(state));
    }

    private static Stream<Panel> lanes() {
        return Stream.of("channel-sse", "channel-websocket", "channel-tcp").map(browser::panel);
    }

    private Follower follow(String transport, String options) {
        return Follower.begin(
                browser,
                service.url(),
                "{\"channel\":\"" + channel + "\",\"transports\":[\"" + transport + "\"]," + options + "}");
    }

    private static String token(String token) {
        return "\"token\":\"" + token + "\"";
    }

    private static String tokens(String... tokens) {
        return "\"tokens\":[\"" + String.join("\",\"", tokens) + "\"]";
    }

    /** A token that allows the test's channel. */
    private String alice(Duration validity) {
        return token("alice", validity, channel, channel);
    }

    private static String token(String subject, Duration validity, String subscribe, String publish, Role... roles) {
        Permissions permissions = new Permissions(
                List.of(ChannelPattern.of("subscribe", subscribe)),
                List.of(ChannelPattern.of("publish", publish)),
                Set.of(roles));
        return SIGNER.sign(subject, permissions, "holdfast", validity, null, InstantSource.system());
    }

    private static void publish(String channel, String json) {
        assertThat(send("POST", "channels/" + channel, json)).isEqualTo(201);
    }

    private static void revoke(String json) {
        assertThat(send("POST", "actuator/revocations", json)).isLessThan(300);
    }

    /** As the robot, which may do everything. */
    private static int send(String method, String path, String json) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(service.url() + path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + KEY)
                .method(method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
                .build();
        return http.sendAsync(request, BodyHandlers.discarding()).join().statusCode();
    }
}
