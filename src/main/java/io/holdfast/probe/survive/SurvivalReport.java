package io.holdfast.probe.survive;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a measurement found out, about each transport and in all.
 *
 * @param lag by how much this machine was late at most: figures can be off by as much
 */
public record SurvivalReport(Plan plan, List<Finding> findings, Duration took, Duration lag) {

    /** In relation to a limit, a lag that is worth to be told. */
    private static final int TELLING = 20;

    /** Whether every target answered as it should. */
    public boolean isComplete() {
        return findings.stream().noneMatch(finding -> switch (finding.outcome()) {
            case UNEXPECTED, UNREACHABLE -> true;
            case LIVED, CUT, IRREGULAR, SPEAKS, WITHHELD -> false;
        });
    }

    /** Whether nothing was ended and nothing held back. */
    public boolean isWell() {
        return findings.stream().allMatch(Finding::isWell);
    }

    /** Whether the limits are not to be trusted to the last figure. */
    boolean isUncertain() {
        return findings.stream()
                .map(Finding::limit)
                .filter(Objects::nonNull)
                .anyMatch(limit -> lag.multipliedBy(TELLING).compareTo(limit.at()) > 0);
    }

    Advice advice() {
        return Advice.of(findings);
    }

    /** For people: a table, and the verdict in words. */
    public void print(PrintWriter out) {
        SurvivalTable.print(this, out);
        out.println();
        findings.forEach(
                finding -> Paragraph.print(finding.transport().title() + ": " + SurvivalVerdict.of(finding), out));
        out.println();
        advice().lines(findings.size()).forEach(line -> Paragraph.print(line, out));
        if (isUncertain()) {
            out.println("This machine was busy: times can be off by " + TextFormat.of(lag) + ". Measure again.");
        }
    }

    /** For programs: one JSON document. */
    public String json() {
        return Document.of(this);
    }
}
