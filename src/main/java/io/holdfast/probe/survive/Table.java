package io.holdfast.probe.survive;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The result in columns. */
final class Table {

    private static final List<String> COLUMNS =
            List.of("", "lived", "died", "limit", "ended", "by", "the service", "heartbeat", "events");

    private Table() {}

    static void print(Report report, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(COLUMNS);
        report.findings().stream().map(Table::row).forEach(rows::add);
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
        Limit limit = finding.limit();
        return List.of(
                finding.transport().title(),
                finding.longestLived().isZero() ? "–" : Sayable.of(finding.longestLived()),
                limit == null ? "–" : Sayable.of(limit.died()),
                limit == null ? limitless(finding) : Sayable.of(limit.at()),
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

    private static String ended(Fate fate) {
        return switch (fate) {
            case Fate.Cut cut -> cut.goodbye() != null ? "goodbye" : Said.how(cut.ending());
            case Fate.Unanswered(var ending) -> ending == null ? "unseen" : "unseen, then " + Said.how(ending);
            case Fate.Lived ignored -> "–";
            case Fate.Untried ignored -> "–";
            case Fate.Spoken ignored -> "–";
            case Fate.Failed ignored -> "–";
            case Fate.Withheld ignored -> "–";
            case Fate.Spared ignored -> "–";
        };
    }

    private static String by(Culprit culprit) {
        return switch (culprit.who()) {
            case SERVICE -> "the service" + (culprit.reason() == null ? "" : " (" + culprit.reason() + ")");
            case BETWEEN -> culprit.name() == null ? "a box between" : culprit.name();
            case SILENT_DROP -> "a silent drop";
            case UNKNOWN -> "not known";
        };
    }

    private static String noticed(Held witness) {
        Boolean noticed = witness.noticed();
        return noticed == null ? "not known" : noticed ? "noticed" : "did not notice";
    }

    private static String heartbeats(Finding finding) {
        return finding.kept().isEmpty()
                ? "–"
                : finding.kept().stream().map(Table::heartbeat).collect(Collectors.joining(", "));
    }

    private static String heartbeat(Held held) {
        Duration heartbeat = held.trial().heartbeat();
        String name = heartbeat == null ? "none" : Sayable.of(heartbeat);
        return name
                + (held.died() ? " died" : held.stood().isZero() ? " failed" : " lived " + Sayable.of(held.stood()));
    }

    private static String flow(Finding finding) {
        Flow flow = finding.flow();
        return flow == null
                ? (finding.transport().isStream() ? "not known" : "–")
                : finding.isBuffered() ? "in lumps of up to " + flow.largest() : "one by one";
    }
}
