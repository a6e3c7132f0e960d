// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.Head;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds one transport's limit. Tries all silences at the same time. If an end was not seen when it happened, further
 * rounds try silences between the longest that was survived and the shortest that was not. Then tries the heartbeat that
 * should help, also with one side that sends alone. Belongs to one thread, which it blocks; {@link #progress} and
 * {@link #stop} are safe from any thread.
 */
final class Search {

    /** Silences in one more round: neighbours then differ by less than a tenth, if they differed by a factor of two. */
    private static final int BETWEEN = 8;

    private static final int ROUNDS = 4;

    private final Client client;
    private final Routes routes;
    private final Service service;
    private final IntermediaryDetector detector;
    private final ProbedTransport transport;
    private volatile @Nullable Round round;
    private volatile @Nullable ArrivalCheck arrival;
    private volatile boolean stopped;

    Search(Client client, Routes routes, Service service, IntermediaryDetector detector, ProbedTransport transport) {
        this.client = client;
        this.routes = routes;
        this.service = service;
        this.detector = detector;
        this.transport = transport;
    }

    /** The running trials and their times; empty if there are none. */
    String progress() {
        Round now = round;
        return now == null ? "" : now.progress();
    }

    /** Ends what runs, and begins nothing new. What was found until then is the result. */
    void stop() {
        stopped = true;
        Round now = round;
        if (now != null) {
            now.stop();
        }
        ArrivalCheck check = arrival;
        if (check != null) {
            check.stop();
        }
    }

    /**
     * Tries one connection briefly. This shows whether the target can be measured, and loads the classes that the
     * measurement needs.
     */
    List<TrialResult> greet() {
        return hold(List.of(Trial.silent(Plan.SHORTEST)));
    }

    /**
     * Measures.
     *
     * @param greeted the result of {@link #greet}
     */
    Finding run(List<TrialResult> greeted) {
        if (greeted.getFirst().outcome() instanceof SilenceOutcome.Failed failed) {
            String intermediary = failed.reached() && transport.isWeb() ? detector.name(null) : null;
            return new Finding(
                    transport, routes.shown(transport), greeted, null, null, List.of(), List.of(), null, intermediary);
        }
        ArrivalCheck check = transport.isStream() && !stopped ? ArrivalCheck.start(client, routes, transport) : null;
        arrival = check;
        List<TrialResult> silent = new ArrayList<>(
                hold(routes.plan().silences().stream().map(Trial::silent).toList()));
        SilenceLimit limit = narrowed(silent);
        Attribution attribution = limit == null ? null : attribution(limit);
        List<TrialResult> kept = kept(limit, silent);
        return new Finding(
                transport,
                routes.shown(transport),
                List.copyOf(silent),
                limit,
                attribution,
                kept.stream()
                        .filter(held -> held.trial().sender() == Sender.BOTH)
                        .toList(),
                kept.stream()
                        .filter(held -> held.trial().sender() != Sender.BOTH)
                        .toList(),
                check == null ? null : check.result(),
                transport.isWeb() ? detector.name(anyHead(silent)) : null);
    }

    private Attribution attribution(SilenceLimit limit) {
        if (transport == ProbedTransport.KEEPALIVE) {
            Duration own = service.keepAlive();
            return Attribution.ofKeepAlive(limit, detector, own, service.denied() != null);
        }
        return Attribution.of(transport, limit.witness(), detector, service.denied() != null);
    }

    private List<TrialResult> hold(List<Trial> trials) {
        Round next = new Round(client, routes, service, transport);
        round = next;
        return stopped
                ? trials.stream()
                        .map(trial -> new TrialResult(trial, new SilenceOutcome.Spared(), null, null, null))
                        .toList()
                : next.hold(trials);
    }

    /** Adds the results of more rounds to {@code silent}. */
    private @Nullable SilenceLimit narrowed(List<TrialResult> silent) {
        SilenceLimit limit = SilenceLimit.of(silent);
        for (int rounds = 1; rounds < ROUNDS && !stopped && limit != null && !limit.isPrecise(); rounds++) {
            silent.addAll(
                    hold(limit.between(BETWEEN).stream().map(Trial::silent).toList()));
            limit = SilenceLimit.of(silent);
        }
        return limit;
    }

    /** Tries the recommended heartbeat, and those of the plan, for much longer than the limit. */
    private List<TrialResult> kept(@Nullable SilenceLimit limit, List<TrialResult> silent) {
        if (!transport.isLasting()) {
            return List.of();
        }
        List<Duration> heartbeats = new ArrayList<>(routes.plan().heartbeats());
        if (limit != null && !limit.isRefutedBy(silent) && !heartbeats.contains(limit.heartbeat())) {
            heartbeats.addFirst(limit.heartbeat());
        }
        if (heartbeats.isEmpty()) {
            return List.of();
        }
        Duration longest = routes.plan().longest();
        Duration time = limit == null ? longest : shorter(limit.at().multipliedBy(3), longest.multipliedBy(2));
        List<Trial> trials = new ArrayList<>();
        heartbeats.forEach(heartbeat ->
                trials.add(heartbeat.equals(Plan.NO_HEARTBEAT) ? Trial.silent(time) : new Trial(time, heartbeat)));
        if (limit != null && !limit.isRefutedBy(silent) && routes.isOneWayPossible(transport)) {
            trials.add(new Trial(time, limit.heartbeat(), Sender.CLIENT));
            trials.add(new Trial(time, limit.heartbeat(), Sender.SERVICE));
        }
        return hold(trials);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static @Nullable Head anyHead(List<TrialResult> silent) {
        return silent.stream()
                .map(TrialResult::head)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
