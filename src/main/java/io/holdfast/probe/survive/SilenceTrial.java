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
 * One connection that is held: greeted, then silent or with a heartbeat for its time, then tried. Its socket stays open
 * until it is released, so that the service can be asked about it.
 *
 * <p>What happens is told on its event loop, which alone changes it; {@link #greeted}, {@link #fate} and
 * {@link #release} are safe from any thread.
 */
abstract sealed class SilenceTrial implements Listener permits StreamTrial, EchoTrial {

    private final Trial trial;
    private final Duration patience;
    private final CompletableFuture<Void> greeted = new CompletableFuture<>();
    private final CompletableFuture<SilenceOutcome> fate = new CompletableFuture<>();
    private volatile @Nullable ClientConnection conversation;

    // Confined to the event loop.
    private Phase phase = Phase.OPENING;
    private long since;
    private @Nullable String goodbye;

    /** How far it is. */
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
        conversation = client.open(target, this);
        dialed(conversation());
    }

    /** It was asked for; nothing stands yet. */
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

    /** Done when the silence has begun, or never will. */
    final CompletableFuture<Void> greeted() {
        return greeted;
    }

    final CompletableFuture<SilenceOutcome> fate() {
        return fate;
    }

    /** The head of the response that opened it; null where there is none. */
    final @Nullable Head head() {
        return conversation().head();
    }

    final ClientConnection conversation() {
        return Objects.requireNonNull(conversation, "not opened");
    }

    /** The time begins. */
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

    /** The time is over: now it has to answer. */
    abstract void timeIsOver(ClientConnection held);

    /** Waits for the answer only as long as is reasonable. */
    final void awaitAnswer(ClientConnection held) {
        held.after(patience, () -> decide(new SilenceOutcome.Unanswered(null)));
    }

    /** For how long it has been held. */
    final Duration heldFor() {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    /** Something came that nobody asked for. */
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

    /** The first fate is the one; what comes later is the consequence of it. */
    final void decide(SilenceOutcome decided) {
        if (phase != Phase.OVER) {
            phase = Phase.OVER;
            greeted.complete(null);
            fate.complete(decided);
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

    /** It ended before its time began. */
    SilenceOutcome endedEarly(ClientConnection over, Ending ending) {
        return switch (ending) {
            case Ending.Unreachable(String why) -> new SilenceOutcome.Failed(why, false);
            case Ending.Refused(Head head) -> new SilenceOutcome.Failed("HTTP " + head.status(), true);
            default -> new SilenceOutcome.Failed("the connection ended at once: " + ServerEvents.how(ending), true);
        };
    }

    /** A shorter silence was too long already. */
    final void spare() {
        conversation().execute(() -> decide(new SilenceOutcome.Spared()));
    }

    /** Lets go of the socket. */
    final void release() {
        conversation().abort();
    }
}
