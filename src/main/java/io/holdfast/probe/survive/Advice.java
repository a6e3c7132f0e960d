package io.holdfast.probe.survive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to do, after all that was found out.
 *
 * @param transports those that survive longest and hold nothing back; none if none can be lived with
 * @param heartbeat that keeps all of them; null if they need none
 * @param changes what to set elsewhere, so that connections survive with a Holdfast's defaults
 */
record Advice(List<Finding> transports, @Nullable Duration heartbeat, List<String> changes) {

    /** Limits that are closer to one another are alike. */
    private static final double ALIKE = 0.9;

    static Advice of(List<Finding> findings) {
        List<Finding> best = best(findings);
        return new Advice(
                best,
                heartbeat(best),
                findings.stream().flatMap(Advice::changes).distinct().toList());
    }

    private static List<Finding> best(List<Finding> findings) {
        List<Finding> usable = findings.stream()
                .filter(finding -> !finding.isBuffered())
                .filter(finding -> finding.isWell() || finding.keptBy() != null)
                .toList();
        double most = usable.stream().mapToDouble(Advice::score).max().orElse(0);
        return usable.stream().filter(finding -> score(finding) >= most * ALIKE).toList();
    }

    private static double score(Finding finding) {
        return finding.limit() == null
                ? Double.POSITIVE_INFINITY
                : finding.limit().at().toNanos();
    }

    private static @Nullable Duration heartbeat(List<Finding> best) {
        return best.stream()
                .filter(finding -> finding.limit() != null)
                .map(Finding::keptBy)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static Stream<String> changes(Finding finding) {
        List<String> changes = new ArrayList<>();
        SilenceLimit limit = finding.limit();
        Attribution culprit = finding.culprit();
        if (limit != null && culprit != null && limit.at().compareTo(SurvivalVerdict.OWN_SILENCE) < 0) {
            ProxyProduct box = culprit.box();
            String enough = ", to over " + TextFormat.of(SurvivalVerdict.OWN_SILENCE);
            if (box != null) {
                changes.add(box.setting(finding.transport()) + " in " + culprit.name() + enough);
            } else if (culprit.who() == Attribution.Who.BETWEEN) {
                changes.add("what ends " + finding.transport().title() + " after " + TextFormat.setting(limit.at())
                        + ", as " + ProxyProduct.suspects(finding.transport()) + enough);
            }
        }
        ProxyProduct shown = finding.boxName() == null ? null : ProxyProduct.of(finding.boxName());
        if (finding.isBuffered() && shown != null && shown.unbuffered() != null) {
            changes.add(shown.unbuffered() + " in " + finding.boxName());
        }
        return changes.stream();
    }

    /** In words, a line each. */
    List<String> lines(int measured) {
        List<String> lines = new ArrayList<>();
        lines.add("Transport: " + transport(measured));
        if (heartbeat != null) {
            lines.add("Heartbeat: " + TextFormat.of(heartbeat) + ".");
        } else if (!transports.isEmpty()) {
            lines.add("Heartbeat: none is needed for silences of up to " + TextFormat.of(shortestLived())
                    + "; longer ones were not tried.");
        }
        changes.forEach(change -> lines.add("Change: " + change + "."));
        return lines;
    }

    private String transport(int measured) {
        String names =
                transports.stream().map(finding -> finding.transport().title()).collect(Collectors.joining(", "));
        if (transports.isEmpty()) {
            return "none of them can be recommended here.";
        }
        return transports.size() == measured && measured > 1
                ? "take any of them, they survive alike."
                : "take " + names + ".";
    }

    private Duration shortestLived() {
        return transports.stream()
                .map(Finding::longestLived)
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }
}
