package io.holdfast.probe.result;

import java.io.PrintWriter;

/** Wraps text into lines. */
public final class Paragraph {

    private static final String INDENT = "  ";

    private Paragraph() {}

    /**
     * Prints {@code text}. Lines after the first are indented.
     *
     * @param width columns of a line
     */
    public static void print(String text, int width, PrintWriter out) {
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.toString().isBlank() && line.length() + word.length() >= width) {
                out.println(line);
                line = new StringBuilder(INDENT);
            }
            line.append(line.isEmpty() || line.toString().isBlank() ? "" : " ").append(word);
        }
        out.println(line);
    }
}
