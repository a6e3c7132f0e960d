// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a browser's EventSource and WebSocket report faults. */
class FaultBrowserTest {

    private static PageService service;
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        service = new PageService("--holdfast.idle.tcp=2s");
        browser.open(service.url(), 1000, 800);
        // A page of the same origin without connections of its own.
        browser.open(service.url() + "actuator/health", 1000, 800);
    }

    @AfterAll
    static void stop() {
        browser.close();
        service.awaitNoConnections();
        service.close();
    }

    private static List<String> strings(@Nullable Object list) {
        return ((List<?>) Objects.requireNonNull(list))
                .stream().map(String::valueOf).toList();
    }

    /** Opens an event stream; calls back with its {@code id}s and states once {@code until} says so. */
    private static List<String> events(String query, String until) {
        return strings(browser.evaluateLater("""
                const [query, until, done] = arguments;
                const seen = [];
                const source = new EventSource(`/stream?interval=20ms&${query}`);
                const times = {};
                const finish = () => { if (!times.over) { times.over = true; source.close(); done(seen); } };
                const note = (what) => {
                  seen.push(what);
                  if (seen.join(" ").match(new RegExp(until))) finish();
                };
                source.onopen = () => note(times.error ? `open after ${performance.now() - times.error >= 400 ? "retry" : "no time"}` : "open");
                source.onmessage = (event) => note(event.lastEventId);
                source.onerror = () => {
                  times.error = performance.now();
                  note(`error ${source.readyState}`);
                };
                setTimeout(() => { seen.push(`state ${source.readyState}`); finish(); }, 1500);
                """, query, until));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "truncate", "half-close", "close"})
    void anEventSourceComesBackAfterTheRetryTimeAndGoesOnWhereItWas(String end) {
        assertThat(events("after=2&end=" + end + "&retry=400ms", " 3"))
                .containsExactly("open", "1", "2", "error 0", "open after retry", "3");
    }

    @Test
    void anEventSourceDoesNotNoticeAStall() {
        assertThat(events("after=2&end=stall", "error")).containsExactly("open", "1", "2", "state 1");
    }

    @Test
    void anEventSourceDoesNotComeBackAfterAnError() {
        assertThat(events("status=503&retry=1s", "open|never")).containsExactly("error 2", "state 2");
    }

    /** Opens a WebSocket, says hello twice, and calls back with what it heard in the end. */
    private static List<String> webSocket(String query) {
        return strings(browser.evaluateLater("""
                const [query, done] = arguments;
                const seen = [];
                const socket = new WebSocket(`${location.origin.replace("http", "ws")}/echo?${query}`);
                socket.onopen = () => { socket.send("hello"); socket.send("hello"); };
                socket.onmessage = (event) => seen.push(event.data);
                socket.onclose = ({ code, reason, wasClean }) => { seen.push(`${code} ${reason} ${wasClean}`); done(seen); };
                """, query));
    }

    @ParameterizedTest
    @CsvSource({
        "end=close&code=4321&reason=so%20long,4321 so long true",
        "end=close,1000  true",
        "end=reset,1006  false",
        "end=half-close,1006  false",
        "end=truncate,1006  false",
    })
    void aWebSocketSeesHowItEnds(String query, String close) {
        assertThat(webSocket("after=1&" + query)).containsExactly("hello", close);
    }
}
