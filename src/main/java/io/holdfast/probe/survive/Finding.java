// SPDX-License-Identifier: Apache-2.0
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
 * @param oneWay the trials with a heartbeat that only one side sends
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
        List<TrialResult> oneWay,
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
        /** The user ended the measurement before a result. */
        UNFINISHED,
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
            boolean isSpared = silent.stream().allMatch(held -> held.outcome() instanceof SilenceOutcome.Spared);
            return isSpared ? Outcome.UNFINISHED : Outcome.WITHHELD;
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

    /** Whether nothing ended it and nothing held it back. A connection that waits for a request may be ended. */
    boolean isWell() {
        return switch (outcome()) {
            case LIVED, SPEAKS -> !isBuffered();
            case UNFINISHED -> true;
            case CUT, IRREGULAR -> !transport.isLasting();
            case WITHHELD, UNEXPECTED, UNREACHABLE -> false;
        };
    }

    /** Whose traffic keeps it open; null if unknown, or if no heartbeat does. */
    @Nullable
    Counted counted() {
        TrialResult byClient = oneWay(Sender.CLIENT);
        TrialResult byService = oneWay(Sender.SERVICE);
        if (keptBy() == null || byClient == null || byService == null) {
            return null;
        }
        boolean client = !byClient.died();
        boolean service = !byService.died();
        return client ? (service ? Counted.EITHER : Counted.CLIENT) : service ? Counted.SERVICE : Counted.BOTH;
    }

    /** Null if it was not finished. */
    private @Nullable TrialResult oneWay(Sender sender) {
        return oneWay.stream()
                .filter(held -> held.trial().sender() == sender
                        && (held.died() || held.outcome() instanceof SilenceOutcome.Lived))
                .findFirst()
                .orElse(null);
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
