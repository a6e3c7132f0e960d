// SPDX-License-Identifier: Apache-2.0
package io.holdfast.page;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The accessibility checker axe, which runs in the page. */
final class Axe {

    private static final List<Integer> WIDTHS = List.of(1280, 390);
    private static final List<String> SCHEMES = List.of("light", "dark");

    /**
     * What it cannot decide counts, too. It decides the contrast of signs and of single characters only if asked; an option of
     * a check replaces all. It takes what is behind a modal dialog for its background, so that is hidden. It takes what is
     * scrolled out of a box for covered, so boxes get the height of their content. What has left the page meanwhile, as old entries
     * of a log do, does not count.
     */
    private static final String RUN = """
            const [done] = arguments;
            const modal = document.querySelector("dialog:modal");
            document.body.style.visibility = modal ? "hidden" : "";
            if (modal) modal.style.visibility = "visible";
            const boxes = document.querySelectorAll(".entries, .timeline-ends, pre");
            boxes.forEach((box) => Object.assign(box.style, {height: "auto", maxHeight: "none"}));
            const contrast = axe._audit.checks["color-contrast"].options;
            axe.run(modal ?? document, {
              resultTypes: ["violations", "incomplete"],
              elementRef: true,
              checks: {"color-contrast": {options: {...contrast, ignoreUnicode: false, ignoreLength: true}}},
            }).finally(() => {
              document.body.style.visibility = "";
              boxes.forEach((box) => Object.assign(box.style, {height: "", maxHeight: ""}));
            }).then(({violations, incomplete}) => {
              const why = ({any, all, none}) => [...any, ...all, ...none][0]?.message;
              done([...violations, ...incomplete].flatMap(({id, nodes}) =>
                nodes.filter(({element}) => element.isConnected).map((node) => `${id}: ${node.target.join(" ")}: ${why(node)}`)));
            });
            """;

    private final Browser browser;
    private final String axe;

    Axe(Browser browser) throws IOException {
        this.browser = browser;
        try (InputStream in = Objects.requireNonNull(Axe.class.getResourceAsStream("/axe.min.js"))) {
            axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What it finds in the page as it is now, in each width and colour scheme. */
    List<String> findings() {
        List<String> findings = new ArrayList<>();
        for (int width : WIDTHS) {
            browser.resize(width, 1000);
            for (String scheme : SCHEMES) {
                browser.prefer(scheme);
                if (Boolean.FALSE.equals(browser.evaluate("return 'axe' in window"))) {
                    browser.evaluate(axe);
                }
                List<?> found = (List<?>) Objects.requireNonNull(browser.evaluateLater(RUN));
                found.forEach(finding -> findings.add(width + " " + scheme + " " + finding));
            }
        }
        browser.resize(1280, 1000);
        return findings;
    }
}
