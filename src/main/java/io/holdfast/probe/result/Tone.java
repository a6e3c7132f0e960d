// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.result;

import picocli.CommandLine.Help.Ansi.Style;

/** How a result is shown where there are colours. The text says the same without them. */
public enum Tone {
    PLAIN(Style.reset),
    HEADING(Style.bold),
    GOOD(Style.fg_green),
    UNSURE(Style.fg_yellow),
    BAD(Style.fg_red);

    private final Style style;

    Tone(Style style) {
        this.style = style;
    }

    Style style() {
        return style;
    }
}
