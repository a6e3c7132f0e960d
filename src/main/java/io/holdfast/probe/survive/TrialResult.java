package io.holdfast.probe.survive;

import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Head;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection that was held, and what became of it.
 *
 * @param head of the response that opened it; null where there is none
 * @param noticed whether the service had noticed that it was dead; null if that is not known, or it was not
 */
record TrialResult(
        Trial trial,
        SilenceOutcome fate,
        @Nullable Head head,
        @Nullable Boolean noticed) {

    boolean died() {
        return fate instanceof SilenceOutcome.Cut || fate instanceof SilenceOutcome.Unanswered;
    }

    /** The time that it certainly stood. */
    Duration stood() {
        return switch (fate) {
            case SilenceOutcome.Lived ignored -> trial.time();
            case SilenceOutcome.Untried ignored -> trial.time();
            case SilenceOutcome.Spoken(Duration after, String ignored) -> after;
            case SilenceOutcome.Cut ignored -> Duration.ZERO;
            case SilenceOutcome.Unanswered ignored -> Duration.ZERO;
            case SilenceOutcome.Failed ignored -> Duration.ZERO;
            case SilenceOutcome.Withheld ignored -> Duration.ZERO;
            case SilenceOutcome.Spared ignored -> Duration.ZERO;
        };
    }

    /** The time after which it was certainly dead, if it died. */
    Duration deadAfter() {
        return fate instanceof SilenceOutcome.Cut(Duration after, Ending ignored, String goodbye)
                ? after
                : trial.time();
    }
}
