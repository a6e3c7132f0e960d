// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.client.Ending;
import io.netty.buffer.ByteBuf;
import java.time.Duration;

/** A trial on a stream, between two ticks: the server sends the second one when the time is over. */
final class StreamTrial extends SilenceTrial {

    /** If the first tick takes longer, a buffer held it back: for an intermediary, the silence began with the request. */
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
    public void opened(ClientConnection connection) {
        phase(Phase.GREETING);
        connection.after(patience(), () -> {
            if (phase() == Phase.GREETING) {
                hold(connection, connection.openedAt());
            }
        });
    }

    @Override
    public void message(ClientConnection connection, ByteBuf data) {
        String text = text(data);
        if (ServerEvents.isGoodbye(text)) {
            goodbye(text);
            return;
        }
        ticks |= text.startsWith("{\"tick\":");
        came(connection, "a message");
    }

    @Override
    public void event(ClientConnection connection, String name, ByteBuf data) {
        if (name.equals("goodbye")) {
            goodbye(text(data));
        } else {
            message(connection, data);
        }
    }

    @Override
    public void sign(ClientConnection connection, Sign sign) {
        if (trial().isSilent()) {
            came(connection, "a sign of life");
        }
    }

    private void came(ClientConnection connection, String what) {
        if (phase() == Phase.GREETING) {
            long came = connection.lastByteAt();
            boolean prompt = came - connection.connectedAt() <= PROMPT.toNanos();
            hold(connection, prompt ? came : connection.connectedAt());
        } else if (phase() == Phase.TRIED || isDue(connection)) {
            decide(new SilenceOutcome.Lived());
        } else {
            spoken(what);
        }
    }

    /** Measured from the request, since the first tick may have arrived late. The server's clock may be faster. */
    private boolean isDue(ClientConnection connection) {
        Duration age = Duration.ofNanos(System.nanoTime() - connection.connectedAt());
        return phase() == Phase.HELD
                && age.multipliedBy(10).compareTo(trial().time().multipliedBy(9)) >= 0;
    }

    /** A server without ticks was not asked to send now, so its silence shows nothing. */
    @Override
    void timeIsOver(ClientConnection held) {
        if (ticks) {
            phase(Phase.TRIED);
            awaitAnswer(held);
        } else {
            decide(new SilenceOutcome.Untried());
        }
    }

    /** A response that is held back as a whole ends before its beginning is seen. */
    @Override
    SilenceOutcome endedEarly(ClientConnection over, Ending ending) {
        Duration waited = Duration.ofNanos(over.connectedAt() == 0 ? 0 : System.nanoTime() - over.connectedAt());
        boolean cut =
                ending instanceof Ending.Fin || ending instanceof Ending.Reset || ending instanceof Ending.StreamReset;
        return cut && waited.compareTo(PROMPT) > 0
                ? new SilenceOutcome.Cut(waited, ending, null)
                : super.endedEarly(over, ending);
    }
}
