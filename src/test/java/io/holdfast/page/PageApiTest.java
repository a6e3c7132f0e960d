// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.support.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.page.Browser.Transfer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The view of the API: what the documents say, with commands to copy. */
class PageApiTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Has the page's clipboard where the test can read it. */
    private static final String CLIPBOARD = """
            Object.defineProperty(navigator, "clipboard", {value: {writeText: async (text) => (window.copied = text)}});
            """;

    @AutoClose
    private static Browser browser;

    @AutoClose
    private static PageService service;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.recording();
        service = new PageService();
    }

    @BeforeEach
    void open() {
        browser.clearCache();
        browser.transfers();
        browser.open(service.url(), 1280, 1000);
    }

    @AfterEach
    void leavesNothingBehind() {
        browser.block();
        assertThat(browser.errors()).isEmpty();
        browser.leave();
        service.awaitNoConnections();
    }

    private static void show(String fragment) {
        browser.evaluate("location.hash = arguments[0]", fragment);
        await("the operations").until(() -> count("#api-view details") > 0);
    }

    private static long count(String selector) {
        return (Long) Objects.requireNonNull(
                browser.evaluate("return document.querySelectorAll(arguments[0]).length", selector));
    }

    private static String text(String selector) {
        return String.valueOf(browser.evaluate("return document.querySelector(arguments[0]).textContent", selector));
    }

    private static JsonNode document(String name) {
        return JSON.readTree(String.valueOf(
                browser.evaluateLater("fetch(arguments[0]).then((answer) => answer.text()).then(arguments[1])", name)));
    }

    @Test
    void nothingOfItIsLoadedBeforeItIsShown() {
        assertThat(browser.transfers())
                .isNotEmpty()
                .noneMatch(transfer -> transfer.path().matches("/assets/api-.*|/(open|async)api\\.json"));

        show("#api");

        assertThat(browser.transfers())
                .extracting(Transfer::path)
                .contains("/openapi.json", "/asyncapi.json")
                .anyMatch(path -> path.startsWith("/assets/api-"));
    }

    @Test
    void everyOperationOfBothDocumentsIsListed() {
        show("#api");
        long requests = document("/openapi.json")
                .get("paths")
                .valueStream()
                .flatMap(JsonNode::valueStream)
                .filter(operation -> operation.has("operationId"))
                .count();

        JsonNode asyncApi = document("/asyncapi.json");
        long webSockets = asyncApi.get("channels")
                .valueStream()
                .filter(channel -> !channel.get("address").isNull())
                .count();

        assertThat(count("#api-view details"))
                .isEqualTo(requests + webSockets + asyncApi.get("operations").size());
        assertThat(count("#api-view details:not(:has(.api-answers)):not(:has(.api-example))"))
                .isZero();
        assertThat(text("#api-stream")).contains("GET", "/stream", "interval", "bad-interval", "hello world");
        assertThat(text("#api-ws-echo-open")).contains("GET", "/echo", "heartbeat-interval");
        assertThat(text("#api-ws-subscribe")).contains("receives", "from", "k3f9:41");
        assertThat(String.valueOf(browser.evaluate("return document.querySelector('#api-view').textContent")))
                .doesNotContain("undefined", "[object");
    }

    /** A command that is copied does what the example says. */
    @Test
    void commandsAreCopiedAndWork() throws IOException, InterruptedException {
        show("#api=stream");
        assertThat(browser.evaluate("return document.querySelector('#api-stream').open"))
                .isEqualTo(true);
        browser.evaluate(CLIPBOARD);

        browser.evaluate("document.querySelector('#api-stream [data-part=copy]').click()");
        await("the copy").until(() -> browser.evaluate("return window.copied") != null);

        String command = String.valueOf(browser.evaluate("return window.copied"));
        assertThat(command).startsWith("curl -N ").contains(service.url() + "stream?");
        assertThat(text("#api-stream [data-part=copied]")).isEqualTo("copied");
        assertThat(run(command)).isEqualTo("hello world\nhello world\nhello world\n");
    }

    @Test
    void commandsHaveThePortsOfThisService() throws IOException, InterruptedException {
        show("#api=ws-rawEcho");

        String command = text("#api-ws-rawEcho .api-command code");

        assertThat(command).endsWith("nc -q1 127.0.0.1 " + service.tcpEcho());
        assertThat(run(command)).isEqualTo("hello\n");
    }

    private static String run(String command) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(command).isZero();
        return output;
    }

    @Test
    void theKeyboardAloneIsEnough() {
        show("#api=echo");
        assertThat(browser.evaluate("return document.activeElement.closest('details').id"))
                .isEqualTo("api-echo");

        browser.type(Keys.ENTER);
        await("it closes")
                .until(() -> Boolean.FALSE.equals(browser.evaluate("return document.querySelector('#api-echo').open")));
        browser.type(Keys.ENTER);
        await("the button to copy").until(() -> {
            browser.type(Keys.TAB);
            return "copy".equals(browser.evaluate("return document.activeElement.dataset.part"));
        });

        assertThat(browser.evaluate("return document.activeElement.closest('details').id"))
                .isEqualTo("api-echo");
    }

    @Test
    void itFitsIntoNarrowPages() {
        show("#api");
        browser.evaluate("document.querySelectorAll('#api-view details').forEach((details) => (details.open = true))");

        List<String> overflowing =
                browser.overflowing("#api-view *", "#api-view pre, #api-view summary, body", 320, 390, 1280);

        assertThat(overflowing).isEmpty();
    }

    @Test
    void documentsThatDoNotComeAreAskedForAgain() {
        browser.block("*/openapi.json");
        browser.evaluate("location.hash = '#api'");
        await("the view").until(() -> count("#api-view [data-part=trouble]") == 1);
        await("the message").until(() -> text("#api-view [data-part=trouble]").contains("could not be loaded"));
        browser.block();
        assertThat(browser.errors()).isNotEmpty();

        browser.evaluate("location.hash = '#exercise'");
        show("#api");

        assertThat(text("#api-view [data-part=trouble]")).isEmpty();
    }
}
