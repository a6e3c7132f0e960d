// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.page.PageWaiting.await;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** A subscription of the browser client, and what it reported. */
final class Follower {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final String SUBSCRIBE = """
            const [root, options, done] = arguments;
            const { tokens, ...given } = JSON.parse(options);
            globalThis.tokens = tokens;
            let open;
            const opened = new Promise((resolve) => { open = resolve; });
            const token = async () => {
              const next = globalThis.tokens.length > 1 ? globalThis.tokens.shift() : globalThis.tokens[0];
              if (next === "throw") throw new Error("offline");
              if (next === "opened") return opened.then(token);
              return next === "silence" ? new Promise(() => {}) : next;
            };
            import(`${root}client/channel.js`).then(({ subscribe, publish }) => {
              const heard = { messages: [], gaps: [], states: [] };
              const subscription = subscribe({
                ...(tokens && { token }),
                ...given,
                onMessage: (message) => heard.messages.push(message),
                onGap: (gap) => heard.gaps.push(gap),
                onState: (state) => {
                  heard.states.push(state);
                  if (state.name === "open") open();
                },
              });
              globalThis.follower = { heard, subscription, publish };
              done();
            });
            """;

    private final Browser browser;

    private Follower(Browser browser) {
        this.browser = browser;
    }

    /**
     * Begins a subscription, as the page's only one.
     *
     * @param root of the server that the module is loaded from
     * @param options JSON, as {@code {"channel":"news"}}; {@code tokens} are given by a token function, the last one again and
     *     again: {@code throw} is a failure, {@code silence} no answer, and after {@code opened} the next one is given once it is open
     */
    static Follower begin(Browser browser, String root, String options) {
        browser.evaluateLater(SUBSCRIBE, root, options);
        return new Follower(browser);
    }

    /** What was published, in the order of its arrival. */
    List<?> data() {
        return list("follower.heard.messages.map(({ data }) => data)");
    }

    /** For every message, the trace that it belongs to. */
    List<?> traces() {
        return list("follower.heard.messages.map(({ traceparent, tracestate }) => `${traceparent} ${tracestate}`)");
    }

    /** For every message, whether it was published while the client was disconnected. */
    List<?> resumed() {
        return list("follower.heard.messages.map(({ resumed }) => resumed)");
    }

    /** Every gap as its number of missed messages, or {@code ?}. */
    List<?> gaps() {
        return list("follower.heard.gaps.map(({ missed }) => String(missed ?? '?'))");
    }

    /** The names of its states so far. */
    List<?> states() {
        return list("follower.heard.states.map(({ name }) => name)");
    }

    /** Why it came into a state, for each time. */
    List<?> reasons(String state) {
        return list("follower.heard.states.filter(({ name }) => name === '" + state + "').map(({ reason }) => reason)");
    }

    /** Has the token function give {@code token} from now on. */
    void give(String token) {
        browser.evaluate("globalThis.tokens = [arguments[0]]", token);
    }

    String state() {
        return text("follower.subscription.state.name");
    }

    String reason() {
        return text("follower.subscription.state.reason");
    }

    String transport() {
        return text("follower.subscription.transport");
    }

    String position() {
        return text("follower.subscription.position");
    }

    void close() {
        browser.evaluate("follower.subscription.close()");
    }

    /** Publishes through the subscription; the transport by which it went. */
    String publish(String data) {
        return String.valueOf(browser.evaluateLater("""
                const [data, done] = arguments;
                follower.subscription.publish(data).then(({ over }) => done(over), (error) => done(error.message));
                """, data));
    }

    Follower awaitOpen(String transport) {
        return awaitThat(
                "open over " + transport,
                follower ->
                        follower.state().equals("open") && follower.transport().equals(transport));
    }

    Follower awaitThat(String what, Predicate<Follower> expected) {
        await(what).atMost(DEADLINE).pollInterval(Duration.ofMillis(25)).until(() -> expected.test(this));
        return this;
    }

    Follower awaitData(Object... expected) {
        return awaitThat(
                "data " + List.of(expected), follower -> follower.data().equals(List.of(expected)));
    }

    private String text(String expression) {
        return String.valueOf(browser.evaluate("return " + expression));
    }

    private List<?> list(String expression) {
        return browser.evaluate("return " + expression) instanceof List<?> list ? list : List.of();
    }
}
