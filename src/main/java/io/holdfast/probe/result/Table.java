package io.holdfast.probe.result;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A table with one row per result.
 *
 * @param <R> the result
 */
public final class Table<R> {

    private final List<Column<R>> columns = new ArrayList<>();

    private record Column<R>(String heading, boolean right, Function<? super R, String> cell) {}

    /** Adds a column of text, aligned to the left. */
    public Table<R> text(String heading, Function<? super R, String> cell) {
        columns.add(new Column<>(heading, false, cell));
        return this;
    }

    /** Adds a column of figures, aligned to the right. */
    public Table<R> figure(String heading, Function<? super R, String> cell) {
        columns.add(new Column<>(heading, true, cell));
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

    public void print(PrintWriter out, List<? extends R> results) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(columns.stream().map(Column::heading).toList());
        for (R result : results) {
            rows.add(columns.stream().map(column -> column.cell().apply(result)).toList());
        }
        int[] widths = new int[columns.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = row.get(i);
                String spaces = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? "" : "  ").append(columns.get(i).right() ? spaces + cell : cell + spaces);
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
