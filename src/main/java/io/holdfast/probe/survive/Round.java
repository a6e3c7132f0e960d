// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Trials of one transport that run at the same time. Belongs to one thread, which it blocks. */
final class Round {

    /** How long an intermediary may take to tell the service that a connection ended. */
    private static final Duration NOTICE_TIME = Duration.ofSeconds(1);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    /** Raw connections are recognised in the service's list by their number of bytes, from this one. */
    private static final int LEAST_HELLO = 100;

    private static final int MOST_HELLO = 4000;

    private final Client client;
    private final Routes routes;
    private final Service service;
    private final ProbedTransport transport;
    private final String label =
            "survive-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    private final List<One> all = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;

    Round(Client client, Routes routes, Service service, ProbedTransport transport) {
        this.client = client;
        this.routes = routes;
        this.service = service;
        this.transport = transport;
    }

    /** One trial, and the name by which the service's list shows its connection. */
    private record One(SilenceTrial hold, String name) {

        /** The service sends an id on lines. */
        String known() {
            String id = hold instanceof EchoTrial echo ? echo.id() : null;
            return id == null ? name : id;
        }
    }

    /** Runs all trials, to the end of the last. */
    List<TrialResult> hold(List<Trial> trials) {
        trials.forEach(this::open);
        try {
            join(all.stream().map(one -> one.hold().greeted()));
            Listing before = service.listing();
            join(all.stream().map(one -> one.hold().outcome()));
            List<One> watched = all.stream()
                    .filter(one -> before != null
                            && before.isOpen(one.known())
                            && held(one, null).died())
                    .toList();
            Listing after = watched.isEmpty() ? null : news(watched);
            return all.stream()
                    .map(one -> held(one, watched.contains(one) ? after : null))
                    .toList();
        } finally {
            all.forEach(one -> one.hold().release());
        }
    }

    private void open(Trial trial) {
        String name = label + "-" + all.size();
        int hello = ThreadLocalRandom.current().nextInt(LEAST_HELLO, MOST_HELLO);
        Duration patience = routes.plan().patience();
        Question question = routes.question(transport, hello);
        SilenceTrial hold =
                question == null ? new StreamTrial(trial, patience) : new EchoTrial(trial, patience, question);
        all.add(new One(hold, transport == ProbedTransport.TCP ? Listing.echoed("tcp", hello) : name));
        hold.outcome().thenAccept(outcome -> {
            if (outcome instanceof SilenceOutcome.Unanswered && trial.isSilent()) {
                spareLongerThan(trial.time());
            }
        });
        Target target = routes.target(transport, trial, name);
        hold.open(client, target);
        if (stopped) {
            hold.spare();
        }
    }

    /** Ends all trials, also those that are not open yet. Safe from any thread. */
    void stop() {
        stopped = true;
        all.forEach(one -> one.hold().spare());
    }

    /** If a silence was dropped without notice, longer ones show nothing new. */
    private void spareLongerThan(Duration silence) {
        all.stream()
                .map(One::hold)
                .filter(hold -> hold.trial().isSilent() && hold.trial().time().compareTo(silence) > 0)
                .forEach(SilenceTrial::spare);
    }

    private static void join(Stream<? extends CompletableFuture<?>> futures) {
        CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).join();
    }

    private @Nullable Listing news(List<One> watched) {
        long deadline = System.nanoTime() + NOTICE_TIME.toNanos();
        while (true) {
            Listing listing = service.listing();
            boolean known = listing == null || watched.stream().allMatch(one -> listing.reason(one.known()) != null);
            if (known || System.nanoTime() > deadline) {
                return listing;
            }
            LockSupport.parkNanos(POLL_INTERVAL.toNanos());
        }
    }

    /** @param after what the service says of it; null if unknown, or if it is alive */
    private static TrialResult held(One one, @Nullable Listing after) {
        SilenceTrial hold = one.hold();
        return new TrialResult(
                hold.trial(),
                hold.outcome().join(),
                hold.head(),
                after == null ? null : (Boolean) !after.isOpen(one.known()),
                after == null ? null : after.reason(one.known()));
    }

    /** How many trials still run, of how many; empty if none does. */
    String progress() {
        List<One> now = List.copyOf(all);
        long running =
                now.stream().filter(one -> !one.hold().outcome().isDone()).count();
        return running == 0 ? "" : transport.title() + " " + running + "/" + now.size();
    }
}
