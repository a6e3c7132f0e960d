package io.holdfast.probe.survive;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The result in columns. */
final class SurvivalTable {

    private static final List<String> COLUMNS =
            List.of("", "lived", "died", "limit", "ended", "by", "the service", "heartbeat", "events");

    private SurvivalTable() {}

    static void print(SurvivalReport report, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(COLUMNS);
        report.findings().stream().map(SurvivalTable::row).forEach(rows::add);
        List<Integer> widths = IntStream.range(0, COLUMNS.size())
                .mapToObj(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toList();
        rows.forEach(row -> out.println(IntStream.range(0, row.size())
                .mapToObj(column -> String.format("%-" + widths.get(column) + "s", row.get(column)))
                .collect(Collectors.joining("  "))
                .stripTrailing()));
    }

    private static List<String> row(Finding finding) {
        SilenceLimit limit = finding.limit();
        return List.of(
                finding.transport().title(),
                finding.longestLived().isZero() ? "–" : TextFormat.of(finding.longestLived()),
                limit == null ? "–" : TextFormat.of(limit.died()),
                limit == null ? limitless(finding) : TextFormat.of(limit.at()),
                limit == null ? "–" : ended(limit.witness().fate()),
                finding.culprit() == null ? "–" : by(finding.culprit()),
                limit == null ? "–" : noticed(limit.witness()),
                heartbeats(finding),
                flow(finding));
    }

    private static String limitless(Finding finding) {
        return switch (finding.outcome()) {
            case LIVED -> "none";
            case SPEAKS -> "none seen";
            case WITHHELD, UNEXPECTED, UNREACHABLE -> "not measured";
            case CUT, IRREGULAR -> "–";
        };
    }

    private static String ended(SilenceOutcome fate) {
        return switch (fate) {
            case SilenceOutcome.Cut cut -> cut.goodbye() != null ? "goodbye" : ServerEvents.how(cut.ending());
            case SilenceOutcome.Unanswered(var ending) ->
                ending == null ? "unseen" : "unseen, then " + ServerEvents.how(ending);
            case SilenceOutcome.Lived ignored -> "–";
            case SilenceOutcome.Untried ignored -> "–";
            case SilenceOutcome.Spoken ignored -> "–";
            case SilenceOutcome.Failed ignored -> "–";
            case SilenceOutcome.Withheld ignored -> "–";
            case SilenceOutcome.Spared ignored -> "–";
        };
    }

    private static String by(Attribution culprit) {
        return switch (culprit.who()) {
            case SERVICE -> "the service" + (culprit.reason() == null ? "" : " (" + culprit.reason() + ")");
            case BETWEEN -> culprit.name() == null ? "a box between" : culprit.name();
            case SILENT_DROP -> "a silent drop";
            case UNKNOWN -> "not known";
        };
    }

    private static String noticed(TrialResult witness) {
        Boolean noticed = witness.noticed();
        return noticed == null ? "not known" : noticed ? "noticed" : "did not notice";
    }

    private static String heartbeats(Finding finding) {
        return finding.kept().isEmpty()
                ? "–"
                : finding.kept().stream().map(SurvivalTable::heartbeat).collect(Collectors.joining(", "));
    }

    private static String heartbeat(TrialResult held) {
        Duration heartbeat = held.trial().heartbeat();
        String name = heartbeat == null ? "none" : TextFormat.of(heartbeat);
        return name
                + (held.died() ? " died" : held.stood().isZero() ? " failed" : " lived " + TextFormat.of(held.stood()));
    }

    private static String flow(Finding finding) {
        ArrivalPattern flow = finding.flow();
        return flow == null
                ? (finding.transport().isStream() ? "not known" : "–")
                : finding.isBuffered() ? "in lumps of up to " + flow.largest() : "one by one";
    }
}
