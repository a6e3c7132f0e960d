// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.client.TcpAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against servers of others' making. */
class EchoTest {

    private static final int SIZE = 64;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Client client = new Client(2);

    @AfterEach
    void close() {
        client.close();
    }

    /** An HTTP connection sends after each answer. Messages that are due meanwhile count from their scheduled moment. */
    @Test
    void aStallOfTheServerIsInTheTimesOfAllThatHadToWait() throws Exception {
        try (PlainWeb server = new PlainWeb(true)) {
            AtomicBoolean stalled = new AtomicBoolean();
            Echo.Result result = run(server.target(), 200.0, 4, text -> {
                if (text.startsWith("counting") && !stalled.getAndSet(true)) {
                    server.stall(Duration.ofMillis(300));
                }
            });

            // 60 of 200 messages were due meanwhile; 20 of them waited for 200 ms or more.
            assertThat(result.latencyMicros().p99()).isBetween(270e3, 600e3);
            assertThat(result.latencyMicros().p90()).isBetween(150e3, 600e3);
            assertThat(result.latencyMicros().p50()).isLessThan(100e3);
            assertThat(result.lost()).isZero();
        }
    }

    @Test
    void whatIsDroppedIsCounted() throws Exception {
        try (PlainEcho server = new PlainEcho(SIZE, PlainEcho.Habit.DROPS_EACH_TENTH)) {
            Echo.Result result = run(server, 200.0, 2, text -> {});

            assertThat(result.due()).isCloseTo(200, within(4L));
            assertThat(result.lateMicros().count()).as("without the warm-up").isEqualTo(result.due());
            assertThat(result.lost()).isCloseTo(20, within(2L));
            assertThat(result.answered()).isEqualTo(result.due() - result.lost());
            assertThat(result.repeated()).isZero();
            assertThat(result.isWell()).isFalse();
        }
    }

    @Test
    void whoSendsWithoutARateGoesOnAfterWhatWasDropped() throws Exception {
        try (PlainEcho server = new PlainEcho(SIZE, PlainEcho.Habit.DROPS_EACH_TENTH)) {
            Echo.Result result = run(server, null, 2, text -> {});

            assertThat(result.answered()).isGreaterThan(100);
            assertThat((double) result.lost() / result.due()).isCloseTo(0.1, within(0.02));
        }
    }

    @Test
    void whatComesTwiceIsCounted() throws Exception {
        try (PlainEcho server = new PlainEcho(SIZE, PlainEcho.Habit.REPEATS_EACH_TENTH)) {
            Echo.Result result = run(server, 200.0, 2, text -> {});

            assertThat(result.lost()).isZero();
            assertThat(result.repeated()).isCloseTo(20, within(2L));
            assertThat(result.isWell()).isFalse();
        }
    }

    @Test
    void connectionsThatEndAreCountedByHowTheyDid() throws Exception {
        try (PlainEcho server = new PlainEcho(SIZE, PlainEcho.Habit.ENDS_AFTER_TEN)) {
            Echo.Result result = run(server, 200.0, 3, text -> {});

            assertThat(result.connections().stood()).isEqualTo(3);
            assertThat(result.connections().ended()).containsExactly(Map.entry("FIN", 3L));
            assertThat(result.lost()).isGreaterThan(100);
            assertThat(result.isWell()).isFalse();
        }
    }

    /** A web server may end a connection after any answer if it announces that. No message is lost. */
    @Test
    void aConnectionThatTheServerEndsAfterAnAnswerIsOpenedAnew() throws Exception {
        try (PlainWeb server = new PlainWeb(false)) {
            Echo.Result result = run(server.target(), 100.0, 2, text -> {});

            assertThat(result.due()).isCloseTo(100, within(3L));
            assertThat(result.lost()).isZero();
            assertThat(result.connections().reopened()).isGreaterThan(90);
            assertThat(result.isWell()).isTrue();
        }
    }

    private Echo.Result run(PlainEcho server, @Nullable Double rate, int connections, Consumer<String> progress)
            throws IOException, InterruptedException {
        return run(new Target.Tcp(new TcpAddress("127.0.0.1", server.port(), false)), rate, connections, progress);
    }

    private Echo.Result run(Target target, @Nullable Double rate, int connections, Consumer<String> progress)
            throws InterruptedException {
        Echo.Plan plan = new Echo.Plan(
                target, connections, SIZE, rate, 4, Duration.ofMillis(200), SECOND, Duration.ofMillis(400));
        return new Echo(plan).run(client, null, progress);
    }
}
