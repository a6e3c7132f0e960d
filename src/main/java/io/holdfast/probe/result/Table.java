// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.result;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.TextTable;

/**
 * A table with one row per result.
 *
 * @param <R> the result
 */
public final class Table<R> {

    private static final int GAP = 2;

    private final List<Column<R>> columns = new ArrayList<>();

    private record Column<R>(
            String heading, boolean right, Function<? super R, String> cell, Function<? super R, Tone> tone) {

        /** The text of each row, the heading first. */
        List<String> cells(List<? extends R> results) {
            return Stream.concat(Stream.of(heading), results.stream().map(cell)).toList();
        }
    }

    /** Adds a column of text, aligned to the left. */
    public Table<R> text(String heading, Function<? super R, String> cell) {
        return text(heading, cell, result -> Tone.PLAIN);
    }

    public Table<R> text(String heading, Function<? super R, String> cell, Function<? super R, Tone> tone) {
        columns.add(new Column<>(heading, false, cell, tone));
        return this;
    }

    /** Adds a column of figures, aligned to the right. */
    public Table<R> figure(String heading, Function<? super R, String> cell) {
        return figure(heading, cell, result -> Tone.PLAIN);
    }

    public Table<R> figure(String heading, Function<? super R, String> cell, Function<? super R, Tone> tone) {
        columns.add(new Column<>(heading, true, cell, tone));
        return this;
    }

    /** Adds the columns p50, p90, p99 and max. */
    public Table<R> times(Function<? super R, Percentiles> of) {
        return upToP99(of)
                .figure("max", result -> Percentiles.text(of.apply(result).max()));
    }

    /** Adds the columns p50, p90, p99, p99.9 and max. */
    public Table<R> timesWithP999(Function<? super R, Percentiles> of) {
        return upToP99(of)
                .figure("p99.9", result -> Percentiles.text(of.apply(result).p999()))
                .figure("max", result -> Percentiles.text(of.apply(result).max()));
    }

    private Table<R> upToP99(Function<? super R, Percentiles> of) {
        return figure("p50", result -> Percentiles.text(of.apply(result).p50()))
                .figure("p90", result -> Percentiles.text(of.apply(result).p90()))
                .figure("p99", result -> Percentiles.text(of.apply(result).p99()));
    }

    /** Prints it. Columns that do not fit come below, with the first column again; long cells are wrapped. */
    public void print(Screen screen, List<? extends R> results) {
        List<List<String>> cells =
                columns.stream().map(column -> column.cells(results)).toList();
        int half = screen.width() / 2;
        int widest = cells.stream()
                .skip(1)
                .mapToInt(column -> width(column, half))
                .max()
                .orElse(0);
        int names = Math.min(longest(cells.getFirst()), screen.width() - widest);
        int room = screen.width() - names;
        int from = 1;
        while (from < columns.size()) {
            List<Integer> widths = new ArrayList<>(List.of(names));
            int left = room;
            int to = from;
            do {
                widths.add(width(cells.get(to), room));
                left -= widths.getLast();
                to++;
            } while (to < columns.size() && width(cells.get(to), room) <= left);
            print(screen, results, cells, from, widths);
            if (to < columns.size()) {
                screen.blank();
            }
            from = to;
        }
    }

    private static int longest(List<String> cells) {
        return cells.stream().mapToInt(String::length).max().orElse(0);
    }

    private static int width(List<String> cells, int most) {
        return Math.min(GAP + longest(cells), most);
    }

    /** Prints the first column and, from another one on, as many as there are widths. */
    private void print(
            Screen screen, List<? extends R> results, List<List<String>> cells, int from, List<Integer> widths) {
        TextTable table = screen.table(widths, GAP);
        for (int row = 0; row <= results.size(); row++) {
            Text[] texts = new Text[widths.size()];
            for (int i = 0; i < texts.length; i++) {
                int number = i == 0 ? 0 : from + i - 1;
                Column<R> column = columns.get(number);
                String cell = cells.get(number).get(row);
                int spaces = widths.get(i) - (i == 0 ? 0 : GAP) - cell.length();
                Tone tone = row == 0 ? Tone.HEADING : column.tone().apply(results.get(row - 1));
                texts[i] = screen.text(tone, column.right() && spaces > 0 ? " ".repeat(spaces) + cell : cell);
            }
            table.addRowValues(texts);
        }
        screen.out().print(table);
    }
}
