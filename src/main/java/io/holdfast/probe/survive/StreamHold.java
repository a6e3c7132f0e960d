package io.holdfast.probe.survive;

import io.holdfast.probe.client.Conversation;
import io.holdfast.probe.client.Ending;
import io.netty.buffer.ByteBuf;
import java.time.Duration;

/** A response that is held between two ticks: the server writes the second one when the time is over. */
final class StreamHold extends Hold {

    /** A greeting that takes longer was held back by a buffer: to who cuts, the silence began with the request. */
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private boolean ticks;

    StreamHold(Trial trial, Duration patience) {
        super(trial, patience);
    }

    @Override
    void dialed(Conversation dialed) {
        Duration most = trial().time().plus(patience());
        dialed.after(most, () -> {
            if (phase() == Phase.OPENING) {
                decide(
                        dialed.connectedAt() == 0
                                ? new Fate.Failed("no connection within " + Sayable.of(most), false)
                                : new Fate.Withheld());
            }
        });
    }

    @Override
    public void opened(Conversation conversation) {
        phase(Phase.GREETING);
        conversation.after(patience(), () -> {
            if (phase() == Phase.GREETING) {
                hold(conversation, conversation.openedAt());
            }
        });
    }

    @Override
    public void message(Conversation conversation, ByteBuf data) {
        String text = text(data);
        if (Said.isGoodbye(text)) {
            goodbye(text);
            return;
        }
        ticks |= text.startsWith("{\"tick\":");
        came(conversation, "a message");
    }

    @Override
    public void event(Conversation conversation, String name, ByteBuf data) {
        if (name.equals("goodbye")) {
            goodbye(text(data));
        } else {
            message(conversation, data);
        }
    }

    @Override
    public void sign(Conversation conversation, Sign sign) {
        if (trial().isSilent()) {
            came(conversation, "a sign of life");
        }
    }

    private void came(Conversation conversation, String what) {
        if (phase() == Phase.GREETING) {
            long came = conversation.lastByteAt();
            boolean prompt = came - conversation.connectedAt() <= PROMPT.toNanos();
            hold(conversation, prompt ? came : conversation.connectedAt());
        } else if (phase() == Phase.TRIED || isDue(conversation)) {
            decide(new Fate.Lived());
        } else {
            spoken(what);
        }
    }

    /** By the age of the request, since the first tick may have been seen late; the server's clock may go faster. */
    private boolean isDue(Conversation conversation) {
        Duration age = Duration.ofNanos(System.nanoTime() - conversation.connectedAt());
        return phase() == Phase.HELD
                && age.multipliedBy(10).compareTo(trial().time().multipliedBy(9)) >= 0;
    }

    /** A server that does not tick was not asked to write now: that it says nothing means nothing. */
    @Override
    void timeIsOver(Conversation held) {
        if (ticks) {
            phase(Phase.TRIED);
            awaitAnswer(held);
        } else {
            decide(new Fate.Untried());
        }
    }

    /** A response that is held back whole ends before it was seen to begin. */
    @Override
    Fate endedEarly(Conversation over, Ending ending) {
        Duration waited = Duration.ofNanos(over.connectedAt() == 0 ? 0 : System.nanoTime() - over.connectedAt());
        boolean cut = ending instanceof Ending.Fin || ending instanceof Ending.Reset;
        return cut && waited.compareTo(PROMPT) > 0
                ? new Fate.Cut(waited, ending, null)
                : super.endedEarly(over, ending);
    }
}
