// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.page.PageWaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.Proxy;
import io.holdfast.support.TestCertificate;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page through an nginx that takes TLS and HTTP/2 from the browser. */
class PageBehindTlsTest {

    private static final String FORWARDED = "proxy_set_header X-Forwarded-For $remote_addr;"
            + " proxy_set_header X-Forwarded-Proto $scheme; proxy_buffering off;";

    /** The protocol that the browser uses for the page. */
    private static final String PROTOCOL = "return performance.getEntriesByType('navigation')[0].nextHopProtocol";

    @Test
    void everyTransportOfThePageIsSecure() throws IOException {
        try (PageService service = new PageService(
                        "--holdfast.proxies.trusted=127.0.0.1",
                        "--holdfast.access.anonymous.subscribe=**",
                        "--holdfast.access.anonymous.publish=**",
                        "--holdfast.access.anonymous.role=observer");
                Proxy nginx = Proxy.nginx(service.http(), TestCertificate.inFiles("localhost"), FORWARDED);
                Browser browser = Browser.recording()) {
            browser.open("https://localhost:" + nginx.port() + "/", 1280, 1000);
            assertThat(browser.evaluate(PROTOCOL)).isEqualTo("h2");
            Panel panel = browser.panel("channel");
            List<Panel> lanes = Stream.of("channel-sse", "channel-websocket", "channel-tcp")
                    .map(browser::panel)
                    .toList();

            panel.type("channel", "secure").press("subscribe");
            lanes.forEach(lane -> lane.awaitState("open"));
            for (String over : List.of("http", "websocket", "tcp")) {
                await("the answer to what was published before").until(() -> panel.isEnabled("publish"));
                panel.choose("over", over).type("text", "over " + over).press("publish");
                lanes.forEach(lane -> lane.awaitEntry("in", "over " + over));
            }

            assertThat(browser.errors()).isEmpty();
            assertThat(browser.addresses())
                    .filteredOn(address -> !address.startsWith("data:") && !address.startsWith("chrome"))
                    .isNotEmpty()
                    .allMatch(address -> address.matches("(https|wss)://localhost:" + nginx.port() + "/.*"))
                    .anyMatch(address -> address.startsWith("wss:"));
            browser.leave();
        }
    }
}
