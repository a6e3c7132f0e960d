// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import static io.holdfast.page.PageWaiting.await;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One Chromium with its own profile, which is deleted when it is closed. */
final class Browser implements AutoCloseable {

    /** The driver may return before a page's modules have run, among them those of the view that is shown. */
    private static final String LOADED = """
            return location.href !== "about:blank"
              && document.readyState === "complete"
              && !document.querySelector("view-nav:not(:defined), main:not([hidden]) > :not(:defined)");
            """;

    private static final int MOST_TABS = 90;

    /** In bytes per second. */
    private static final int TEN_MBIT = 1_250_000;

    private static final JsonMapper JSON = new JsonMapper();

    /** Referenced, because a logger without references loses its level. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final Path home;
    private final ChromeDriver driver;

    private Browser(Path home, ChromeDriver driver) {
        this.home = home;
        this.driver = driver;
    }

    /** Ends the test, skipped or failed, on a machine without the programs. */
    static Browser start() throws IOException {
        return start(false);
    }

    /** As {@link #start}, and notes to which {@linkplain #addresses addresses} something was sent, which takes time. */
    static Browser recording() throws IOException {
        return start(true);
    }

    private static Browser start(boolean records) throws IOException {
        Path chromium = program("chromium");
        Path chromedriver = program("chromedriver");
        // It warns about an unknown DevTools version, which is not used here.
        SELENIUM.setLevel(Level.SEVERE);
        Path home = Files.createTempDirectory("holdfast-page");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.toFile())
                .usingAnyFreePort()
                .withEnvironment(Map.of("HOME", home.toString(), "TMPDIR", home.toString()))
                .build();
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        if (records) {
            logs.enable(LogType.PERFORMANCE, Level.ALL);
        }
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        // Those of tests are signed by nobody.
        options.setAcceptInsecureCerts(true);
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-extensions",
                // An animation would draw each frame, on the processor.
                "--force-prefers-reduced-motion",
                // Names of other sites, which lead to this machine as with DNS rebinding.
                "--host-resolver-rules=MAP *.example 127.0.0.1",
                "--user-data-dir=" + home.resolve("profile"));
        Browser browser = new Browser(home, new ChromeDriver(service, options));
        browser.driver.executeCdpCommand(
                "Browser.setDownloadBehavior",
                Map.of(
                        "behavior",
                        "allow",
                        "downloadPath",
                        Files.createDirectory(browser.downloads()).toString()));
        return browser;
    }

    private Path downloads() {
        return home.resolve("downloads");
    }

    /** The file that the page has let it save, whose name ends with this. */
    Path saved(String end) {
        return await("a file " + end)
                .until(
                        () -> {
                            try (Stream<Path> files = Files.list(downloads())) {
                                return files.filter(file -> file.toString().endsWith(end))
                                        .findFirst();
                            }
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    /** The pieces of visible text that lie upon one another, other than in what scrolls by itself. */
    List<String> overlapping(String within) {
        return ((List<?>) Objects.requireNonNull(evaluate("""
                        const pieces = [];
                        const walker = document.createTreeWalker(document.querySelector(arguments[0]), NodeFilter.SHOW_TEXT);
                        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                          const { parentElement } = node;
                          if (!node.data.trim() || !parentElement.checkVisibility() || parentElement.closest(".unseen, .history-list")) continue;
                          const range = document.createRange();
                          range.selectNodeContents(node);
                          for (const box of range.getClientRects()) pieces.push({ text: node.data.trim(), box });
                        }
                        const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
                          && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
                        return pieces.flatMap((one, at) => pieces.slice(at + 1)
                          .filter((other) => one.text !== other.text && over(one.box, other.box))
                          .map((other) => `${one.text} | ${other.text}`));
                        """, within)))
                .stream().map(String::valueOf).toList();
    }

    private static Path program(String name) {
        Optional<Path> found = Stream.of(
                        Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
        return found.orElseGet(() -> {
            String missing = "There is no " + name + " on the PATH, and the page is tested in it.";
            if ("true".equals(System.getenv("HOLDFAST_REQUIRE_ALL"))) {
                return fail(missing);
            }
            // The report has no line for a class that is skipped before its first test.
            System.err.println("Skipped: " + missing);
            return abort(missing);
        });
    }

    /** Gives the page another size. */
    void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /**
     * The elements that do not fit into the page at one of these widths.
     *
     * @param elements which may not be wider than the page
     * @param boxes whose content may not be wider than they are
     */
    List<String> overflowing(String elements, String boxes, int... widths) {
        List<String> overflowing = new ArrayList<>();
        for (int width : widths) {
            resize(width, 900);
            List<?> found = (List<?>) Objects.requireNonNull(evaluate("""
                            const wide = [...document.querySelectorAll(arguments[0])].filter((element) =>
                              element.getBoundingClientRect().right > innerWidth
                              || element.matches(arguments[1]) && element.scrollWidth > element.clientWidth);
                            return wide.map((element) => element.outerHTML);
                            """, elements, boxes));
            found.forEach(element -> overflowing.add("at " + width + ": " + element));
        }
        return overflowing;
    }

    void open(String url, int width, int height) {
        resize(width, height);
        driver.get(url);
        awaitLoaded("page " + url);
    }

    private void awaitLoaded(String what) {
        await(what).atMost(Duration.ofSeconds(20)).until(() -> Boolean.TRUE.equals(evaluate(LOADED)));
    }

    /** Shows the page in a colour scheme, as {@code dark}. */
    void prefer(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Emulates a network: every answer comes after {@code roundTrip}, at 10 Mbit/s. */
    void distance(Duration roundTrip) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of(
                        "offline",
                        false,
                        "latency",
                        roundTrip.toMillis(),
                        "downloadThroughput",
                        TEN_MBIT,
                        "uploadThroughput",
                        TEN_MBIT));
    }

    /** Lets requests to such addresses fail, as {@code *survive*}. */
    void block(String... addresses) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of(addresses)));
    }

    void clearCache() {
        driver.executeCdpCommand("Network.clearBrowserCache", Map.of());
    }

    /** As {@link #open}, without the connections that the page opens by itself. */
    void openIdle(String url, int width, int height) {
        open(url, width, height);
        Stream.of("http", "websocket", "tcp").map(this::panel).forEach(Panel::idle);
    }

    /** As {@link #open}, in a tab of its own. The others stay open. */
    void openTab(String url, int width, int height) {
        driver.switchTo().newWindow(WindowType.TAB);
        open(url, width, height);
    }

    void leave() {
        driver.get("about:blank");
    }

    void back() {
        driver.navigate().back();
    }

    void reload() {
        driver.navigate().refresh();
        awaitLoaded("reloaded page");
    }

    /** A view's components are loaded when it is shown. */
    Panel panel(String id) {
        await(id + " to be loaded")
                .until(() -> Boolean.TRUE.equals(
                        evaluate("return !document.getElementById(arguments[0])?.matches(':not(:defined)')", id)));
        return new Panel(driver, id);
    }

    @Nullable
    Object evaluate(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** As {@link #evaluate}, for a script that calls its last argument with the result. */
    @Nullable
    Object evaluateLater(String script, @Nullable Object... arguments) {
        return driver.executeAsyncScript(script, arguments);
    }

    /** Types into whatever has the focus. */
    void type(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** Moves the focus with the keyboard until it is there. */
    void tabTo(String panel, String part, boolean backwards) {
        for (int tabs = 0; !focus().equals(panel + " " + part); tabs++) {
            if (tabs == MOST_TABS) {
                fail("The keyboard does not reach " + panel + " " + part + "; the focus is at " + focus());
            }
            Actions actions = new Actions(driver);
            if (backwards) {
                actions.keyDown(Keys.SHIFT).sendKeys(Keys.TAB).keyUp(Keys.SHIFT).perform();
            } else {
                actions.sendKeys(Keys.TAB).perform();
            }
        }
    }

    /** Where the focus is: the panel's id and the part, as {@code http send}. */
    String focus() {
        return String.valueOf(
                driver.executeScript(
                        "const at = document.activeElement; return `${at.closest('[id]')?.closest('main > *')?.id} ${at.dataset.part}`"));
    }

    /** The errors of the console since the last call. */
    List<String> errors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** The hosts to which anything was sent since the last call, if it {@linkplain #recording records}. */
    Set<String> hosts() {
        return addresses().stream()
                .filter(Pattern.compile("^(http|ws)s?:").asPredicate())
                .map(url -> URI.create(url).getAuthority())
                .collect(Collectors.toSet());
    }

    /** The addresses to which anything was sent since the last call, if it {@linkplain #recording records}. */
    List<String> addresses() {
        return events().flatMap(Browser::url).toList();
    }

    private Stream<JsonNode> events() {
        return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(entry -> JSON.readTree(entry.getMessage()).path("message"));
    }

    /**
     * An address that was requested.
     *
     * @param initiator what caused the request: the {@code parser} of the document, a {@code script}
     * @param bytes of the answer, compressed and with its headers; 0 if the browser had it
     */
    record Transfer(String url, String initiator, long bytes) {

        String path() {
            return url.startsWith("data:") ? url : URI.create(url).getPath();
        }
    }

    /** The addresses that were requested since the last call, each once, if it {@linkplain #recording records}. */
    List<Transfer> transfers() {
        Map<String, Transfer> byRequest = new LinkedHashMap<>();
        Map<String, Transfer> byUrl = new LinkedHashMap<>();
        events().forEach(event -> {
            JsonNode details = event.path("params");
            String id = details.path("requestId").asString("");
            switch (event.path("method").asString("")) {
                case "Network.requestWillBeSent" ->
                    byRequest.put(
                            id,
                            new Transfer(
                                    details.path("request").path("url").asString(),
                                    details.path("initiator").path("type").asString(),
                                    0));
                case "Network.loadingFinished" ->
                    byRequest.computeIfPresent(
                            id,
                            (_, request) -> new Transfer(
                                    request.url(),
                                    request.initiator(),
                                    details.path("encodedDataLength").asLong()));
                default -> {}
            }
        });
        byRequest
                .values()
                .forEach(request ->
                        byUrl.merge(request.url(), request, (first, later) -> first.bytes() > 0 ? first : later));
        return List.copyOf(byUrl.values());
    }

    private static Stream<String> url(JsonNode event) {
        JsonNode details = event.path("params");
        return switch (event.path("method").asString()) {
            case "Network.requestWillBeSent" ->
                Stream.of(details.path("request").path("url").asString());
            case "Network.webSocketCreated" -> Stream.of(details.path("url").asString());
            default -> Stream.empty();
        };
    }

    @Override
    public void close() {
        driver.quit();
        // Chromium's last processes may still be writing.
        await("the browser's home to go")
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    FileSystemUtils.deleteRecursively(home);
                    return Files.notExists(home);
                });
    }
}
