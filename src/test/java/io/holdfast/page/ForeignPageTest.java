// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.support.PlainRequest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page of another site, in the browser of somebody on this machine, who may do everything. */
class ForeignPageTest {

    private static Browser browser;
    private static PageService service;
    private static OtherSite elsewhere;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        service = new PageService();
        elsewhere = new OtherSite();
    }

    @AfterAll
    static void stop() {
        elsewhere.close();
        service.close();
        browser.close();
    }

    private static String messages() throws IOException {
        return PlainRequest.get(service.http(), "/channels/foreign/messages?after=earliest")
                .body();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "whoami",
                "channels/foreign",
                "channels/foreign/messages",
                "actuator",
                "actuator/health",
                "actuator/connections",
                "actuator/channels",
                "actuator/prometheus",
                "stream?count=1",
                "inspect"
            })
    void readsNothing(String path) {
        browser.open(elsewhere.foreignUrl(), 800, 600);

        Object outcome = browser.evaluateLater("""
                const done = arguments[arguments.length - 1];
                fetch(arguments[0], { credentials: "include" }).then(() => done("read"), (cause) => done(cause.name));
                """, service.url() + path);

        assertThat(outcome).isEqualTo("TypeError");
    }

    @Test
    void changesNothing() throws IOException {
        browser.open(elsewhere.foreignUrl(), 800, 600);

        Object sent = browser.evaluateLater("""
                const done = arguments[arguments.length - 1];
                const url = arguments[0];
                const post = (path, mode) => fetch(url + path, { method: "POST", mode, body: "from elsewhere" });
                const image = new Image();
                image.src = url + "channels/foreign/messages";
                Promise.allSettled([
                  post("channels/foreign", "no-cors"),
                  post("channels/foreign", "cors"),
                  post("tickets", "cors"),
                  fetch(url + "actuator/connections?subject=alice", { method: "DELETE" }),
                  post("actuator/revocations", "cors"),
                ]).then((all) => done(all.slice(1).map((one) => one.status).join()));
                """, service.url());

        assertThat(sent).isEqualTo("rejected,rejected,rejected,rejected");
        assertThat(messages()).contains("\"messages\":[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"channels", "lines", "tcp", "echo", "inspect"})
    void opensNoWebSocket(String path) {
        browser.open(elsewhere.foreignUrl(), 800, 600);

        Object outcome = browser.evaluateLater("""
                const done = arguments[arguments.length - 1];
                const socket = new WebSocket(arguments[0]);
                socket.onopen = () => done("open");
                socket.onerror = () => done("refused");
                """, service.url().replace("http:", "ws:") + path);

        assertThat(outcome).isEqualTo("refused");
    }

    @Test
    void framesNothing() {
        browser.open(elsewhere.foreignUrl(), 800, 600);

        browser.evaluateLater("""
                const done = arguments[arguments.length - 1];
                const frame = document.createElement("iframe");
                frame.onload = () => done();
                frame.src = arguments[0];
                document.body.append(frame);
                """, service.url());

        assertThat(browser.errors()).anyMatch(error -> error.contains("frame-ancestors 'none'"));
    }

    /** Its name was made to lead here, so that the browser takes the service for the page's own. */
    @Test
    void reboundPageMayDoWhatAnybodyMay() throws IOException {
        browser.open("http://rebound.example:" + service.http() + "/client/endings.js", 800, 600);

        Object outcome = browser.evaluateLater("""
                const done = arguments[arguments.length - 1];
                const status = (path, options) => fetch(path, options).then((answer) => answer.status);
                Promise.all([
                  fetch("/whoami").then((answer) => answer.json()).then((who) => who.kind),
                  status("/channels/foreign/messages"),
                  status("/channels/foreign", { method: "POST", body: "rebound" }),
                  status("/actuator/connections"),
                  status("/actuator/connections/c-1", { method: "DELETE" }),
                  status("/stream?count=1&end=stall"),
                ]).then((all) => done(all.join()));
                """);

        assertThat(outcome).isEqualTo("anonymous,401,401,401,401,401");
        assertThat(messages()).contains("\"messages\":[]");
    }

    @Test
    void reboundPageSubscribesToNothingOverAWebSocket() {
        browser.open("http://rebound.example:" + service.http() + "/client/endings.js", 800, 600);

        for (String path : List.of("/channels", "/lines")) {
            Object outcome = browser.evaluateLater("""
                    const done = arguments[arguments.length - 1];
                    const socket = new WebSocket(arguments[0]);
                    const command = '{"type":"subscribe","channel":"foreign"}\\n';
                    socket.binaryType = "arraybuffer";
                    socket.onopen = () => socket.send(arguments[0].endsWith("/lines")
                      ? new TextEncoder().encode(command) : command);
                    socket.onmessage = ({ data }) => {
                      const text = typeof data === "string" ? data : new TextDecoder().decode(data);
                      const code = /"code":"([a-z-]+)"/.exec(text);
                      if (code || text.includes("subscribed")) { socket.close(); done(code ? code[1] : text); }
                    };
                    """, "ws://rebound.example:" + service.http() + path);

            assertThat(outcome).as(path).isEqualTo("unauthenticated");
        }
        service.awaitNoConnections();
    }
}
