// SPDX-License-Identifier: Apache-2.0
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
 * The recommendation.
 *
 * @param transports those that survive longest without buffering; empty if none is usable
 * @param heartbeat keeps all of them open; null if none is needed
 * @param changes settings of intermediaries, so that connections survive with Holdfast's defaults
 */
record Advice(List<Finding> transports, @Nullable Duration heartbeat, List<String> changes) {

    /** Limits with a larger ratio count as equal. */
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
        Duration ownSilence = KnownIntermediaries.get().ownDefaults().silence();
        SilenceLimit limit = finding.limit();
        Attribution attribution = finding.attribution();
        if (limit != null && attribution != null && limit.at().compareTo(ownSilence) < 0) {
            String setting = attribution.setting(finding.transport());
            String enough = ": more than " + TextFormat.of(ownSilence);
            if (setting != null) {
                changes.add(setting + " in " + attribution.name() + enough);
            } else if (attribution.who() == Attribution.Who.BETWEEN) {
                changes.add("the timeout of " + TextFormat.setting(limit.at()) + " for "
                        + finding.transport().title() + ", for example " + ProxyProduct.suspects(finding.transport())
                        + enough);
            }
        }
        ProxyProduct shown = finding.intermediary() == null ? null : ProxyProduct.of(finding.intermediary());
        if (finding.isBuffered() && shown != null && shown.noBuffering() != null) {
            changes.add(shown.noBuffering() + " in " + finding.intermediary());
        }
        return changes.stream();
    }

    /** As text, one line each. */
    List<String> lines(int measured) {
        List<String> lines = new ArrayList<>();
        lines.add("Transport: " + transport(measured));
        if (heartbeat != null) {
            lines.add("Heartbeat: " + TextFormat.of(heartbeat) + ".");
        } else if (!transports.isEmpty()) {
            lines.add("Heartbeat: not needed for silences of up to " + TextFormat.of(shortestLived())
                    + ". Longer ones were not tried.");
        }
        changes.forEach(change -> lines.add("Change: " + change + "."));
        return lines;
    }

    private String transport(int measured) {
        String names =
                transports.stream().map(finding -> finding.transport().title()).collect(Collectors.joining(", "));
        if (transports.isEmpty()) {
            return "none can be recommended here.";
        }
        return transports.size() == measured && measured > 1 ? "any of them. They survive equally long." : names + ".";
    }

    private Duration shortestLived() {
        return transports.stream()
                .map(Finding::longestLived)
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }
}
