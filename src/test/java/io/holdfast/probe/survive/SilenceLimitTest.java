// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.probe.client.Ending;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SilenceLimitTest {

    private static TrialResult held(int seconds, SilenceOutcome outcome) {
        return new TrialResult(Trial.silent(Duration.ofSeconds(seconds)), outcome, null, null, null);
    }

    private static TrialResult lived(int seconds) {
        return held(seconds, new SilenceOutcome.Lived());
    }

    private static TrialResult dropped(int seconds) {
        return held(seconds, new SilenceOutcome.Unanswered(null));
    }

    private static TrialResult cut(int seconds, int afterMillis) {
        return held(seconds, new SilenceOutcome.Cut(Duration.ofMillis(afterMillis), new Ending.Fin(), null));
    }

    private static SilenceLimit of(TrialResult... held) {
        return Objects.requireNonNull(SilenceLimit.of(List.of(held)));
    }

    @Test
    void thereIsNoneWhereAllLive() {
        assertThat(SilenceLimit.of(List.of(lived(1), lived(2)))).isNull();
    }

    @Test
    void endThatIsSeenIsTheLimitItself() {
        SilenceLimit limit = of(lived(1), lived(2), cut(4, 3010), cut(8, 3020), cut(16, 3000));

        assertThat(limit.at()).isEqualTo(Duration.ofMillis(3010));
        assertThat(limit.lived()).isEqualTo(Duration.ofSeconds(2));
        assertThat(limit.observed()).isTrue();
        assertThat(limit.isPrecise()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"9940, 4000", "60000, 30000", "2950, 1000", "1999, 900", "700, 300", "90, 100"})
    void recommendedHeartbeatIsHalfOfItRoundedDown(int limit, int heartbeat) {
        assertThat(of(cut(100, limit)).heartbeat()).isEqualTo(Duration.ofMillis(heartbeat));
    }

    @Test
    void endThatIsNotSeenIsBetweenTheLongestThatLivedAndTheShortestThatDied() {
        SilenceLimit limit = of(lived(1), lived(2), dropped(4));

        assertThat(limit.lived()).isEqualTo(Duration.ofSeconds(2));
        assertThat(limit.died()).isEqualTo(Duration.ofSeconds(4));
        assertThat(limit.observed()).isFalse();
        assertThat(limit.isPrecise()).isFalse();
    }

    @Test
    void oneMoreRoundNarrowsItToATenth() {
        List<Duration> next = of(lived(32), dropped(64)).between(8);

        Stream<TrialResult> held = next.stream()
                .map(silence -> new TrialResult(
                        Trial.silent(silence),
                        silence.toSeconds() < 47 ? new SilenceOutcome.Lived() : new SilenceOutcome.Unanswered(null),
                        null,
                        null,
                        null));
        SilenceLimit limit =
                of(Stream.concat(Stream.of(lived(32), dropped(64)), held).toArray(TrialResult[]::new));

        assertThat(next.getLast()).isBetween(Duration.ofMillis(63_999), Duration.ofSeconds(64));
        assertThat(limit.isPrecise()).isTrue();
        assertThat(limit.at()).isBetween(Duration.ofMillis(44_700), Duration.ofMillis(49_400));
    }

    @Test
    void aDropBeforeAnEndThatIsSeenIsWhatCounts() {
        SilenceLimit limit = of(lived(2), dropped(4), cut(64, 60_000));

        assertThat(limit.observed()).isFalse();
        assertThat(limit.died()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void whatDiesInTheVeryMomentItIsTriedDoesNotHideTheEndThatIsSeen() {
        SilenceLimit limit = of(lived(2), dropped(3), cut(4, 3010));

        assertThat(limit.observed()).isTrue();
        assertThat(limit.at()).isEqualTo(Duration.ofMillis(3010));
    }

    @Test
    void longerSilenceThatLivesRefutesIt() {
        List<TrialResult> held = List.of(lived(1), cut(4, 3000), lived(8));

        assertThat(of(held.toArray(TrialResult[]::new)).isRefutedBy(held)).isTrue();
    }

    @Test
    void limitAboutWhichItLivedIsNotRefuted() {
        List<TrialResult> held = List.of(lived(1), lived(3), cut(4, 2980));

        assertThat(of(held.toArray(TrialResult[]::new)).isRefutedBy(held)).isFalse();
    }

    @Test
    void wherePeersSpeakTheSilenceBeforeIsAllThatIsKnownToLive() {
        TrialResult spoken = held(60, new SilenceOutcome.Spoken(Duration.ofSeconds(25), "a ping"));

        assertThat(SilenceLimit.of(List.of(spoken))).isNull();
        assertThat(spoken.stood()).isEqualTo(Duration.ofSeconds(25));
    }
}
