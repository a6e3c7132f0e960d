// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonVerdictTest {

    /** With extra bytes once and fewer each time: the first number of messages with fewer in all. */
    @ParameterizedTest
    @CsvSource({"0, 300, 1", "-5, 300, 1", "299, 300, 1", "300, 300, 2", "301, 300, 2", "1000, 10, 101"})
    void whatIsPaidOnceIsWonBackMessageByMessage(double extra, double saved, long from) {
        long messages = ComparisonVerdict.breakEven(extra, saved);

        assertThat(messages).isEqualTo(from);
        assertThat(messages * saved).isGreaterThan(extra);
    }
}
