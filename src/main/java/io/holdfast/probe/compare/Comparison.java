// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.compare;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the same message on every way, in rounds. Each way has its turn in each round, and each round starts with another
 * way, so that noise of the machine affects all alike. For one thread; the client has one event loop.
 */
public final class Comparison {

    /** Rounds, each with new connections. */
    public static final int ROUNDS = 10;

    /** Time limit for all messages of one connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The outcome. */
    public sealed interface Outcome {}

    /**
     * Every message came back.
     *
     * @param complete false if the thread was interrupted, so that this is what was measured until then
     * @param unreached ways to send whose target cannot be reached, with the reason
     * @param leftOut ways to push that did not work, with the reason
     */
    public record Compared(
            boolean complete, List<Cost> costs, List<Pushed> pushed, List<String> unreached, List<String> leftOut)
            implements Outcome {}

    /** A way did not work, or none can be reached, so nothing was compared. */
    public record Failed(Way way, Ending ending) implements Outcome {}

    private final Client client;
    private final String message;
    private final int count;
    private final Consumer<String> progress;

    /**
     * @param size of the message, in bytes
     * @param count messages per way; at least two per round
     * @param progress receives a line about the progress from time to time
     */
    public Comparison(Client client, int size, int count, Consumer<String> progress) {
        this.client = client;
        // A text that no envelope contains.
        this.message = "~".repeat(size);
        this.count = count;
        this.progress = progress;
    }

    /** Measures all ways, after one round of warm-up. If the thread is interrupted, the outcome has what was measured. */
    public Outcome of(List<Way> ways, List<Push> pushes) {
        try {
            return compare(ways, pushes);
        } catch (InterruptedException e) {
            return new Compared(false, List.of(), List.of(), List.of(), List.of());
        }
    }

    private Outcome compare(List<Way> ways, List<Push> pushes) throws InterruptedException {
        List<Way> reached = new ArrayList<>();
        List<Failed> unreached = new ArrayList<>();
        for (Way way : ways) {
            progress.accept("warming up: " + way);
            Ending ending = carry(way, warmUp(), new Tally(way));
            switch (ending) {
                case Ending.Ours ignored -> reached.add(way);
                case Ending.Unreachable ignored -> unreached.add(new Failed(way, ending));
                default -> {
                    return new Failed(way, ending);
                }
            }
        }
        if (reached.isEmpty() && !unreached.isEmpty()) {
            return unreached.getFirst();
        }
        List<Push> pushing = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (Push push : pushes) {
            progress.accept("warming up: " + push);
            Ending ending = push(push, warmUp(), new PushTally(push));
            if (ending instanceof Ending.Ours) {
                pushing.add(push);
            } else {
                leftOut.add(push + ": " + ending.text());
            }
        }
        List<String> reasons = unreached.stream()
                .filter(failed -> failed.way().kept())
                .map(failed -> failed.way().title() + ": " + failed.ending().text())
                .toList();
        return measure(reached, pushing, reasons, leftOut);
    }

    private int warmUp() {
        return Math.max(2, count / 5);
    }

    private Outcome measure(List<Way> ways, List<Push> pushes, List<String> unreached, List<String> leftOut) {
        List<Tally> tallies = ways.stream().map(Tally::new).toList();
        List<PushTally> pushTallies = pushes.stream().map(PushTally::new).toList();
        boolean complete = true;
        try {
            Failed failed = rounds(tallies, pushTallies);
            if (failed != null) {
                return failed;
            }
        } catch (InterruptedException e) {
            complete = false;
        }
        return new Compared(
                complete,
                tallies.stream().filter(Tally::isMeasured).map(Tally::cost).toList(),
                pushTallies.stream()
                        .filter(PushTally::isMeasured)
                        .map(PushTally::cost)
                        .toList(),
                unreached,
                List.copyOf(leftOut));
    }

    /** The way that did not work; null if all did. */
    private @Nullable Failed rounds(List<Tally> tallies, List<PushTally> pushTallies) throws InterruptedException {
        List<Tally> turns = new ArrayList<>(tallies);
        for (int round = 0; round < ROUNDS; round++) {
            progress.accept("round %d of %d".formatted(round + 1, ROUNDS));
            int share = count / ROUNDS + (round < count % ROUNDS ? 1 : 0);
            for (Tally tally : turns) {
                Ending ending = carry(tally.way(), share, tally);
                if (!(ending instanceof Ending.Ours)) {
                    return new Failed(tally.way(), ending);
                }
            }
            for (PushTally tally : pushTallies) {
                push(tally.way(), share, tally);
            }
            Collections.rotate(turns, -1);
        }
        return null;
    }

    private Ending carry(Way way, int messages, Tally tally) throws InterruptedException {
        if (way.kept()) {
            return exchange(way, messages, tally);
        }
        Ending ending = new Ending.Ours();
        for (int i = 0; i < messages && ending instanceof Ending.Ours; i++) {
            ending = exchange(way, 1, tally);
        }
        return ending;
    }

    private Ending exchange(Way way, int messages, Tally tally) throws InterruptedException {
        ExchangeMeasurement exchange = new ExchangeMeasurement(way, message, messages, tally);
        return await(client.open(way.target(), exchange), exchange.ended());
    }

    private Ending push(Push push, int messages, PushTally tally) throws InterruptedException {
        PushMeasurement delivery = new PushMeasurement(client, push, message, messages, tally);
        return await(client.open(push.target(), delivery), delivery.ended());
    }

    private static Ending await(ClientConnection connection, CompletableFuture<Ending> ended)
            throws InterruptedException {
        try {
            return ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            connection.abort();
            return new Ending.Lost("no answer within " + PATIENCE.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
