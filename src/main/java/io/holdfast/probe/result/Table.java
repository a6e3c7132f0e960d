package io.holdfast.probe.result;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows of text under their headings: the first column to the left, figures to the right. */
public final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        rows.add(List.of(headings));
    }

    public Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    public void print(PrintWriter out) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(pad(row.getFirst(), -widths[0]));
            for (int i = 1; i < row.size(); i++) {
                line.append("  ").append(pad(row.get(i), widths[i]));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static String pad(String text, int width) {
        String spaces = " ".repeat(Math.abs(width) - text.length());
        return width < 0 ? text + spaces : spaces + text;
    }
}
