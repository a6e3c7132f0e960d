package io.holdfast.http;

import io.holdfast.channel.Channels;
import io.holdfast.channel.From;
import io.holdfast.channel.Message;
import io.holdfast.channel.Page;
import io.holdfast.channel.Position;
import io.holdfast.channel.Subscriber;
import io.holdfast.channel.Subscription;
import io.holdfast.channel.UnavailableException;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.LifeSigns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a client that waits for a channel's next messages: the first thing that happens, or the end of its
 * patience. Safe from any thread.
 */
final class PollSource implements StreamSource, Subscriber {

    private final Channels channels;
    private final String channel;
    private final Position head;
    private final int most;
    private final Duration wait;
    private final LifeSigns lifeSigns;

    // Guarded by this.
    private final List<Message> messages = new ArrayList<>();
    private @Nullable StreamConnection body;
    private @Nullable Subscription subscription;
    private @Nullable Runnable patience;
    private boolean answered;

    PollSource(Channels channels, String channel, Position head, int most, Duration wait, LifeSigns lifeSigns) {
        this.channels = channels;
        this.channel = channel;
        this.head = head;
        this.most = most;
        this.wait = wait;
        this.lifeSigns = lifeSigns;
    }

    @Override
    public synchronized void start(StreamConnection started) {
        body = started;
        if (!answered) {
            subscription = channels.subscribe(channel, new From.After(head), Subscription.Mode.ALL, this);
            patience = lifeSigns.after(wait, () -> answer(nothing()));
        }
    }

    private Page nothing() {
        return new Page.Messages(List.of(), head);
    }

    private synchronized void answer(Page page) {
        if (!answered && body != null) {
            answered = true;
            body.send(Polls.json(channel, page), 1);
            body.end();
        }
    }

    @Override
    public void drained() {}

    /** White space, which JSON allows before its value. */
    @Override
    public String sign() {
        return "\n";
    }

    @Override
    public synchronized String goodbye(CloseReason reason) {
        if (answered) {
            return "";
        }
        answered = true;
        return Polls.json(channel, nothing());
    }

    @Override
    public synchronized void stop() {
        answered = true;
        if (subscription != null) {
            subscription.close(() -> {});
            subscription = null;
        }
        if (patience != null) {
            patience.run();
            patience = null;
        }
    }

    @Override
    public String transport() {
        return "poll";
    }

    @Override
    public void subscribed(Position at, Position now, boolean resumed) {
        if (!resumed) {
            gap(now);
        }
    }

    @Override
    public synchronized void message(Message message) {
        // Its client asks for what follows.
        if (messages.size() < most) {
            messages.add(message);
        }
    }

    @Override
    public void gap(Position now) {
        answer(new Page.Lost(now));
    }

    @Override
    public void refused(UnavailableException cause) {
        StreamConnection refused;
        synchronized (this) {
            refused = body;
        }
        if (refused != null) {
            refused.connection().close(CloseReason.ERROR);
        }
    }

    @Override
    public synchronized void flush() {
        if (!messages.isEmpty()) {
            answer(new Page.Messages(List.copyOf(messages), messages.getLast().position()));
        }
    }

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public boolean isCaughtUp() {
        return true;
    }
}
