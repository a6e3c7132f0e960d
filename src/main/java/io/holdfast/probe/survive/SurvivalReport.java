package io.holdfast.probe.survive;

import io.holdfast.probe.client.Ending;
import io.holdfast.probe.result.Paragraph;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The results of a measurement.
 *
 * @param lag the largest delay of this machine: times can be wrong by as much
 * @param denied the service's refusal to tell what it knows; null if it did not refuse
 */
public record SurvivalReport(
        Plan plan, List<Finding> findings, Duration took, Duration lag, Ending.@Nullable Denied denied) {

    /** Columns of the text. */
    private static final int WIDTH = 100;

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

    /** Why the service's record is missing, as text; null if it is not, or if no connection ended. */
    @Nullable
    String missingRecord() {
        boolean needed = findings.stream().anyMatch(finding -> finding.limit() != null);
        return denied == null || !needed
                ? null
                : "The service's record could not be read. That needs the role observer. " + denied.text() + ".";
    }

    Advice advice() {
        return Advice.of(findings);
    }

    /** Prints a table and the conclusions. */
    public void print(PrintWriter out) {
        SurvivalTable.create().print(out, findings);
        out.println();
        findings.forEach(finding ->
                Paragraph.print(finding.transport().title() + ": " + SurvivalVerdict.of(finding), WIDTH, out));
        out.println();
        advice().lines(findings.size()).forEach(line -> Paragraph.print(line, WIDTH, out));
        String missing = missingRecord();
        if (missing != null) {
            Paragraph.print(missing, WIDTH, out);
        }
        if (isUncertain()) {
            out.println("This machine was busy: times can be wrong by " + TextFormat.of(lag) + ". Measure again.");
        }
    }

    /** One JSON document. */
    public String json() {
        return Document.of(this);
    }
}
