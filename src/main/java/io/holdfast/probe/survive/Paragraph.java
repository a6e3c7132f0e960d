package io.holdfast.probe.survive;

import java.io.PrintWriter;

/** Wraps text into lines. */
final class Paragraph {

    private static final int WIDTH = 100;
    private static final String INDENT = "  ";

    private Paragraph() {}

    /** Prints {@code text}. Lines after the first are indented. */
    static void print(String text, PrintWriter out) {
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.toString().isBlank() && line.length() + word.length() >= WIDTH) {
                out.println(line);
                line = new StringBuilder(INDENT);
            }
            line.append(line.isEmpty() || line.toString().isBlank() ? "" : " ").append(word);
        }
        out.println(line);
    }
}
