// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.channel.From;
import io.holdfast.channel.HistoryPage;
import io.holdfast.channel.JsonValue;
import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import io.holdfast.channel.Subscription;
import io.holdfast.channel.UnavailableException;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Transport;
import io.holdfast.delivery.Delivery;
import io.holdfast.delivery.DeliveryListener;
import io.holdfast.session.ChannelSession;
import io.holdfast.session.ChannelSessions;
import io.holdfast.session.EventFormat;
import io.holdfast.time.Cancellable;
import io.holdfast.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a client that waits for a channel's next messages: whatever comes first, messages, a gap or the end of the
 * wait. Safe from any thread.
 */
final class PollAnswer implements EventFormat, DeliveryListener {

    private final ChannelSession session;
    private final String channel;
    private final Position head;
    private final int most;
    private final Duration wait;
    private final Timers timers;

    // Guarded by this.
    private final List<Message> messages = new ArrayList<>();
    private @Nullable Cancellable timeout;
    private boolean answered;

    /**
     * @param head the position after which messages are wanted
     * @param most messages in one answer
     */
    PollAnswer(ChannelSessions sessions, Timers timers, String channel, Position head, int most, Duration wait) {
        this.session = sessions.subscribing(Transport.HTTP, this, channel, new From.After(head), Subscription.Mode.ALL);
        this.timers = timers;
        this.channel = channel;
        this.head = head;
        this.most = most;
        this.wait = wait;
    }

    /** White space, which JSON allows before its value, is the heartbeat. An empty answer is the goodbye. */
    StreamFraming framing(boolean chunked) {
        return new StreamFraming(chunked, kind -> "\n", reason -> takeNothing());
    }

    private synchronized String takeNothing() {
        if (answered) {
            return "";
        }
        answered = true;
        return nothing();
    }

    private String nothing() {
        return PollEndpoint.json(channel, new HistoryPage.Messages(List.of(), head));
    }

    @Override
    public void opened(Delivery delivery) {
        synchronized (this) {
            timeout = timers.after(wait, () -> answer(delivery, new HistoryPage.Messages(List.of(), head)));
        }
        session.opened(delivery);
    }

    private void answer(Delivery delivery, HistoryPage page) {
        synchronized (this) {
            if (answered) {
                return;
            }
            answered = true;
        }
        delivery.send(PollEndpoint.json(channel, page), 1);
        delivery.flush();
        delivery.connection().close(CloseReason.COMPLETED);
    }

    @Override
    public void drained() {
        session.drained();
    }

    @Override
    public void inputEnded(Delivery delivery) {
        session.inputEnded(delivery);
    }

    @Override
    public void closed() {
        synchronized (this) {
            answered = true;
            if (timeout != null) {
                timeout.cancel();
                timeout = null;
            }
        }
        session.closed();
    }

    @Override
    public String transport() {
        return "poll";
    }

    @Override
    public void subscribed(
            Delivery delivery, @Nullable JsonValue id, String name, Position at, Position now, boolean resumed) {
        if (!resumed) {
            gap(delivery, name, now);
        }
    }

    @Override
    public synchronized void message(Delivery delivery, Message message) {
        // The client asks for those that follow.
        if (messages.size() < most) {
            messages.add(message);
        }
    }

    @Override
    public void gap(Delivery delivery, String name, Position now) {
        answer(delivery, new HistoryPage.Lost(now));
    }

    @Override
    public void refused(Delivery delivery, @Nullable JsonValue id, UnavailableException cause) {
        delivery.connection().close(CloseReason.ERROR);
    }

    /** The client asks again, and is refused if its token is no longer valid. */
    @Override
    public void expiring(Delivery delivery, Instant expires) {}

    @Override
    public void denied(Delivery delivery, String channel) {
        delivery.connection().close(CloseReason.REVOKED);
    }

    @Override
    public void principalChanged() {
        session.principalChanged();
    }

    @Override
    public void flush(Delivery delivery) {
        List<Message> found;
        synchronized (this) {
            found = List.copyOf(messages);
        }
        if (!found.isEmpty()) {
            answer(delivery, new HistoryPage.Messages(found, found.getLast().position()));
        }
    }

    @Override
    public boolean hasRoom(Delivery delivery) {
        return true;
    }

    @Override
    public boolean isCaughtUp(Delivery delivery) {
        return true;
    }
}
