// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Ending;
import io.holdfast.probe.client.Head;
import io.holdfast.probe.client.Listener;
import io.holdfast.probe.client.Target;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs a trial: opens the connection, keeps it silent or sends heartbeats for its time, then tests it. Its socket stays
 * open until it is released, so that the service can be asked about it.
 *
 * <p>Confined to the connection's event loop; {@link #greeted}, {@link #outcome} and
 * {@link #release} are safe from any thread.
 */
abstract sealed class SilenceTrial implements Listener permits StreamTrial, EchoTrial {

    private final Trial trial;
    private final Duration patience;
    private final CompletableFuture<Void> greeted = new CompletableFuture<>();
    private final CompletableFuture<SilenceOutcome> outcome = new CompletableFuture<>();
    private volatile @Nullable ClientConnection connection;

    // Confined to the event loop.
    private Phase phase = Phase.OPENING;
    private long since;
    private @Nullable String goodbye;

    /** The state of the trial, in the order of its life. */
    enum Phase {
        OPENING,
        GREETING,
        HELD,
        TRIED,
        OVER
    }

    SilenceTrial(Trial trial, Duration patience) {
        this.trial = trial;
        this.patience = patience;
    }

    final void open(Client client, Target target) {
        connection = client.open(target, this);
        dialed(connection());
    }

    /** Connecting has begun. */
    void dialed(ClientConnection dialed) {}

    final Trial trial() {
        return trial;
    }

    final Duration patience() {
        return patience;
    }

    final Phase phase() {
        return phase;
    }

    final void phase(Phase next) {
        phase = next;
    }

    /** Completes when the silence has begun, or never will. */
    final CompletableFuture<Void> greeted() {
        return greeted;
    }

    final CompletableFuture<SilenceOutcome> outcome() {
        return outcome;
    }

    /** The head of the response that opened it; null if the protocol has none. */
    final @Nullable Head head() {
        return connection().head();
    }

    final ClientConnection connection() {
        return Objects.requireNonNull(connection, "not opened");
    }

    /** Starts the time. */
    final void hold(ClientConnection held, long from) {
        phase = Phase.HELD;
        since = from;
        greeted.complete(null);
        held.after(trial.time().minusNanos(System.nanoTime() - from), () -> {
            if (phase == Phase.HELD) {
                timeIsOver(held);
            }
        });
    }

    /** The time is over: tests the connection. */
    abstract void timeIsOver(ClientConnection held);

    /** Limits the wait for the answer. */
    final void awaitAnswer(ClientConnection held) {
        held.after(patience, () -> decide(new SilenceOutcome.Unanswered(null)));
    }

    /** How long the time has run. */
    final Duration heldFor() {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    /** The server sent something unasked. */
    final void spoken(String what) {
        if (phase == Phase.HELD && trial.isSilent()) {
            decide(new SilenceOutcome.Spoken(heldFor(), what));
        }
    }

    final void goodbye(String json) {
        goodbye = ServerEvents.code(json);
    }

    static String text(ByteBuf message) {
        return message.toString(StandardCharsets.UTF_8);
    }

    /** Sets the outcome. Only the first one counts; later ones are its consequences. */
    final void decide(SilenceOutcome decided) {
        if (phase != Phase.OVER) {
            phase = Phase.OVER;
            greeted.complete(null);
            outcome.complete(decided);
        }
    }

    @Override
    public final void ended(ClientConnection over, Ending ending) {
        switch (phase) {
            case OPENING, GREETING -> decide(endedEarly(over, ending));
            case HELD ->
                decide(
                        heldFor().compareTo(trial.time()) < 0
                                ? new SilenceOutcome.Cut(heldFor(), ending, goodbye)
                                : new SilenceOutcome.Unanswered(ending));
            case TRIED -> decide(new SilenceOutcome.Unanswered(ending));
            case OVER -> {}
        }
    }

    /** The outcome of a connection that ended before its time began. */
    SilenceOutcome endedEarly(ClientConnection over, Ending ending) {
        return switch (ending) {
            case Ending.Unreachable(String why) -> new SilenceOutcome.Failed(why, false);
            case Ending.Refused(Head head) -> new SilenceOutcome.Failed("HTTP " + head.status(), true);
            case Ending.Denied(String why) -> new SilenceOutcome.Failed(why, true);
            default -> new SilenceOutcome.Failed("the connection ended at once: " + ending.text(), true);
        };
    }

    /** Stops the trial without a result. If it is not opened yet, nothing happens. */
    final void spare() {
        ClientConnection opened = connection;
        if (opened != null) {
            opened.execute(() -> decide(new SilenceOutcome.Spared()));
        }
    }

    /** Closes the socket. */
    final void release() {
        connection().abort();
    }
}
