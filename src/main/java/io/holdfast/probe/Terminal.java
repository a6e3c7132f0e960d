// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import java.io.Console;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of the terminal. The launcher tells what Java does not: its width, and whether stderr is one. */
final class Terminal {

    private static final int USUAL = 80;

    /** Less than the usage help can have is wrapped by the terminal. */
    private static final int NARROWEST = 55;

    private static final int WIDEST = 1000;

    private Terminal() {}

    /** Columns of a line: {@code COLUMNS}, which the launcher sets on a terminal, else 80. */
    static int width(Map<String, String> environment) {
        String given = environment.getOrDefault("COLUMNS", "");
        return given.matches("[1-9]\\d{0,3}") ? Math.clamp(Integer.parseInt(given), NARROWEST, WIDEST) : USUAL;
    }

    /** Whether a line of stderr can be rewritten. */
    // Null without a terminal since JDK 25.
    @SuppressWarnings("SystemConsoleNull")
    static boolean isRewritable() {
        String told = System.getProperty("holdfast.stderr");
        Console console = System.console();
        boolean isTerminal = told == null ? console != null && console.isTerminal() : told.equals("terminal");
        return isTerminal && !"dumb".equals(term());
    }

    private static @Nullable String term() {
        return System.getenv("TERM");
    }
}
