// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.page.PageWaiting.await;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** The page's table of connections, accessed by its data attributes. */
final class TableElement {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final String ROWS = """
            return [...document.querySelectorAll("#connections tbody tr")].map((row) =>
              [...row.cells].map((cell) => cell.textContent));
            """;

    private static final String TO_HEADER = """
            document.querySelector(`#connections [data-part=${arguments[0]}]`)
              .scrollIntoView({block: "nearest", inline: "nearest"});
            """;

    private static final String SORTED = """
            return [...document.querySelectorAll("#connections [aria-sort]")].map((header) =>
              `${header.textContent} ${header.getAttribute("aria-sort")}`).join();
            """;

    private final Browser browser;
    private final Panel parts;

    TableElement(Browser browser) {
        this.browser = browser;
        this.parts = browser.panel("connections");
    }

    /** The content of a row; {@code own}: whether it is marked as a connection of this page. */
    record Row(String id, boolean own, String transport, String kind, String bytesOut) {

        private static Row of(List<?> cells) {
            String name = text(cells, 0);
            return new Row(
                    name.split(" ", 2)[0],
                    name.contains(" this page"),
                    text(cells, 1),
                    text(cells, 2),
                    text(cells, 14));
        }

        private static String text(List<?> cells, int at) {
            return String.valueOf(cells.get(at));
        }

        String what() {
            return transport + " " + kind + (own ? " own" : "");
        }
    }

    List<Row> rows() {
        return browser.evaluate(ROWS) instanceof List<?> rows
                ? rows.stream()
                        .map(cells -> Row.of(cells instanceof List<?> texts ? texts : List.of()))
                        .toList()
                : List.of();
    }

    /** The column sorted by, and which way. */
    String sorted() {
        return String.valueOf(browser.evaluate(SORTED));
    }

    String count() {
        return parts.text("count");
    }

    String trouble() {
        return parts.text("trouble");
    }

    TableElement sort(String column) {
        // Not under the first column, which stays where it is.
        browser.evaluate(TO_HEADER, "sort-" + column);
        parts.press("sort-" + column);
        return this;
    }

    TableElement filter(String transport) {
        parts.choose("transport", transport);
        return this;
    }

    TableElement fold() {
        parts.press("summary");
        return this;
    }

    /** Waits for the rows to be these, in any order, each as {@link Row#what}. */
    TableElement awaitRows(String... what) {
        List<String> expected = List.of(what).stream().sorted().toList();
        return awaitThat(
                "rows " + expected,
                table -> table.rows().stream().map(Row::what).sorted().toList().equals(expected));
    }

    TableElement awaitThat(String what, Predicate<TableElement> expected) {
        await(what).atMost(DEADLINE).until(() -> expected.test(this));
        return this;
    }
}
