package io.holdfast.probe.survive;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The results of a measurement.
 *
 * @param lag the largest delay of this machine: times can be wrong by as much
 */
public record SurvivalReport(Plan plan, List<Finding> findings, Duration took, Duration lag) {

    /** A lag above this fraction of a limit is reported: 1/20. */
    private static final int TELLING = 20;

    /** Whether every target answered as expected. */
    public boolean isComplete() {
        return findings.stream().noneMatch(finding -> switch (finding.outcome()) {
            case UNEXPECTED, UNREACHABLE -> true;
            case LIVED, CUT, IRREGULAR, SPEAKS, WITHHELD -> false;
        });
    }

    /** Whether nothing ended a connection and nothing held events back. */
    public boolean isWell() {
        return findings.stream().allMatch(Finding::isWell);
    }

    /** Whether the lag makes the limits imprecise. */
    boolean isUncertain() {
        return findings.stream()
                .map(Finding::limit)
                .filter(Objects::nonNull)
                .anyMatch(limit -> lag.multipliedBy(TELLING).compareTo(limit.at()) > 0);
    }

    Advice advice() {
        return Advice.of(findings);
    }

    /** Prints a table and the conclusions. */
    public void print(PrintWriter out) {
        SurvivalTable.create().print(out, findings);
        out.println();
        findings.forEach(
                finding -> Paragraph.print(finding.transport().title() + ": " + SurvivalVerdict.of(finding), out));
        out.println();
        advice().lines(findings.size()).forEach(line -> Paragraph.print(line, out));
        if (isUncertain()) {
            out.println("This machine was busy: times can be wrong by " + TextFormat.of(lag) + ". Measure again.");
        }
    }

    /** One JSON document. */
    public String json() {
        return Document.of(this);
    }
}
