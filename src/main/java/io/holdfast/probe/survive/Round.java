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

/** Connections of one transport that are held at the same time. Belongs to one thread, which it blocks. */
final class Round {

    /** What is between may need to tell the service that a connection is over. */
    private static final Duration NEWS = Duration.ofSeconds(1);

    private static final Duration BREATH = Duration.ofMillis(100);

    /** The bytes that tell raw connections apart in the service's list. */
    private static final int LEAST_HELLO = 100;

    private static final int MOST_HELLO = 4000;

    private final Client client;
    private final Routes routes;
    private final Service service;
    private final ProbedTransport transport;
    private final String label =
            "survive-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    private final List<One> all = new CopyOnWriteArrayList<>();

    Round(Client client, Routes routes, Service service, ProbedTransport transport) {
        this.client = client;
        this.routes = routes;
        this.service = service;
        this.transport = transport;
    }

    /** One connection, and what the service knows it by. */
    private record One(SilenceTrial hold, String name) {

        /** Lines are told by the service what it calls them. */
        String known() {
            String id = hold instanceof EchoTrial echo ? echo.id() : null;
            return id == null ? name : id;
        }
    }

    /** Holds one connection for each trial, to the end of the last. */
    List<TrialResult> hold(List<Trial> trials) {
        trials.forEach(this::open);
        try {
            join(all.stream().map(one -> one.hold().greeted()));
            Listing before = service.listing();
            join(all.stream().map(one -> one.hold().fate()));
            List<One> watched = all.stream()
                    .filter(one -> before != null
                            && before.has(one.known())
                            && held(one, null).died())
                    .toList();
            Listing after = watched.isEmpty() ? null : news(watched);
            return all.stream()
                    .map(one -> held(one, watched.contains(one) ? noticed(one, after) : null))
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
        hold.fate().thenAccept(fate -> {
            if (fate instanceof SilenceOutcome.Unanswered && trial.isSilent()) {
                spareLongerThan(trial.time());
            }
        });
        Target target = routes.target(transport, trial, name);
        hold.open(client, target);
    }

    /** What died unseen has shown all that longer silences could. */
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
        long deadline = System.nanoTime() + NEWS.toNanos();
        while (true) {
            Listing listing = service.listing();
            boolean changing = listing != null && watched.stream().anyMatch(one -> listing.has(one.known()));
            if (!changing || System.nanoTime() > deadline) {
                return listing;
            }
            LockSupport.parkNanos(BREATH.toNanos());
        }
    }

    private static @Nullable Boolean noticed(One one, @Nullable Listing after) {
        return after == null ? null : (Boolean) !after.has(one.known());
    }

    private static TrialResult held(One one, @Nullable Boolean noticed) {
        SilenceTrial hold = one.hold();
        return new TrialResult(hold.trial(), hold.fate().join(), hold.head(), noticed);
    }

    /** How many still stand, of how many. */
    String progress() {
        List<One> now = List.copyOf(all);
        List<SilenceTrial> standing = now.stream()
                .map(One::hold)
                .filter(hold -> !hold.fate().isDone())
                .toList();
        if (standing.isEmpty()) {
            return "";
        }
        Duration longest = standing.stream()
                .map(hold -> hold.trial().time())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return transport.title() + " " + standing.size() + " of " + now.size() + " for up to " + TextFormat.of(longest);
    }
}
