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
record Held(
        Trial trial,
        Fate fate,
        @Nullable Head head,
        @Nullable Boolean noticed) {

    boolean died() {
        return fate instanceof Fate.Cut || fate instanceof Fate.Unanswered;
    }

    /** The time that it certainly stood. */
    Duration stood() {
        return switch (fate) {
            case Fate.Lived ignored -> trial.time();
            case Fate.Untried ignored -> trial.time();
            case Fate.Spoken(Duration after, String ignored) -> after;
            case Fate.Cut ignored -> Duration.ZERO;
            case Fate.Unanswered ignored -> Duration.ZERO;
            case Fate.Failed ignored -> Duration.ZERO;
            case Fate.Withheld ignored -> Duration.ZERO;
            case Fate.Spared ignored -> Duration.ZERO;
        };
    }

    /** The time after which it was certainly dead, if it died. */
    Duration deadAfter() {
        return fate instanceof Fate.Cut(Duration after, Ending ignored, String goodbye) ? after : trial.time();
    }
}
