// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's place in a channel. First it is given the history, at its own pace. When it has reached the head, it
 * gets messages as they come.
 *
 * <p>{@link #ready} and {@link #close} are safe from any thread; everything else is confined to the channel's serial
 * executor.
 */
public final class Subscription {

    /** What a subscriber gets if it cannot keep up. */
    public enum Mode {
        /** Every message; if it cannot keep up, its connection is closed. */
        ALL,
        /** The newest message whenever it has caught up. */
        LATEST
    }

    /** Messages of history that are read at a time. */
    private static final int PAGE = 100;

    private enum State {
        /** History is being read. Messages that come meanwhile are queued. */
        READING,
        /** There is more history than the subscriber has room for. */
        WAITING,
        LIVE,
        /** Messages are skipped until it has caught up. */
        SKIPPING,
        CLOSED
    }

    private final ChannelFanOut fanOut;
    private final Subscriber subscriber;
    private final Mode mode;

    private volatile boolean closed;
    private State state = State.READING;
    private @Nullable From from;
    private @Nullable From reading;
    private boolean outdated;
    private long seen;
    private @Nullable Deque<Message> meanwhile;

    Subscription(ChannelFanOut fanOut, Subscriber subscriber, Mode mode) {
        this.fanOut = fanOut;
        this.subscriber = subscriber;
        this.mode = mode;
    }

    Subscriber subscriber() {
        return subscriber;
    }

    /** The subscriber has room again, or has caught up: goes on where it stopped. */
    public void ready() {
        fanOut.execute(this::goOn);
    }

    /** Ends the subscription. No message is handed over after {@code then} has run. */
    public void close(Runnable then) {
        closed = true;
        fanOut.leave(this, then);
    }

    void closed() {
        closed = true;
        state = State.CLOSED;
        meanwhile = null;
    }

    /** Whether the channel has removed it. It may be closing before that. */
    boolean hasLeft() {
        return state == State.CLOSED;
    }

    /** Begins. The head of the channel is known. */
    void start(From where) {
        if (where instanceof From.Now) {
            subscriber.subscribed(fanOut.head(), fanOut.head(), true);
            goLive(fanOut.head());
        } else {
            from = where;
            readOn(where);
        }
    }

    private void readOn(From where) {
        state = State.READING;
        reading = where;
        outdated = false;
        meanwhile = null;
        fanOut.read(this, where, PAGE);
    }

    /** What was read is of another epoch than the channel's head. */
    void readAgain() {
        if (state == State.READING && !closed) {
            readOn(Objects.requireNonNull(reading));
        }
    }

    void page(HistoryPage page) {
        if (state != State.READING || closed) {
            return;
        }
        if (outdated) {
            readAgain();
            return;
        }
        switch (page) {
            case HistoryPage.Lost ignored -> lost();
            case HistoryPage.Messages messages -> {
                if (from != null) {
                    begin(messages);
                }
                handOver(messages);
            }
        }
        subscriber.flush();
    }

    private void begin(HistoryPage.Messages page) {
        seen = from instanceof From.After(Position position)
                ? position.offset()
                : page.messages().isEmpty()
                        ? page.head().offset()
                        : page.messages().getFirst().position().offset() - 1;
        from = null;
        fanOut.counts().resumed();
        subscriber.subscribed(new Position(page.head().epoch(), seen), page.head(), true);
    }

    private void lost() {
        fanOut.counts().gap();
        if (from != null) {
            from = null;
            subscriber.subscribed(fanOut.head(), fanOut.head(), false);
        } else {
            subscriber.gap(fanOut.head());
        }
        goLive(fanOut.head());
    }

    private void handOver(HistoryPage.Messages page) {
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
        reading = null;
        meanwhile = null;
    }

    private void give(Message message) {
        long offset = message.position().offset();
        if (offset > seen && !closed) {
            seen = offset;
            fanOut.delivered();
            subscriber.message(message);
        }
    }

    /** History cannot be read now. */
    void notRead(UnavailableException cause) {
        if (closed) {
            return;
        }
        if (from != null) {
            subscriber.refused(cause);
        } else {
            state = State.WAITING;
            fanOut.later(this::goOn);
        }
    }

    /** The channel's history was lost. What follows comes after {@code head}. */
    void lost(Position head) {
        if (state == State.READING || state == State.WAITING) {
            // The page that it reads, the messages that it has put by, and its own place may be of the old epoch.
            outdated = true;
        } else if (!closed && (state == State.LIVE || state == State.SKIPPING)) {
            fanOut.counts().gap();
            subscriber.gap(head);
            goLive(head);
        }
    }

    /** New messages of the channel, in order. */
    void announced(List<Message> messages) {
        if (state == State.READING) {
            putBy(messages);
        } else if (state == State.LIVE) {
            if (mode == Mode.LATEST && !subscriber.isCaughtUp()) {
                state = State.SKIPPING;
                return;
            }
            for (Message message : messages) {
                give(message);
            }
            subscriber.flush();
        }
    }

    /** Queues messages, up to the number that another read would return anyway. */
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
        if (state == State.WAITING && outdated) {
            outdated = false;
            lost();
            subscriber.flush();
        } else if (state == State.WAITING) {
            readOn(new From.After(new Position(fanOut.head().epoch(), seen)));
        } else if (state == State.SKIPPING) {
            state = State.LIVE;
            Message newest = fanOut.newest();
            if (newest != null) {
                fanOut.counts().skipped((int) (newest.position().offset() - seen - 1));
                give(newest);
                subscriber.flush();
            }
        }
    }
}
