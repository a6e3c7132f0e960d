package io.holdfast.probe.survive;

import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Ending;
import io.netty.buffer.ByteBuf;
import java.time.Duration;

/** A response that is held between two ticks: the server writes the second one when the time is over. */
final class StreamTrial extends SilenceTrial {

    /** A greeting that takes longer was held back by a buffer: to who cuts, the silence began with the request. */
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private boolean ticks;

    StreamTrial(Trial trial, Duration patience) {
        super(trial, patience);
    }

    @Override
    void dialed(ClientConnection dialed) {
        Duration most = trial().time().plus(patience());
        dialed.after(most, () -> {
            if (phase() == Phase.OPENING) {
                decide(
                        dialed.connectedAt() == 0
                                ? new SilenceOutcome.Failed("no connection within " + TextFormat.of(most), false)
                                : new SilenceOutcome.Withheld());
            }
        });
    }

    @Override
    public void opened(ClientConnection conversation) {
        phase(Phase.GREETING);
        conversation.after(patience(), () -> {
            if (phase() == Phase.GREETING) {
                hold(conversation, conversation.openedAt());
            }
        });
    }

    @Override
    public void message(ClientConnection conversation, ByteBuf data) {
        String text = text(data);
        if (ServerEvents.isGoodbye(text)) {
            goodbye(text);
            return;
        }
        ticks |= text.startsWith("{\"tick\":");
        came(conversation, "a message");
    }

    @Override
    public void event(ClientConnection conversation, String name, ByteBuf data) {
        if (name.equals("goodbye")) {
            goodbye(text(data));
        } else {
            message(conversation, data);
        }
    }

    @Override
    public void sign(ClientConnection conversation, Sign sign) {
        if (trial().isSilent()) {
            came(conversation, "a sign of life");
        }
    }

    private void came(ClientConnection conversation, String what) {
        if (phase() == Phase.GREETING) {
            long came = conversation.lastByteAt();
            boolean prompt = came - conversation.connectedAt() <= PROMPT.toNanos();
            hold(conversation, prompt ? came : conversation.connectedAt());
        } else if (phase() == Phase.TRIED || isDue(conversation)) {
            decide(new SilenceOutcome.Lived());
        } else {
            spoken(what);
        }
    }

    /** By the age of the request, since the first tick may have been seen late; the server's clock may go faster. */
    private boolean isDue(ClientConnection conversation) {
        Duration age = Duration.ofNanos(System.nanoTime() - conversation.connectedAt());
        return phase() == Phase.HELD
                && age.multipliedBy(10).compareTo(trial().time().multipliedBy(9)) >= 0;
    }

    /** A server that does not tick was not asked to write now: that it says nothing means nothing. */
    @Override
    void timeIsOver(ClientConnection held) {
        if (ticks) {
            phase(Phase.TRIED);
            awaitAnswer(held);
        } else {
            decide(new SilenceOutcome.Untried());
        }
    }

    /** A response that is held back whole ends before it was seen to begin. */
    @Override
    SilenceOutcome endedEarly(ClientConnection over, Ending ending) {
        Duration waited = Duration.ofNanos(over.connectedAt() == 0 ? 0 : System.nanoTime() - over.connectedAt());
        boolean cut = ending instanceof Ending.Fin || ending instanceof Ending.Reset;
        return cut && waited.compareTo(PROMPT) > 0
                ? new SilenceOutcome.Cut(waited, ending, null)
                : super.endedEarly(over, ending);
    }
}
