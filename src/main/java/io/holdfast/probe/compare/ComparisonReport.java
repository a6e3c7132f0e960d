package io.holdfast.probe.compare;

import io.holdfast.probe.result.Percentiles;
import java.util.List;
import java.util.Locale;

/** The result as one JSON document. Times are in microseconds; bytes do not include TCP and IP headers. */
public record ComparisonReport(
        int size, int count, int rounds, List<Line> costs, List<Event> pushed, List<String> verdict) {

    /** One way to send a message. */
    public record Line(
            String transport,
            String connection,
            long messages,
            long connections,
            Percentiles connectMicros,
            Percentiles firstByteMicros,
            Percentiles roundTripMicros,
            double messagesPerSecond,
            Bytes bytesPerMessage,
            Bytes bytesOfOpening,
            Bytes bytesOfClosing,
            Bytes bytes) {}

    /** One way to push. */
    public record Event(String transport, long events, Percentiles arrivalMicros, double bytesPerEvent) {}

    public static ComparisonReport of(int size, int count, List<Cost> costs, List<Pushed> pushed) {
        return new ComparisonReport(
                size,
                count,
                Comparison.ROUNDS,
                costs.stream().map(ComparisonReport::line).toList(),
                pushed.stream()
                        .map(one -> new Event(one.way().title(), one.events(), one.arrival(), one.perEvent()))
                        .toList(),
                new ComparisonVerdict(costs, size).sentences());
    }

    private static Line line(Cost cost) {
        return new Line(
                cost.way().transport().name().toLowerCase(Locale.ROOT),
                cost.way().kept() ? "kept" : "short",
                cost.messages(),
                cost.connections(),
                cost.connect(),
                cost.firstByte(),
                cost.roundTrip(),
                cost.messagesPerSecond(),
                cost.perMessage(),
                cost.opening(),
                cost.closing(),
                cost.total());
    }
}
