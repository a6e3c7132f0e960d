// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-a\nb",
                " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void section3_2_invalidTraceparentCountsAsAbsent(String header) {
        assertThat(TraceContext.ofHeaders(header, "a=1")).isNull();
    }

    @Test
    void section3_2_4_laterVersionIsReadAsTheKnownOne() {
        String later = "cc" + PARENT.substring(2);

        assertThat(TraceContext.ofHeaders(later, "")).isEqualTo(new TraceContext(PARENT, null));
        assertThat(TraceContext.ofHeaders(later + "-what-comes", "")).isEqualTo(new TraceContext(PARENT, null));
        assertThat(TraceContext.ofHeaders(later + "-" + "x".repeat(200), "")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "a=1 | a=1",
                "a=1,b=2 | a=1,b=2",
                "  a=1 ,,  b= 2 ,| a=1,b= 2",
                "0t-_*/@v=!~ | 0t-_*/@v=!~",
            })
    void section3_3_tracestateIsKeptWithoutTheSpaceAroundItsMembers(String header, String kept) {
        assertThat(TraceContext.ofHeaders(PARENT, header)).isEqualTo(new TraceContext(PARENT, kept));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "a", "a=", "=1", "A=1", "a=1=2", "a=\u00e9", "a=1\n2", "a=1,b", "-a=1"})
    void section3_3_invalidTracestateCountsAsAbsentAndTheTraceparentStays(String header) {
        assertThat(TraceContext.ofHeaders(PARENT, header)).isEqualTo(new TraceContext(PARENT, null));
    }

    /** A line break would begin another field of an event stream. */
    @Test
    void spaceAroundMembersIsNeverKept() {
        assertThat(TraceContext.ofHeaders(PARENT, "a=1\n,\r\n\u2028b=2"))
                .isEqualTo(new TraceContext(PARENT, "a=1,b=2"));
    }

    @Test
    void tracestateIsBounded() {
        String members = IntStream.range(0, 32).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
        String longest = "a=" + "x".repeat(253) + ",b=" + "y".repeat(254);

        assertThat(TraceContext.ofHeaders(PARENT, members)).isEqualTo(new TraceContext(PARENT, members));
        assertThat(TraceContext.ofHeaders(PARENT, members + ",k32=v")).isEqualTo(new TraceContext(PARENT, null));
        assertThat(longest).hasSize(TraceContext.MAX_STATE);
        assertThat(TraceContext.ofHeaders(PARENT, longest)).isEqualTo(new TraceContext(PARENT, longest));
        assertThat(TraceContext.ofHeaders(PARENT, longest + "y")).isEqualTo(new TraceContext(PARENT, null));
    }

    /** Rejecting it takes no longer than accepting it: no pattern is tried in many ways. */
    @Test
    void longInvalidTracestateIsRejectedAtOnce() {
        String spaces = (" ".repeat(15) + ",").repeat(31) + "!";

        assertThat(TraceContext.ofHeaders(PARENT, spaces)).isEqualTo(new TraceContext(PARENT, null));
    }
}
