// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.compare;

import io.holdfast.probe.client.Target;
import io.holdfast.probe.result.Percentiles;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The result as one JSON document. Times are in microseconds; bytes do not include TCP and IP headers. */
public record ComparisonReport(
        int size,
        int count,
        int rounds,
        List<Line> costs,
        List<Event> pushed,
        List<String> unreached,
        List<String> verdict) {

    /**
     * One way to send a message.
     *
     * @param protocol {@code tcp}, {@code http/1.1} or {@code h2}
     * @param tls its version; null without TLS
     */
    public record Line(
            String transport,
            String protocol,
            @Nullable String tls,
            String connection,
            long messages,
            long connections,
            int roundTrips,
            Percentiles connectMicros,
            Percentiles tcpMicros,
            Percentiles tlsMicros,
            Percentiles firstByteMicros,
            Percentiles roundTripMicros,
            double messagesPerSecond,
            Bytes bytesPerMessage,
            Bytes bytesOfOpening,
            Bytes bytesOfClosing,
            Bytes bytes) {}

    /** One way to push. */
    public record Event(
            String transport,
            String protocol,
            boolean tls,
            long events,
            Percentiles arrivalMicros,
            double bytesPerEvent) {}

    public static ComparisonReport of(int size, int count, Comparison.Compared compared) {
        return new ComparisonReport(
                size,
                count,
                Comparison.ROUNDS,
                compared.costs().stream().map(ComparisonReport::line).toList(),
                compared.pushed().stream().map(ComparisonReport::event).toList(),
                compared.unreached(),
                new ComparisonVerdict(compared.costs(), size).sentences());
    }

    private static Event event(Pushed pushed) {
        Target target = pushed.way().target();
        return new Event(
                pushed.way().title().replace(Way.suffix(target), ""),
                protocol(target),
                target.tls(),
                pushed.events(),
                pushed.arrival(),
                pushed.perEvent());
    }

    private static String protocol(Target target) {
        return target instanceof Target.Web web ? web.protocol().id() : "tcp";
    }

    private static Line line(Cost cost) {
        return new Line(
                cost.way().transport().name().toLowerCase(Locale.ROOT),
                protocol(cost.way().target()),
                cost.tlsVersion(),
                cost.way().kept() ? "kept" : "short",
                cost.messages(),
                cost.connections(),
                cost.roundTrips(),
                cost.connect(),
                cost.tcp(),
                cost.tls(),
                cost.firstByte(),
                cost.roundTrip(),
                cost.messagesPerSecond(),
                cost.perMessage(),
                cost.opening(),
                cost.closing(),
                cost.total());
    }
}
