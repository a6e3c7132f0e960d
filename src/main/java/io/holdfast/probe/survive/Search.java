package io.holdfast.probe.survive;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.Head;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Finds one transport's limit: all silences at the same time, then, if what died was not seen to, rounds between the
 * longest that lived and the shortest that did not; then tries the heartbeat that should help. Belongs to one thread,
 * which it blocks; {@link #progress} is safe from any.
 */
final class Search {

    /** In one more round; the silences of one and the next are then less than a tenth apart, if they were twice as long. */
    private static final int BETWEEN = 8;

    private static final int ROUNDS = 4;

    private final Client client;
    private final Routes routes;
    private final Service service;
    private final IntermediaryDetector doorman;
    private final ProbedTransport transport;
    private volatile @Nullable Round round;

    Search(Client client, Routes routes, Service service, IntermediaryDetector doorman, ProbedTransport transport) {
        this.client = client;
        this.routes = routes;
        this.service = service;
        this.doorman = doorman;
        this.transport = transport;
    }

    /** Whom it holds connections with, and for how long; empty if there are none. */
    String progress() {
        Round now = round;
        return now == null ? "" : now.progress();
    }

    /**
     * Holds one connection for a moment, which shows whether there is anything to measure, and has this process load what
     * it needs for that.
     */
    List<TrialResult> greet() {
        return hold(List.of(Trial.silent(Plan.SHORTEST)));
    }

    /**
     * Measures.
     *
     * @param greeted what {@link #greet} found
     */
    Finding run(List<TrialResult> greeted, Executor threads) {
        if (greeted.getFirst().fate() instanceof SilenceOutcome.Failed) {
            return new Finding(transport, routes.shown(transport), greeted, null, null, List.of(), null, null);
        }
        CompletableFuture<@Nullable ArrivalPattern> flow = transport.isStream()
                ? CompletableFuture.supplyAsync(() -> ArrivalCheck.run(client, routes, transport), threads)
                : CompletableFuture.completedFuture(null);
        Long idle = service.closedAsIdle(transport);
        List<TrialResult> silent = new ArrayList<>(
                hold(routes.plan().silences().stream().map(Trial::silent).toList()));
        SilenceLimit limit = narrowed(silent);
        Attribution culprit = limit == null
                ? null
                : Attribution.of(transport, limit.witness(), doorman, more(idle, service.closedAsIdle(transport)));
        return new Finding(
                transport,
                routes.shown(transport),
                List.copyOf(silent),
                limit,
                culprit,
                kept(limit, silent),
                flow.join(),
                transport.isWeb() ? doorman.name(anyHead(silent)) : null);
    }

    private static @Nullable Long more(@Nullable Long before, @Nullable Long after) {
        return before == null || after == null ? null : (Long) (after - before);
    }

    private List<TrialResult> hold(List<Trial> trials) {
        Round next = new Round(client, routes, service, transport);
        round = next;
        return next.hold(trials);
    }

    /** Adds what more rounds show to {@code silent}. */
    private @Nullable SilenceLimit narrowed(List<TrialResult> silent) {
        SilenceLimit limit = SilenceLimit.of(silent);
        for (int rounds = 1; rounds < ROUNDS && limit != null && !limit.isPrecise(); rounds++) {
            silent.addAll(
                    hold(limit.between(BETWEEN).stream().map(Trial::silent).toList()));
            limit = SilenceLimit.of(silent);
        }
        return limit;
    }

    /** Holds connections with the recommended heartbeat, and with those that were asked for, well over the limit. */
    private List<TrialResult> kept(@Nullable SilenceLimit limit, List<TrialResult> silent) {
        List<Duration> heartbeats = new ArrayList<>(routes.plan().heartbeats());
        if (limit != null && !limit.isRefutedBy(silent) && !heartbeats.contains(limit.heartbeat())) {
            heartbeats.addFirst(limit.heartbeat());
        }
        if (heartbeats.isEmpty()) {
            return List.of();
        }
        Duration longest = routes.plan().longest();
        Duration time = limit == null ? longest : shorter(limit.at().multipliedBy(3), longest.multipliedBy(2));
        return hold(heartbeats.stream()
                .map(heartbeat -> heartbeat.equals(Plan.NO_HEARTBEAT) ? Trial.silent(time) : new Trial(time, heartbeat))
                .toList());
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
