// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class ScreenTest {

    private static final String COLOR = "\u001b\\[[0-9;]*m";

    private final StringWriter out = new StringWriter();

    /** A result with a long name, and figures of one to many digits. */
    private record Row(String name, long figure) {}

    private static final List<Row> ROWS =
            List.of(new Row("ws://a-host-with-a-long-name.example.org:8080/channels", 7), new Row("TCP", 123_456_789));

    private Screen screen(int width, Ansi ansi) {
        return new Screen(new PrintWriter(out, true), width, CommandLine.Help.defaultColorScheme(ansi));
    }

    private static Table<Row> table() {
        Table<Row> table = new Table<Row>().text("", Row::name);
        for (int i = 0; i < 10; i++) {
            int column = i;
            table.figure("figure " + i, row -> String.valueOf(row.figure() + column), row -> Tone.BAD);
        }
        return table.text("remark", row -> "words that are many enough to need more than one line of it all");
    }

    @ParameterizedTest
    @ValueSource(ints = {55, 80, 120, 200})
    void tableFitsAndLosesNothing(int width) {
        table().print(screen(width, Ansi.OFF), ROWS);

        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width));
        for (int i = 0; i < 10; i++) {
            assertThat(out.toString()).contains("figure " + i, String.valueOf(123_456_789 + i));
        }
        assertThat(out.toString().replaceAll("\\s+", " ")).contains("remark", "words that", "of it all");
    }

    @Test
    void tableThatFitsIsOneBlock() {
        table().print(screen(200, Ansi.OFF), ROWS.subList(1, 2));

        assertThat(out.toString().lines().filter(line -> line.startsWith("TCP")))
                .hasSize(1);
    }

    @Test
    void figuresAreAlignedToTheRight() {
        new Table<Row>()
                .text("", row -> "a")
                .figure("figure", row -> String.valueOf(row.figure()))
                .print(screen(80, Ansi.OFF), ROWS);

        assertThat(out.toString().lines()).containsExactly("      figure", "a          7", "a  123456789");
    }

    @Test
    void colorsChangeNoCharacter() {
        table().print(screen(80, Ansi.ON), ROWS);
        screen(80, Ansi.ON).print(Tone.GOOD, "well:", "all is well");
        String colored = out.toString();
        out.getBuffer().setLength(0);

        table().print(screen(80, Ansi.OFF), ROWS);
        screen(80, Ansi.OFF).print(Tone.GOOD, "well:", "all is well");

        assertThat(colored).containsPattern(COLOR);
        assertThat(colored.replaceAll(COLOR, "")).isEqualTo(out.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {55, 80, 120, 200})
    void textIsWrapped(int width) {
        String text = "word ".repeat(100).strip();

        screen(width, Ansi.OFF).print(Tone.BAD, "lead:", text);
        screen(width, Ansi.OFF).print(List.of(new Screen.Term("name", text)));

        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width));
        assertThat(out.toString()).startsWith("lead: word word").contains("\nname  word");
    }

    /** Servers choose their names. */
    @Test
    void markupOfPeersIsText() {
        new Table<Row>().text("", row -> "@|red x|@").figure("n", row -> "1").print(screen(80, Ansi.OFF), ROWS);

        assertThat(out.toString()).contains("@|red x|@  1");
    }
}
