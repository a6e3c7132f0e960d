// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StampTest {

    private static final String MOST = Stamp.SOURCES - 1 + " " + (Stamp.SOURCES - 1) + " " + ((1L << 50) - 1);

    private final List<String> found = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {Stamp.LENGTH, 64, 4096, 4119, 4120, 1_000_000})
    void aMessageHasItsSizeAndIsFoundAgain(int size) {
        ByteBuf message = Stamp.message(size, 4711, 12, 3_456_789_012L);

        assertThat(message.readableBytes()).isEqualTo(size);
        find(new Stamp(), message);
        assertThat(found).containsExactly("4711 12 3456789012");
        message.release();
    }

    @Test
    void theLargestAreFoundToo() {
        find(new Stamp(), Stamp.message(30, Stamp.SOURCES - 1, Stamp.SOURCES - 1, (1L << 50) - 1));

        assertThat(found).containsExactly(MOST);
    }

    @Test
    void itIsFoundInWhateverPiecesItComes() {
        Stamp stamp = new Stamp();
        ByteBuf both = Unpooled.wrappedBuffer(Stamp.message(64, 1, 2, 3), Stamp.message(64, 1, 3, 4));
        while (both.isReadable()) {
            find(stamp, both.readSlice(1));
        }

        assertThat(found).containsExactly("1 2 3", "1 3 4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"message\",\"data\":\"%s\",\"time\":\"now\"}",
                "<p title='a@b'>%s</p>",
                "@@%s@",
                "someone@example.org %s\n"
            })
    void itIsFoundInAnEnvelope(String envelope) {
        String message = Stamp.message(40, 1, 2, 3).toString(StandardCharsets.US_ASCII);

        find(new Stamp(), Unpooled.copiedBuffer(envelope.formatted(message), StandardCharsets.US_ASCII));

        assertThat(found).containsExactly("1 2 3");
    }

    @Test
    void whatWasCutOffIsNoStamp() {
        ByteBuf message = Stamp.message(40, 1, 2, 3);

        find(new Stamp(), message.readSlice(39));

        assertThat(found).isEmpty();
    }

    private void find(Stamp stamp, ByteBuf data) {
        stamp.find(data, (source, number, moment) -> found.add(source + " " + number + " " + moment));
    }
}
