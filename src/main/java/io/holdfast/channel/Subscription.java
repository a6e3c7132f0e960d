package io.holdfast.channel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's place in a channel: first it is read to from the history, at its own pace, and when it has reached
 * the head it gets messages as they come.
 *
 * <p>{@link #ready} and {@link #close} are safe from any thread; all else is confined to the topic's strand.
 */
public final class Subscription {

    /** What a subscriber that falls behind gets. */
    public enum Mode {
        /** Every message, or its connection is closed. */
        ALL,
        /** The newest message, when it has caught up. */
        LATEST
    }

    /** Messages of history that are read at a time. */
    private static final int PAGE = 100;

    private enum State {
        /** History is being read; what comes meanwhile is put by. */
        READING,
        /** There is more history than it has room for. */
        WAITING,
        LIVE,
        /** It skips messages until it has caught up. */
        SKIPPING,
        CLOSED
    }

    private final Topic topic;
    private final Subscriber subscriber;
    private final Mode mode;

    private volatile boolean closed;
    private State state = State.READING;
    private @Nullable From from;
    private long seen;
    private @Nullable Deque<Message> meanwhile;

    Subscription(Topic topic, Subscriber subscriber, Mode mode) {
        this.topic = topic;
        this.subscriber = subscriber;
        this.mode = mode;
    }

    Subscriber subscriber() {
        return subscriber;
    }

    /** It has room again, or has caught up: goes on where it stopped. */
    public void ready() {
        topic.execute(this::goOn);
    }

    /** Ends it: no message is handed over after {@code then} ran. */
    public void close(Runnable then) {
        closed = true;
        topic.leave(this, then);
    }

    void closed() {
        closed = true;
        state = State.CLOSED;
        meanwhile = null;
    }

    boolean isClosed() {
        return closed;
    }

    /** Begins, with the topic's head known. */
    void start(From where) {
        if (where instanceof From.Now) {
            subscriber.subscribed(topic.head(), topic.head(), true);
            goLive(topic.head());
        } else {
            from = where;
            readOn(where);
        }
    }

    private void readOn(From where) {
        state = State.READING;
        meanwhile = null;
        topic.read(this, where, PAGE);
    }

    void page(Page page) {
        if (state != State.READING || closed) {
            return;
        }
        switch (page) {
            case Page.Lost ignored -> lost();
            case Page.Messages messages -> {
                if (from != null) {
                    begin(messages);
                }
                handOver(messages);
            }
        }
        subscriber.flush();
    }

    private void begin(Page.Messages page) {
        seen = from instanceof From.After(Position position)
                ? position.offset()
                : page.messages().isEmpty()
                        ? page.head().offset()
                        : page.messages().getFirst().position().offset() - 1;
        from = null;
        topic.counts().resumed();
        subscriber.subscribed(new Position(page.head().epoch(), seen), page.head(), true);
    }

    private void lost() {
        topic.counts().gap();
        if (from != null) {
            from = null;
            subscriber.subscribed(topic.head(), topic.head(), false);
        } else {
            subscriber.gap(topic.head());
        }
        goLive(topic.head());
    }

    private void handOver(Page.Messages page) {
        for (Message message : page.messages()) {
            if (!subscriber.hasRoom()) {
                state = State.WAITING;
                meanwhile = null;
                return;
            }
            give(message);
        }
        if (page.hasMore() || (meanwhile != null && meanwhile.size() > PAGE)) {
            readOn(new From.After(new Position(page.head().epoch(), seen)));
            return;
        }
        Deque<Message> put = meanwhile;
        goLive(new Position(page.head().epoch(), seen));
        if (put != null) {
            put.forEach(this::give);
        }
    }

    private void goLive(Position at) {
        seen = at.offset();
        state = State.LIVE;
        meanwhile = null;
    }

    private void give(Message message) {
        long offset = message.position().offset();
        if (offset > seen && !closed) {
            seen = offset;
            topic.delivered();
            subscriber.message(message);
        }
    }

    /** What was to be read can't be read now. */
    void notRead(UnavailableException cause) {
        if (closed) {
            return;
        }
        if (from != null) {
            subscriber.refused(cause);
        } else {
            state = State.WAITING;
            topic.later(this::goOn);
        }
    }

    /** The channel's history broke off: what follows begins after {@code head}. */
    void lost(Position head) {
        // One that is reading is told by what it reads.
        if (!closed && (state == State.LIVE || state == State.SKIPPING)) {
            topic.counts().gap();
            subscriber.gap(head);
            goLive(head);
        }
    }

    /** New messages of the channel, in order. */
    void announced(List<Message> messages) {
        if (state == State.READING) {
            putBy(messages);
        } else if (state == State.SKIPPING) {
            topic.counts().skipped(messages.size());
        } else if (state == State.LIVE) {
            if (mode == Mode.LATEST && !subscriber.isCaughtUp()) {
                state = State.SKIPPING;
                topic.counts().skipped(messages.size());
                return;
            }
            for (Message message : messages) {
                give(message);
            }
            subscriber.flush();
        }
    }

    /** As far as another reading would be the better way. */
    private void putBy(List<Message> messages) {
        if (meanwhile == null) {
            meanwhile = new ArrayDeque<>();
        }
        for (Message message : messages) {
            if (meanwhile.size() <= PAGE) {
                meanwhile.add(message);
            }
        }
    }

    private void goOn() {
        if (state == State.WAITING) {
            readOn(new From.After(new Position(topic.head().epoch(), seen)));
        } else if (state == State.SKIPPING) {
            state = State.LIVE;
            Message newest = topic.newest();
            if (newest != null) {
                give(newest);
                subscriber.flush();
            }
        }
    }
}
