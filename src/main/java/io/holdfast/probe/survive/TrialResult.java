// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Head;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The result of a trial.
 *
 * @param head of the response that opened the connection; null if the protocol has none
 * @param noticed whether the service knew that the connection was dead; null if unknown, or if it was alive
 * @param reason the service's close reason, as {@code client}; null if unknown, or if the service has not closed it
 */
record TrialResult(
        Trial trial,
        SilenceOutcome outcome,
        @Nullable Head head,
        @Nullable Boolean noticed,
        @Nullable String reason) {

    boolean died() {
        return outcome instanceof SilenceOutcome.Cut || outcome instanceof SilenceOutcome.Unanswered;
    }

    /** How long it was certainly alive. */
    Duration stood() {
        return switch (outcome) {
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

    /** When it was certainly dead, if it died. */
    Duration deadAfter() {
        return outcome instanceof SilenceOutcome.Cut(Duration after, Ending ignored, String goodbye)
                ? after
                : trial.time();
    }
}
