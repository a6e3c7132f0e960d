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
 * @param recommended the heartbeat that should keep it; null if none is needed
 * @param kept the connections that were held with a heartbeat
 * @param flow how events arrive; null for what is no stream, or if that can't be told
 * @param boxName what stands between calls itself, whether it ends anything or not; null if nothing shows itself
 */
record Finding(
        Transport transport,
        String target,
        List<Held> silent,
        @Nullable Limit limit,
        @Nullable Culprit culprit,
        @Nullable Duration recommended,
        List<Held> kept,
        @Nullable Flow flow,
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
        /** It answers, but not as expected. */
        UNEXPECTED,
        /** Nothing answers. */
        UNREACHABLE
    }

    Outcome outcome() {
        List<Fate.Failed> failed = silent.stream()
                .filter(held -> held.fate() instanceof Fate.Failed)
                .map(held -> (Fate.Failed) held.fate())
                .toList();
        if (limit != null) {
            return limit.isRefutedBy(silent) ? Outcome.IRREGULAR : Outcome.CUT;
        }
        if (!failed.isEmpty()) {
            return failed.stream().anyMatch(Fate.Failed::reached) ? Outcome.UNEXPECTED : Outcome.UNREACHABLE;
        }
        return silent.stream().anyMatch(held -> held.fate() instanceof Fate.Spoken) ? Outcome.SPEAKS : Outcome.LIVED;
    }

    /** Why it could not be measured, where it could not. */
    String problem() {
        return silent.stream()
                .filter(held -> held.fate() instanceof Fate.Failed)
                .map(held -> ((Fate.Failed) held.fate()).why())
                .findFirst()
                .orElse("");
    }

    /** The longest silence that lived below the limit. */
    Duration longestLived() {
        return limit == null ? longestStood() : limit.lived();
    }

    /** The longest time that any stood without a word. */
    Duration longestStood() {
        return silent.stream().map(Held::stood).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    boolean isBuffered() {
        return flow != null && flow.isBuffered();
    }

    /** Nothing ended it, and nothing held it back. */
    boolean isWell() {
        return switch (outcome()) {
            case LIVED, SPEAKS -> !isBuffered();
            case CUT, IRREGULAR, UNEXPECTED, UNREACHABLE -> false;
        };
    }

    /** The shortest heartbeat that was seen to keep it; null if none was. */
    @Nullable
    Duration keptBy() {
        return kept.stream()
                .filter(held ->
                        held.fate() instanceof Fate.Lived && !held.trial().isSilent())
                .map(held -> held.trial().heartbeat())
                .max(Duration::compareTo)
                .orElse(null);
    }
}
