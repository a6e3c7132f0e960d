package io.holdfast.probe.survive;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** What a measurement found out, about each transport and in all. */
public record Report(Plan plan, List<Finding> findings, Duration took) {

    /** Whether every target answered as it should. */
    public boolean isComplete() {
        return findings.stream().noneMatch(finding -> switch (finding.outcome()) {
            case UNEXPECTED, UNREACHABLE -> true;
            case LIVED, CUT, IRREGULAR, SPEAKS -> false;
        });
    }

    /** Whether nothing was ended and nothing held back. */
    public boolean isWell() {
        return findings.stream().allMatch(Finding::isWell);
    }

    Advice advice() {
        return Advice.of(findings);
    }

    /** For people: a table, and the verdict in words. */
    public void print(PrintWriter out) {
        Table.print(this, out);
        out.println();
        findings.forEach(finding -> Paragraph.print(finding.transport().title() + ": " + Verdict.of(finding), out));
        out.println();
        advice().lines(findings.size()).forEach(line -> Paragraph.print(line, out));
    }

    /** For programs: one JSON document. */
    public String json() {
        return Document.of(this);
    }
}
