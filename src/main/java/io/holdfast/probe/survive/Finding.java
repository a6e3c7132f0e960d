package io.holdfast.probe.survive;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about one transport.
 *
 * @param target where it went
 * @param silent the connections that were held silent, in the order of their silences
 * @param limit null if none died
 * @param culprit null if none died
 * @param kept the connections that were held with a heartbeat
 * @param flow how events arrive; null for what is no stream, or if that can't be told
 * @param boxName how what stands between calls itself, whether it ends anything or not; null if it does not show itself
 */
record Finding(
        ProbedTransport transport,
        String target,
        List<TrialResult> silent,
        @Nullable SilenceLimit limit,
        @Nullable Attribution culprit,
        List<TrialResult> kept,
        @Nullable ArrivalPattern flow,
        @Nullable String boxName) {

    enum Outcome {
        /** Every silence lived. */
        LIVED,
        /** Silences over a limit don't. */
        CUT,
        /** Connections ended, but longer silences lived: silence is not the reason. */
        IRREGULAR,
        /** The other side speaks by itself before the silence is long enough to end anything. */
        SPEAKS,
        /** Its response does not come. */
        WITHHELD,
        /** It answers, but not as expected. */
        UNEXPECTED,
        /** Nothing answers. */
        UNREACHABLE
    }

    Outcome outcome() {
        List<SilenceOutcome.Failed> failed = silent.stream()
                .filter(held -> held.fate() instanceof SilenceOutcome.Failed)
                .map(held -> (SilenceOutcome.Failed) held.fate())
                .toList();
        if (limit != null) {
            return limit.isRefutedBy(silent) ? Outcome.IRREGULAR : Outcome.CUT;
        }
        if (!failed.isEmpty()) {
            return failed.stream().anyMatch(SilenceOutcome.Failed::reached) ? Outcome.UNEXPECTED : Outcome.UNREACHABLE;
        }
        if (longestStood().isZero()) {
            return Outcome.WITHHELD;
        }
        return silent.stream().anyMatch(held -> held.fate() instanceof SilenceOutcome.Spoken)
                ? Outcome.SPEAKS
                : Outcome.LIVED;
    }

    /** Why it could not be measured, where it could not. */
    String problem() {
        return silent.stream()
                .filter(held -> held.fate() instanceof SilenceOutcome.Failed)
                .map(held -> ((SilenceOutcome.Failed) held.fate()).why())
                .findFirst()
                .orElse("");
    }

    /** The longest silence that lived below the limit. */
    Duration longestLived() {
        return limit == null ? longestStood() : limit.lived();
    }

    /** The longest time that any stood without a word. */
    Duration longestStood() {
        return silent.stream().map(TrialResult::stood).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** The heartbeat that should keep it; null if none is needed, or none can help. */
    @Nullable
    Duration recommended() {
        return limit == null || limit.isRefutedBy(silent) ? null : limit.heartbeat();
    }

    boolean isBuffered() {
        return flow != null && flow.isBuffered();
    }

    /** Nothing ended it, and nothing held it back. */
    boolean isWell() {
        return switch (outcome()) {
            case LIVED, SPEAKS -> !isBuffered();
            case CUT, IRREGULAR, WITHHELD, UNEXPECTED, UNREACHABLE -> false;
        };
    }

    /** The shortest heartbeat that was seen to keep it; null if none was. */
    @Nullable
    Duration keptBy() {
        return kept.stream()
                .filter(held -> held.fate() instanceof SilenceOutcome.Lived
                        && !held.trial().isSilent())
                .map(held -> held.trial().heartbeat())
                .max(Duration::compareTo)
                .orElse(null);
    }
}
