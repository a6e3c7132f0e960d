// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {

    @ParameterizedTest
    @CsvSource({"80, 80", "120, 120", "200, 200", "20, 55", "9999, 1000", "'', 80", "0, 80", "wide, 80", "-7, 80"})
    void columnsAreTheWidth(String columns, int width) {
        assertThat(Terminal.width(Map.of("COLUMNS", columns))).isEqualTo(width);
    }

    @Test
    void withoutATerminalItIs80() {
        assertThat(Terminal.width(Map.of())).isEqualTo(80);
    }
}
