// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import io.holdfast.channel.JsonValue;
import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import io.holdfast.channel.Subscriber;
import io.holdfast.channel.Subscription;
import io.holdfast.channel.UnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * One channel that a session is subscribed to. The channel calls it on one thread at a time; {@link #end} and
 * {@link #ready} are safe from any thread.
 */
final class ChannelMember implements Subscriber {

    private final ChannelSession session;
    private final @Nullable JsonValue id;
    private final String channel;

    // Guarded by this.
    private @Nullable Subscription subscription;
    private @Nullable Runnable afterEnd;
    private boolean readyBefore;

    /** Whether the command was answered. Confined to the channel's calls. */
    private boolean answered;

    /** @param id of the command, to be answered; null if there was none */
    ChannelMember(ChannelSession session, @Nullable JsonValue id, String channel) {
        this.session = session;
        this.id = id;
        this.channel = channel;
    }

    @Nullable
    JsonValue id() {
        return id;
    }

    String channel() {
        return channel;
    }

    /** It may have ended already: the channel's events come before this, and so does a client that acts on them. */
    synchronized void begin(Subscription begun) {
        subscription = begun;
        if (afterEnd != null) {
            begun.close(afterEnd);
        } else if (session.isEnded()) {
            begun.close(() -> {});
        } else if (readyBefore) {
            begun.ready();
        }
    }

    /** Ends the subscription, also before {@link #begin}. Nothing is handed over after {@code then} has run. */
    synchronized void end(Runnable then) {
        if (subscription == null) {
            afterEnd = then;
        } else {
            subscription.close(then);
        }
    }

    /** An unsubscribe may come before the history was read. */
    void answerUnlessAnswered() {
        if (!answered) {
            session.delivery()
                    .send(Events.error(id, "unsubscribed", "Unsubscribed before the subscription had begun."), 1);
        }
    }

    /** There is room again, also before {@link #begin}. */
    synchronized void ready() {
        if (subscription == null) {
            readyBefore = true;
        } else {
            subscription.ready();
        }
    }

    @Override
    public String transport() {
        return session.format().transport();
    }

    @Override
    public void subscribed(Position at, Position head, boolean resumed) {
        answered = true;
        session.format().subscribed(session.delivery(), id, channel, at, head, resumed);
        session.welcomed();
    }

    @Override
    public void message(Message message) {
        session.format().message(session.delivery(), message);
    }

    @Override
    public void gap(Position head) {
        session.format().gap(session.delivery(), channel, head);
    }

    @Override
    public void refused(UnavailableException cause) {
        answered = true;
        session.refused(this, cause);
    }

    @Override
    public void flush() {
        session.format().flush(session.delivery());
    }

    @Override
    public boolean hasRoom() {
        return session.hasRoom();
    }

    @Override
    public boolean isCaughtUp() {
        return session.isCaughtUp();
    }
}
