// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.page.PageWaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.page.TableElement.Row;
import io.holdfast.support.FreePort;
import io.holdfast.support.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page's table of connections, as a user sees it. */
class PageConnectionsTest {

    private static final String[] THREE_PANELS = {
        "http stream own", "websocket echo own", "websocket → tcp tcp → echo own"
    };

    @AutoClose
    private static Browser browser;

    @AutoClose
    private static PageService service;

    private TableElement table;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
        service = new PageService();
    }

    @BeforeEach
    void open() {
        browser.openIdle(service.url(), 1280, 1000);
        table = new TableElement(browser);
    }

    @AfterEach
    void leavesNothingBehind() {
        assertThat(browser.errors()).allMatch(error -> error.matches(PageTest.NETWORK));

        // A browser may keep a page in its cache, with every connection that the page does not close itself.
        browser.evaluate("window.others?.forEach((socket) => socket.close())");
        browser.leave();
        service.awaitNoConnections();
    }

    @Test
    void ownConnectionsComeMarkedAndGo() {
        table.awaitThat("none", empty -> empty.count().equals("0 open"));

        connectAll();
        table.awaitRows(THREE_PANELS);
        assertThat(table.count()).isEqualTo("4 open, 1 of them behind a bridge");

        panels().forEach(panel -> panel.press("disconnect"));
        table.awaitRows();
        assertThat(table.count()).isEqualTo("0 open");
    }

    @Test
    void connectionsOfOthersAreNotMarked() {
        browser.evaluate("window.others = ['/echo?label=page-of-another', '/echo'].map((url) => new WebSocket(url))");

        table.awaitRows("websocket echo", "websocket echo");
    }

    @Test
    void filterLeavesOneTransport() {
        connectAll();
        table.awaitRows(THREE_PANELS);

        table.filter("websocket").awaitRows("websocket echo own", "websocket tcp own");
        assertThat(table.count()).isEqualTo("2 open");
        table.filter("tcp").awaitRows("tcp echo");

        table.filter("").awaitRows(THREE_PANELS);
    }

    @Test
    void headersSortNumbersFromTheLargestAndWordsFromTheFirst() {
        connectAll();
        browser.panel("tcp").send("x".repeat(500));
        browser.panel("websocket").send("x".repeat(5000));
        assertThat(table.sorted()).isEqualTo("Id ascending");

        table.sort("bytesOut").awaitThat("most bytes first", sorted -> starts(sorted, "websocket echo own"));
        assertThat(table.sorted()).isEqualTo("Bytes out descending");

        table.sort("bytesOut").awaitThat("most bytes last", sorted -> ends(sorted, "websocket echo own"));
        assertThat(table.sorted()).isEqualTo("Bytes out ascending");

        table.sort("transport").awaitThat("by transport", sorted -> starts(sorted, "http stream own"));
        assertThat(table.sorted()).isEqualTo("Transport ascending");
    }

    @Test
    void keyboardSorts() {
        browser.tabTo("connections", "sort-kind", false);
        browser.type(Keys.ENTER);
        assertThat(table.sorted()).isEqualTo("Kind ascending");

        browser.type(Keys.SPACE);
        assertThat(table.sorted()).isEqualTo("Kind descending");
        assertThat(browser.focus()).isEqualTo("connections sort-kind");
    }

    @Test
    void figuresMove() {
        browser.panel("http").type("interval", "20ms").press("connect").awaitState("open");
        table.awaitRows("http stream own");
        String first = table.rows().getFirst().bytesOut();

        table.awaitThat(
                "more bytes", later -> !later.rows().getFirst().bytesOut().equals(first));
    }

    @Test
    void saysHowManyMoreThereAre() {
        browser.evaluate("window.others = Array.from({length: 55}, () => new WebSocket('/echo'))");

        table.awaitThat("55", all -> all.count().equals("First 50 of 55"));
        assertThat(table.rows()).hasSize(50);
    }

    @Test
    void foldedTableAsksForNothing() {
        connectAll();
        table.awaitRows(THREE_PANELS).fold();
        table.awaitThat("folded", folded -> folded.count().isEmpty());

        String polls =
                "return performance.getEntriesByType('resource').filter(({name}) => name.includes('/actuator/connections')).length";
        Object before = browser.evaluate(polls);
        browser.panel("http").awaitNumber("age", age -> age > 4000);
        assertThat(browser.evaluate(polls)).isEqualTo(before);

        panels().forEach(panel -> panel.press("disconnect"));
        table.fold().awaitRows();
    }

    @Test
    void saysThatTheServerIsAwayAndRecovers() {
        connectAll();
        table.awaitRows(THREE_PANELS);

        service.whileAway(() ->
                table.awaitThat("trouble", away -> away.trouble().startsWith("The server can't be reached. As of ")));

        table.awaitThat("no trouble", back -> back.trouble().isEmpty()).awaitRows(THREE_PANELS);
    }

    @Test
    void saysThatTheServerHasNoList() {
        try (PageService bare = new PageService("--management.endpoints.web.exposure.include=health")) {
            browser.openIdle(bare.url(), 1280, 1000);

            table.awaitThat("trouble", none -> none.trouble().contains("does not list its connections"));

            assertThat(table.rows()).isEmpty();
            assertThat(table.count()).isEmpty();
            browser.leave();
        }
    }

    @Test
    void listIsFoundOnThePortOfTheActuator() {
        try (PageService apart = new PageService("--management.server.port=" + FreePort.any())) {
            browser.openIdle(apart.url(), 1280, 1000);
            browser.panel("websocket").press("connect").awaitState("open");

            table.awaitRows("websocket echo own");

            assertThat(table.trouble()).isEmpty();
            browser.leave();
            apart.awaitNoConnections();
        }
    }

    @Test
    void everythingIsOverHttp2WithTls(@TempDir Path home) throws IOException {
        TestCertificate certificate = TestCertificate.of("CN=localhost");
        Path pem = Files.writeString(home.resolve("cert.pem"), certificate.certificatePem());
        Path key = Files.writeString(home.resolve("key.pem"), certificate.keyPem());
        try (PageService secure = new PageService(
                "--spring.ssl.bundle.pem.web.keystore.certificate=file:" + pem,
                "--spring.ssl.bundle.pem.web.keystore.private-key=file:" + key,
                "--server.ssl.bundle=web")) {
            browser.openIdle(secure.url(), 1280, 1000);
            panels().forEach(panel -> panel.press("connect").awaitState("open"));

            table.awaitRows(THREE_PANELS);
            assertThat(browser.panel("http").text("carrier")).isEqualTo("h2, TLS");
            assertThat(browser.panel("websocket").text("carrier")).endsWith("TLS");
            assertThat(browser.panel("tcp").text("carrier")).endsWith("TLS");
            assertThat(browser.evaluateLater("""
                    const [done] = arguments;
                    import("/client/compare/comparison.js")
                      .then(({ComparisonRun}) => new ComparisonRun({size: 64, count: 5}, "", new AbortController().signal).run())
                      .then(({missing}) => done(missing.map(({way, why}) => `${way}: ${why}`).join()), done);
                    """))
                    .isEqualTo(
                            "http-short: Not possible over HTTP/2: all requests of a page share one connection, which no"
                                    + " request ends");
            browser.leave();
            secure.awaitNoConnections();
        }
    }

    @Test
    void labelsAreShown() {
        browser.evaluate("window.others = [new WebSocket('/echo?label=front-door')]");

        await("the label")
                .until(() -> "front-door"
                        .equals(browser.evaluate(
                                "return document.querySelector('#connections td[data-column=label]')?.textContent")));
    }

    @Test
    void oneConnectionIsClosedAfterAQuestion() {
        browser.panel("websocket").press("connect").awaitState("open");
        table.awaitRows("websocket echo own");

        press("close");
        browser.panel("confirm").press("no");
        assertThat(browser.panel("websocket").state()).isEqualTo("open");

        press("close");
        browser.panel("confirm").press("yes");
        browser.panel("websocket").awaitState("failed").awaitEntry("event", "An operator ended the connection (4001");
        await("the outcome")
                .until(() -> browser.panel("connections").text("outcome").endsWith(" is closed."));
        table.awaitRows();
    }

    private static void press(String part) {
        browser.evaluate("document.querySelector(`#connections tbody [data-part=${arguments[0]}]`).click()", part);
    }

    @Test
    void rowsAreCardsOnAPhone() {
        browser.openIdle(service.url(), 390, 844);
        connectAll();
        table.awaitRows(THREE_PANELS);

        assertThat(browser.evaluate(
                        "const page = document.documentElement; return page.scrollWidth - page.clientWidth"))
                .isEqualTo(0L);
        assertThat(browser.evaluate("""
                const box = document.querySelector("#connections [data-part=table]");
                const cells = [...box.querySelectorAll("tbody tr:first-child :is(th, td:not(:empty))")];
                return box.scrollWidth <= box.clientWidth
                  && cells.length > 10
                  && cells.every((cell) => cell.getBoundingClientRect().right <= innerWidth)
                  && new Set(cells.map((cell) => Math.round(cell.getBoundingClientRect().top))).size > 5;
                """)).isEqualTo(true);
        browser.panel("connections").choose("order", "-ageSeconds");
        assertThat(table.sorted()).isEqualTo("Age descending");
    }

    @Test
    void tableKeepsItsHeightWhenRowsComeAndGo() {
        String place = "return document.querySelector('#connections').getBoundingClientRect().height";
        table.awaitThat("none", empty -> empty.count().equals("0 open"));
        Object before = browser.evaluate(place);

        connectAll();
        table.awaitRows(THREE_PANELS);

        assertThat(browser.evaluate(place)).isEqualTo(before);
    }

    private static void connectAll() {
        panels().forEach(panel -> panel.press("connect").awaitState("open"));
    }

    private static List<Panel> panels() {
        return Stream.of("http", "websocket", "tcp").map(browser::panel).toList();
    }

    private static boolean starts(TableElement table, String what) {
        List<Row> rows = table.rows();
        return rows.size() == 3 && rows.getFirst().what().equals(what);
    }

    private static boolean ends(TableElement table, String what) {
        List<Row> rows = table.rows();
        return rows.size() == 3 && rows.getLast().what().equals(what);
    }
}
