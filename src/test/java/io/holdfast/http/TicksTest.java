// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.http.Ticks.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream's steps with a clock that the test moves, in milliseconds from the stream's start. */
class TicksTest {

    private static final Instant TIME = Instant.parse("2026-11-22T10:00:00Z");
    private static final String TICK = "{\"tick\":%d,\"time\":\"2026-11-22T10:00:00.000Z\",\"message\":\"hi\"}\n";

    /** Near the end of what a long holds, as {@link System#nanoTime} may be: differences count, not values. */
    private static final long START = Long.MAX_VALUE - MILLISECONDS.toNanos(150);

    @Test
    void theFirstTickIsAtOnceAndTheOthersAnIntervalApart() {
        Ticks ticks = every("100ms");

        assertThat(sent(ticks, 0)).isEqualTo(TICK.formatted(1));
        assertThat(waited(ticks, 0)).isEqualTo(100);
        assertThat(waited(ticks, 99)).isEqualTo(1);
        assertThat(sent(ticks, 100)).isEqualTo(TICK.formatted(2));
        assertThat(sent(ticks, 200)).isEqualTo(TICK.formatted(3));
    }

    @Test
    void delaysDoNotAddUp() {
        Ticks ticks = every("100ms");

        for (long beat = 0; beat < 1000; beat++) {
            assertThat(sent(ticks, beat * 100 + 30)).isEqualTo(TICK.formatted(beat + 1));
            assertThat(waited(ticks, beat * 100 + 30)).isEqualTo(70);
        }
    }

    @Test
    void missedTicksAreSkippedNotMadeUpFor() {
        Ticks ticks = every("100ms");
        sent(ticks, 0);

        assertThat(sent(ticks, 1_050)).isEqualTo(TICK.formatted(2));
        assertThat(waited(ticks, 1_050)).isEqualTo(50);
        assertThat(sent(ticks, 1_100)).isEqualTo(TICK.formatted(3));
        assertThat(waited(ticks, 1_100)).isEqualTo(100);
    }

    @Test
    void aTickThatIsLateByAWholeIntervalLeavesTheNextOneItsOwnBeat() {
        Ticks ticks = every("100ms");
        sent(ticks, 0);

        assertThat(sent(ticks, 200)).isEqualTo(TICK.formatted(2));
        assertThat(waited(ticks, 200)).isEqualTo(100);
    }

    @Test
    void countEndsTheStreamWithTheLastTick() {
        Ticks ticks = ticks(StreamFormat.NDJSON, 0, "100ms", 2L, null);

        sent(ticks, 0);
        sent(ticks, 100);
        assertThat(ticks.next(at(100))).isEqualTo(new Step.End());
    }

    @Test
    void durationEndsTheStreamWithoutWaitingForTheNextTick() {
        Ticks ticks = ticks(StreamFormat.NDJSON, 0, "100ms", null, Duration.ofMillis(250));

        sent(ticks, 0);
        sent(ticks, 100);
        sent(ticks, 200);
        assertThat(waited(ticks, 200)).isEqualTo(50);
        assertThat(ticks.next(at(250))).isEqualTo(new Step.End());
    }

    @Test
    void durationEndsAnUnpacedStreamToo() {
        Ticks ticks = ticks(StreamFormat.NDJSON, 0, "0ms", null, Duration.ofMillis(250));

        assertThat(ticks.next(at(249))).isInstanceOf(Step.Send.class);
        assertThat(ticks.next(at(250))).isEqualTo(new Step.End());
    }

    @Test
    void numbersGoOnAfterTheLastOneSeen() {
        Ticks ticks = ticks(StreamFormat.NDJSON, 41, "100ms", 43L, null);

        assertThat(sent(ticks, 0)).isEqualTo(TICK.formatted(42));
        assertThat(sent(ticks, 100)).isEqualTo(TICK.formatted(43));
        assertThat(ticks.next(at(100))).isEqualTo(new Step.End());
    }

    @Test
    void unpacedTicksLeaveInBatchesThatAreBoundedAndInOrder() {
        Ticks ticks = ticks(StreamFormat.NDJSON, 0, "0ms", null, null);

        Step.Send first = (Step.Send) ticks.next(at(0));
        Step.Send second = (Step.Send) ticks.next(at(0));

        assertThat(first.text().length()).isBetween(32 * 1024, 33 * 1024);
        String expected = LongStream.rangeClosed(1, first.ticks() + second.ticks())
                .mapToObj(TICK::formatted)
                .reduce("", String::concat);
        assertThat(text(first) + text(second)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 5_000})
    void unpacedTicksAreNeverMoreThanTheCount(long count) {
        Ticks ticks = ticks(StreamFormat.NDJSON, 0, "0ms", count, null);

        long sent = 0;
        while (ticks.next(at(0)) instanceof Step.Send send) {
            sent += send.ticks();
            assertThat(text(send).lines().count()).isEqualTo(send.ticks());
        }

        assertThat(sent).isEqualTo(count);
    }

    private static Ticks every(String interval) {
        return ticks(StreamFormat.NDJSON, 0, interval, null, null);
    }

    private static Ticks ticks(
            StreamFormat format, long seen, String interval, @Nullable Long count, @Nullable Duration duration) {
        Duration beat = Duration.ofMillis(Long.parseLong(interval.replace("ms", "")));
        StreamParameters parameters = new StreamParameters("hi", beat, count, duration, null);
        return new Ticks(format, parameters, seen, InstantSource.fixed(TIME), START, Ticks.BATCH);
    }

    private static long at(long millis) {
        return START + MILLISECONDS.toNanos(millis);
    }

    private static String sent(Ticks ticks, long millis) {
        Step step = ticks.next(at(millis));
        assertThat(step)
                .isInstanceOfSatisfying(
                        Step.Send.class, send -> assertThat(send.ticks()).isEqualTo(1));
        return text((Step.Send) step);
    }

    private static long waited(Ticks ticks, long millis) {
        Step step = ticks.next(at(millis));
        assertThat(step).isInstanceOf(Step.Wait.class);
        return NANOSECONDS.toMillis(((Step.Wait) step).nanos());
    }

    private static String text(Step.Send send) {
        return send.text();
    }
}
