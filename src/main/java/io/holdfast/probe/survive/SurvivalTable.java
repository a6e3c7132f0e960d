// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.result.Table;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The report's table: one row per transport. */
final class SurvivalTable {

    private static final String NONE = "–";

    private SurvivalTable() {}

    static Table<Finding> create() {
        return new Table<Finding>()
                .text("", finding -> finding.transport().title())
                .text(
                        "lived",
                        finding -> finding.longestLived().isZero() ? NONE : TextFormat.of(finding.longestLived()))
                .text("died", ofLimit(limit -> TextFormat.of(limit.died())))
                .text("limit", SurvivalTable::limit, SurvivalReport::tone)
                .text("ended", ofLimit(limit -> ended(limit.witness().outcome())))
                .text("by", finding -> finding.attribution() == null ? NONE : by(finding.attribution()))
                .text("the service", SurvivalTable::noticed)
                .text("heartbeat", SurvivalTable::heartbeats)
                .text("events", SurvivalTable::arrival);
    }

    private static Function<Finding, String> ofLimit(Function<SilenceLimit, String> cell) {
        return finding -> finding.limit() == null ? NONE : cell.apply(finding.limit());
    }

    private static String limit(Finding finding) {
        SilenceLimit limit = finding.limit();
        if (limit != null) {
            return TextFormat.of(limit.at());
        }
        return switch (finding.outcome()) {
            case LIVED -> "none";
            case SPEAKS -> "none seen";
            case WITHHELD, UNEXPECTED, UNREACHABLE, UNFINISHED -> "not measured";
            case CUT, IRREGULAR -> NONE;
        };
    }

    private static String ended(SilenceOutcome outcome) {
        return switch (outcome) {
            case SilenceOutcome.Cut cut ->
                cut.goodbye() != null ? "goodbye" : cut.ending().text();
            case SilenceOutcome.Unanswered(var ending) -> ending == null ? "unseen" : "unseen, then " + ending.text();
            case SilenceOutcome.Lived ignored -> NONE;
            case SilenceOutcome.Untried ignored -> NONE;
            case SilenceOutcome.Spoken ignored -> NONE;
            case SilenceOutcome.Failed ignored -> NONE;
            case SilenceOutcome.Withheld ignored -> NONE;
            case SilenceOutcome.Spared ignored -> NONE;
        };
    }

    private static String by(Attribution attribution) {
        return switch (attribution.who()) {
            case SERVICE ->
                likely(attribution) + "the service"
                        + (attribution.reason() == null ? "" : " (" + attribution.reason() + ")");
            case BETWEEN -> likely(attribution) + (attribution.name() == null ? "an intermediary" : attribution.name());
            case SILENT_DROP -> "a silent drop";
            case UNKNOWN, UNKNOWN_WITHOUT_PERMISSION -> "unknown";
        };
    }

    private static String likely(Attribution attribution) {
        return attribution.certain() ? "" : "likely ";
    }

    private static String noticed(Finding finding) {
        if (finding.limit() == null || !finding.transport().isLasting()) {
            return NONE;
        }
        Boolean noticed = finding.limit().witness().noticed();
        return noticed == null ? "unknown" : noticed ? "noticed" : "did not notice";
    }

    private static String heartbeats(Finding finding) {
        return finding.kept().isEmpty()
                ? NONE
                : finding.kept().stream().map(SurvivalTable::heartbeat).collect(Collectors.joining(", "));
    }

    private static String heartbeat(TrialResult result) {
        Duration heartbeat = result.trial().heartbeat();
        String name = heartbeat == null ? "none" : TextFormat.of(heartbeat);
        return name
                + (result.outcome() instanceof SilenceOutcome.Spared
                        ? " not finished"
                        : result.died()
                                ? " died"
                                : result.stood().isZero() ? " failed" : " lived " + TextFormat.of(result.stood()));
    }

    private static String arrival(Finding finding) {
        ArrivalPattern arrival = finding.arrival();
        return arrival == null
                ? (finding.transport().isStream() ? "unknown" : NONE)
                : finding.isBuffered() ? "in groups of up to " + arrival.largest() : "one by one";
    }
}
