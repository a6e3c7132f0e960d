// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.result;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/**
 * Prints a result so that it fits. Text that comes from peers has to be printable already.
 *
 * @param width columns of a line
 * @param colors whether colours are shown
 */
public record Screen(PrintWriter out, int width, ColorScheme colors) {

    /** Longer lines of prose are hard to read. */
    private static final int LONGEST_LINE = 120;

    private static final int UNLIMITED = Integer.MAX_VALUE;

    private static final String INDENT = "  ";

    /** A name, and what it means. */
    public record Term(String name, String meaning) {}

    /** The output of a command. */
    public static Screen of(CommandLine command) {
        return new Screen(command.getOut(), command.getUsageHelpWidth(), command.getColorScheme());
    }

    /** The errors of a command: one line each, without colours. */
    public static Screen ofErrors(CommandLine command) {
        return new Screen(command.getErr(), UNLIMITED, CommandLine.Help.defaultColorScheme(Ansi.OFF));
    }

    /** Prints a paragraph. Its lines after the first are indented. */
    public void print(String text) {
        print(Tone.PLAIN, "", text);
    }

    /**
     * Prints a paragraph that begins with a word in a tone.
     *
     * @param lead what it begins with; empty for nothing
     */
    public void print(Tone tone, String lead, String text) {
        int most = width == UNLIMITED ? width : Math.min(width, LONGEST_LINE);
        StringBuilder line = new StringBuilder(lead);
        StringBuilder printed = new StringBuilder(styled(tone, lead));
        for (String word : text.isEmpty() ? List.<String>of() : List.of(text.split(" ", -1))) {
            if (!line.toString().isBlank() && line.length() + word.length() >= most) {
                out.println(printed);
                line = new StringBuilder(INDENT);
                printed = new StringBuilder(INDENT);
            }
            String space = line.toString().isBlank() ? "" : " ";
            line.append(space).append(word);
            printed.append(space).append(word);
        }
        out.println(printed);
    }

    public void blank() {
        out.println();
    }

    /** Prints what names mean, in two columns. */
    public void print(List<Term> terms) {
        int names = terms.stream().mapToInt(term -> term.name().length()).max().orElse(0) + INDENT.length();
        TextTable table = table(List.of(names, Math.min(width, LONGEST_LINE) - names), 0);
        terms.forEach(term -> table.addRowValues(text(Tone.PLAIN, term.name()), text(Tone.PLAIN, term.meaning())));
        out.print(table);
    }

    /**
     * A table whose cells wrap.
     *
     * @param widths of its columns
     * @param gap columns of space that each but the first begins with, part of its width
     */
    TextTable table(List<Integer> widths, int gap) {
        Column[] columns = IntStream.range(0, widths.size())
                .mapToObj(i -> new Column(widths.get(i), i == 0 ? 0 : gap, Column.Overflow.WRAP))
                .toArray(Column[]::new);
        TextTable table = TextTable.forColumns(colors, columns);
        table.indentWrappedLines = 0;
        return table;
    }

    /** What is printed as it is: it is not searched for markup. */
    Text text(Tone tone, String plain) {
        return tone == Tone.PLAIN && !plain.contains("@|")
                ? colors.text(plain)
                : colors.apply(plain, List.of(tone.style()));
    }

    private String styled(Tone tone, String plain) {
        return text(tone, plain).toString();
    }
}
