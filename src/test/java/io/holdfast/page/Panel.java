// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.page.PageWaiting.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** One panel of the page, accessed by its id and by the {@code data-part} of its elements. */
final class Panel {

    /** The longest wait between two tries is 10 s. */
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final Duration POLL = Duration.ofMillis(25);

    private static final String ENTRIES = """
            const [id, direction] = arguments;
            const entries = document.querySelectorAll(`#${id} .entry[data-direction="${direction}"]`);
            return [...entries].map((entry) => entry.textContent);
            """;

    private static final String FORGET = """
            document.querySelectorAll(`#${arguments[0]} :is([data-part=clear], [data-part=reset])`).forEach((button) => button.click());
            """;

    private final WebDriver page;
    private final String id;

    Panel(WebDriver page, String id) {
        this.page = page;
        this.id = id;
    }

    Panel press(String part) {
        find(part).click();
        return this;
    }

    /** Replaces what stands in a field; {@code keys} may end with Enter. */
    Panel type(String part, CharSequence... keys) {
        WebElement field = find(part);
        field.clear();
        field.sendKeys(keys);
        return this;
    }

    /** Gives a field a file, as the browser's dialog does. */
    Panel attach(String part, Path file) {
        find(part).sendKeys(file.toString());
        return this;
    }

    Panel choose(String part, String value) {
        new Select(find(part)).selectByValue(value);
        return this;
    }

    /** Ends the connection that the page has opened by itself, with its log and its figures, and sends no checks. */
    Panel idle() {
        choose("checks", "no").press("disconnect").awaitState("closed");
        ((JavascriptExecutor) page).executeScript(FORGET, id);
        return this;
    }

    Panel send(String text) {
        return type("text", text).press("send");
    }

    boolean isEnabled(String part) {
        return find(part).isEnabled();
    }

    String text(String part) {
        return find(part).getText();
    }

    String state() {
        return String.valueOf(find("state").getDomAttribute("data-state"));
    }

    /** A figure, with times in milliseconds; not a number while it is unknown. */
    double number(String part) {
        String value = String.valueOf(find(part).getDomAttribute("data-value"));
        return value.isEmpty() ? Double.NaN : Double.parseDouble(value);
    }

    /** The log's entries of one direction, each with its time, text and bytes. */
    List<String> entries(String direction) {
        Object entries = ((JavascriptExecutor) page).executeScript(ENTRIES, id, direction);
        return entries instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    Panel awaitState(String state) {
        waiting(id + " " + state).until(() -> state().equals(state));
        return this;
    }

    Panel awaitNumber(String part, DoublePredicate expected) {
        waiting(id + " " + part).until(() -> expected.test(number(part)));
        return this;
    }

    /** Waits for one entry with all of {@code texts}. */
    Panel awaitEntry(String direction, String... texts) {
        waiting(id + " " + direction + " " + String.join(" ", texts))
                .until(() -> entries(direction).stream()
                        .anyMatch(entry -> Stream.of(texts).allMatch(entry::contains)));
        return this;
    }

    private static ConditionFactory waiting(String what) {
        return await(what).atMost(DEADLINE).pollInterval(POLL);
    }

    private WebElement find(String part) {
        return page.findElement(By.cssSelector("#" + id + " [data-part='" + part + "']"));
    }

    @Override
    public String toString() {
        return id;
    }
}
