package io.holdfast.probe.survive;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results for one transport.
 *
 * @param target its address
 * @param silent the trials without a heartbeat, in the order of their silences
 * @param limit null if none died
 * @param attribution null if none died
 * @param kept the trials with a heartbeat
 * @param arrival how events arrive; null if it is not a stream, or if unknown
 * @param intermediary the name that an intermediary sends, whether it ends connections or not; null without a name
 */
record Finding(
        ProbedTransport transport,
        String target,
        List<TrialResult> silent,
        @Nullable SilenceLimit limit,
        @Nullable Attribution attribution,
        List<TrialResult> kept,
        @Nullable ArrivalPattern arrival,
        @Nullable String intermediary) {

    enum Outcome {
        /** Every silence was survived. */
        LIVED,
        /** Silences above a limit were not survived. */
        CUT,
        /** Connections ended, but longer silences were survived: silence is not the reason. */
        IRREGULAR,
        /** The server sends by itself, before a silence is long enough to end the connection. */
        SPEAKS,
        /** No response came: an intermediary may hold it back. */
        WITHHELD,
        /** The server does not answer as expected. */
        UNEXPECTED,
        /** No server answers. */
        UNREACHABLE
    }

    Outcome outcome() {
        List<SilenceOutcome.Failed> failed = silent.stream()
                .filter(held -> held.outcome() instanceof SilenceOutcome.Failed)
                .map(held -> (SilenceOutcome.Failed) held.outcome())
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
        return silent.stream().anyMatch(held -> held.outcome() instanceof SilenceOutcome.Spoken)
                ? Outcome.SPEAKS
                : Outcome.LIVED;
    }

    /** Why it could not be measured; empty if it was. */
    String problem() {
        return silent.stream()
                .filter(held -> held.outcome() instanceof SilenceOutcome.Failed)
                .map(held -> ((SilenceOutcome.Failed) held.outcome()).why())
                .findFirst()
                .orElse("");
    }

    /** The longest silence below the limit that was survived. */
    Duration longestLived() {
        return limit == null ? longestStood() : limit.lived();
    }

    /** The longest silence that was survived, even above the limit. */
    Duration longestStood() {
        return silent.stream().map(TrialResult::stood).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** The heartbeat that should keep it open; null if none is needed, or none can help. */
    @Nullable
    Duration recommended() {
        return limit == null || limit.isRefutedBy(silent) ? null : limit.heartbeat();
    }

    boolean isBuffered() {
        return arrival != null && arrival.isBuffered();
    }

    /** Whether nothing ended it and nothing held it back. */
    boolean isWell() {
        return switch (outcome()) {
            case LIVED, SPEAKS -> !isBuffered();
            case CUT, IRREGULAR, WITHHELD, UNEXPECTED, UNREACHABLE -> false;
        };
    }

    /** The longest heartbeat that kept it open; null if none did. */
    @Nullable
    Duration keptBy() {
        return kept.stream()
                .filter(held -> held.outcome() instanceof SilenceOutcome.Lived
                        && !held.trial().isSilent())
                .map(held -> held.trial().heartbeat())
                .max(Duration::compareTo)
                .orElse(null);
    }
}
