// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.compare;

import static io.holdfast.probe.result.Percentiles.text;

import io.holdfast.probe.compare.Way.Transport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The conclusions from a comparison, as sentences. */
public final class ComparisonVerdict {

    /** Smaller ratios of times are noise of the machine. */
    private static final double NOISE = 1.15;

    private final List<Cost> costs;
    private final int size;

    ComparisonVerdict(List<Cost> costs, int size) {
        this.costs = costs;
        this.size = size;
    }

    List<String> sentences() {
        List<String> said = new ArrayList<>();
        if (kept().isEmpty()) {
            return said;
        }
        said.add(cheapest());
        said.add(fastest());
        for (Cost kept : kept()) {
            said.add(keepingPays(kept));
        }
        of(Transport.WEBSOCKET, true)
                .ifPresent(webSocket ->
                        of(Transport.HTTP, true).ifPresent(http -> said.add(webSocketOrHttp(webSocket, http))));
        for (Cost kept : kept()) {
            variants(kept).forEach(other -> said.add(instead(kept, other)));
        }
        return List.copyOf(said);
    }

    /** The first of each transport: in clear text and over HTTP/1.1, if it was measured. */
    private List<Cost> kept() {
        List<Cost> first = new ArrayList<>();
        costs.stream()
                .filter(cost -> cost.way().kept())
                .filter(cost -> first.stream().noneMatch(known -> known.way().isLike(cost.way())))
                .forEach(first::add);
        return first;
    }

    private List<Cost> variants(Cost kept) {
        return costs.stream()
                .filter(cost -> !cost.equals(kept) && cost.way().isLike(kept.way()))
                .toList();
    }

    /** The same transport with another version of HTTP, or with TLS. */
    private static String instead(Cost kept, Cost other) {
        double bytes = other.perMessage().sum() - kept.perMessage().sum();
        double ratio = other.roundTrip().p50() / kept.roundTrip().p50();
        String time =
                ratio < NOISE && ratio > 1 / NOISE ? "the same time" : "%s times as long".formatted(figure(ratio));
        return "%s instead of %s: a message takes %s and %s bytes %s; a new connection has %s instead of %s, and %s bytes %s."
                .formatted(
                        other.way().title(),
                        kept.way().title(),
                        time,
                        figure(Math.abs(bytes)),
                        bytes < 0 ? "less" : "more",
                        trips(other.roundTrips()),
                        kept.roundTrips(),
                        figure(Math.abs(other.once() - kept.once())),
                        other.once() < kept.once() ? "less" : "more");
    }

    private static String trips(int count) {
        return count + " round trips to its first answer";
    }

    private Optional<Cost> of(Transport transport, boolean kept) {
        return costs.stream()
                .filter(cost ->
                        cost.way().transport() == transport && cost.way().kept() == kept)
                .findFirst();
    }

    private String cheapest() {
        List<Cost> sorted = kept().stream()
                .sorted(Comparator.comparingDouble(cost -> cost.perMessage().sum()))
                .toList();
        Cost best = sorted.getFirst();
        StringBuilder said = new StringBuilder("Fewest bytes: %s, %s per message and its answer, %s of them overhead"
                .formatted(
                        best.way(),
                        figure(best.perMessage().sum()),
                        figure(best.perMessage().sum() - 2.0 * size)));
        for (Cost other : sorted.subList(1, sorted.size())) {
            said.append("; %s has %s bytes of overhead"
                    .formatted(other.way(), figure(other.perMessage().sum() - 2.0 * size)));
        }
        return said.append('.').toString();
    }

    private String fastest() {
        List<Cost> sorted = kept().stream()
                .sorted(Comparator.comparingDouble(cost -> cost.roundTrip().p50()))
                .toList();
        Cost best = sorted.getFirst();
        StringBuilder said = new StringBuilder("Fastest on a kept connection: %s, median %s"
                .formatted(best.way(), text(best.roundTrip().p50())));
        for (Cost other : sorted.subList(1, sorted.size())) {
            double ratio = other.roundTrip().p50() / best.roundTrip().p50();
            said.append(
                    ratio < NOISE
                            ? "; %s is as fast".formatted(other.way())
                            : "; %s takes %s times as long".formatted(other.way(), figure(ratio)));
        }
        return said.append('.').toString();
    }

    /** Compares a kept connection with a new one per message. */
    private String keepingPays(Cost kept) {
        Cost brief = of(kept.way().transport(), false).orElse(null);
        if (brief == null) {
            return "%s was measured on a kept connection only."
                    .formatted(kept.way().title());
        }
        double ratio = brief.roundTrip().p50() / kept.roundTrip().p50();
        double saved = brief.perMessage().sum() - kept.perMessage().sum();
        String time = ratio < NOISE
                ? "takes no longer"
                : "takes %s times as long (median %s)"
                        .formatted(figure(ratio), text(brief.roundTrip().p50()));
        String bytes = saved < 1 ? "no more bytes" : "%s bytes more".formatted(figure(saved));
        String pays = ratio < NOISE && saved < 1
                ? "Keeping it saves nothing."
                : "Keeping it pays from the second message on.";
        return "A new connection for each message over %s %s and %s. %s"
                .formatted(kept.way().transport(), time, bytes, pays);
    }

    private static String webSocketOrHttp(Cost webSocket, Cost http) {
        double saved = http.perMessage().sum() - webSocket.perMessage().sum();
        double extra = webSocket.once() - http.once();
        if (saved <= 0) {
            return "A message needs no fewer bytes over WebSocket than over HTTP, so choose by the times.";
        }
        String faster =
                http.roundTrip().p50() / webSocket.roundTrip().p50() < NOISE ? "." : ", and its answers come sooner.";
        return "Opening and closing take %s bytes with WebSocket and %s with HTTP; each message saves %s bytes."
                        .formatted(figure(webSocket.once()), figure(http.once()), figure(saved))
                + " From %s messages per connection on, WebSocket needs fewer bytes".formatted(breakEven(extra, saved))
                + faster + " For fewer or occasional messages use kept-alive HTTP, which every proxy supports.";
    }

    /** From how many messages on the saving per message exceeds the extra cost of the connection. */
    static long breakEven(double extra, double saved) {
        return extra <= 0 ? 1 : (long) Math.floor(extra / saved) + 1;
    }

    /** A number: whole, or with one decimal if it is below 100 and not whole. */
    public static String figure(double value) {
        boolean whole = value >= 100 || Math.abs(value - Math.rint(value)) < 0.05;
        return String.format(Locale.ROOT, whole ? "%,.0f" : "%.1f", value);
    }
}
