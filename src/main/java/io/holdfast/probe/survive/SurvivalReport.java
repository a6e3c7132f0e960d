// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.Ending;
import io.holdfast.probe.result.Screen;
import io.holdfast.probe.result.Tone;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The results of a measurement.
 *
 * @param lag the largest delay of this machine: times can be wrong by as much
 * @param denied the service's refusal to tell what it knows; null if it did not refuse
 * @param complete false if the user ended the measurement
 */
public record SurvivalReport(
        Plan plan,
        List<Finding> findings,
        Duration took,
        Duration lag,
        Ending.@Nullable Denied denied,
        boolean complete) {

    /** A lag above this fraction of a limit is reported: 1/20. */
    private static final int TELLING = 20;

    /** Whether every target answered as expected. */
    public boolean isMeasured() {
        return findings.stream().noneMatch(SurvivalReport::isRefused);
    }

    private static boolean isRefused(Finding finding) {
        return switch (finding.outcome()) {
            case UNEXPECTED, UNREACHABLE -> true;
            case LIVED, CUT, IRREGULAR, SPEAKS, WITHHELD, UNFINISHED -> false;
        };
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
        return Advice.of(lasting());
    }

    /** What is known of connections that stay open. */
    List<Finding> lasting() {
        return findings.stream()
                .filter(finding -> finding.transport().isLasting())
                .toList();
    }

    /** Prints a table and the conclusions. */
    public void print(Screen screen) {
        if (findings.stream().allMatch(finding -> finding.outcome() == Finding.Outcome.UNREACHABLE)) {
            problems().forEach(screen.out()::println);
            return;
        }
        SurvivalTable.create().print(screen, findings);
        screen.blank();
        findings.forEach(
                finding -> screen.print(tone(finding), finding.transport().title() + ":", SurvivalVerdict.of(finding)));
        if (!lasting().isEmpty()) {
            screen.blank();
            advice().lines(lasting().size()).forEach(screen::print);
        }
        String missing = missingRecord();
        if (missing != null) {
            screen.print(missing);
        }
        if (isUncertain()) {
            screen.print("This machine was busy: times can be wrong by " + TextFormat.of(lag) + ". Measure again.");
        }
    }

    /** Why nothing could be reached: once, if it is the same for all transports of an address. */
    private Stream<String> problems() {
        return findings.stream()
                .map(finding -> plan.address(finding.transport()) + ": " + finding.problem() + ".")
                .distinct();
    }

    static Tone tone(Finding finding) {
        return switch (finding.outcome()) {
            case LIVED, SPEAKS -> finding.isBuffered() ? Tone.BAD : Tone.GOOD;
            case CUT -> finding.isWell() ? Tone.GOOD : Tone.BAD;
            case IRREGULAR, UNFINISHED -> Tone.UNSURE;
            case WITHHELD, UNEXPECTED, UNREACHABLE -> Tone.BAD;
        };
    }

    /** For JSON. */
    public ObjectNode document() {
        return Document.of(this);
    }
}
