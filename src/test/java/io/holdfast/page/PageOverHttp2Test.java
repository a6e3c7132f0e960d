// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.TestCertificate;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page over TLS: a browser uses HTTP/2 by itself, and shares one connection among all tabs. */
class PageOverHttp2Test {

    private static final int STREAMS = 20;

    private static final String OPEN_STREAMS = """
            window.streams = Array.from({length: arguments[0]}, () => new EventSource("/channels/tabs?label=tab"));
            window.socket = new WebSocket(`wss://${location.host}/echo?label=tab`);
            window.socket.onopen = () => window.socket.send("over HTTP/2");
            window.socket.onmessage = (message) => (window.echoed = message.data);
            """;

    private static final String OPEN =
            "return window.streams.filter((stream) => stream.readyState === EventSource.OPEN).length";

    private static final String PROTOCOL = "return performance.getEntriesByType('navigation')[0].nextHopProtocol";

    private static final String COUNT = """
            const done = arguments[arguments.length - 1];
            fetch("/actuator/connections?size=500").then((answer) => answer.json()).then(({connections}) => {
              const ours = connections.filter(({label}) => label === "tab");
              done(JSON.stringify([ours.length, [...new Set(ours.map(({protocol, tls}) => protocol + tls))],
                new Set(ours.map(({session}) => session)).size]));
            });
            """;

    @Test
    void twoTabsHaveTheirStreamsAndWebSocketsOnOneConnection() throws IOException {
        List<String> settings = Stream.concat(
                        Stream.of("server.ssl.bundle=web"), TestCertificate.inFiles("localhost").bundle("web").stream())
                .map(setting -> "--" + setting)
                .toList();
        try (PageService service = new PageService(settings.toArray(String[]::new));
                Browser browser = Browser.start()) {
            String url = "https://localhost:" + service.http() + "/";
            for (int tab = 1; tab <= 2; tab++) {
                browser.openTab(url, 1280, 1000);
                assertThat(browser.evaluate(PROTOCOL)).isEqualTo("h2");
                browser.evaluate(OPEN_STREAMS, STREAMS);
                await().untilAsserted(() -> assertThat(browser.evaluate(OPEN)).isEqualTo((long) STREAMS));
                await().untilAsserted(() ->
                        assertThat(browser.evaluate("return window.echoed")).isEqualTo("over HTTP/2"));
            }

            assertThat(browser.evaluateLater(COUNT)).isEqualTo("[42,[\"h2true\"],1]");
            for (String view : List.of("survive", "compare", "exercise")) {
                browser.evaluate("location.hash = arguments[0]", view);
                await().untilAsserted(() -> assertThat(
                                browser.evaluate("return document.querySelector('main:not([hidden])').dataset.view"))
                        .isEqualTo(view));
            }
            assertThat(browser.errors()).isEmpty();
        }
    }
}
