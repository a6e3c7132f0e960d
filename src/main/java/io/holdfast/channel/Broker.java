package io.holdfast.channel;

import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the channels' histories and tells of what is new in them. What may need a network is asynchronous; a stage fails
 * with {@link UnavailableException}. Safe from any thread.
 */
public interface Broker {

    /** Adds a message to a channel and announces it to all that listen, in the order of positions. */
    CompletionStage<Published> append(String channel, Draft draft);

    /**
     * What a channel has kept.
     *
     * @param from {@link From.Now} reads nothing but the head
     * @param limit messages at the most
     */
    CompletionStage<Page> read(String channel, From from, int limit);

    /** Listens to a channel. Every message after the feed's head is announced to {@code listener}, which must not block. */
    CompletionStage<Feed> listen(String channel, Listener listener);

    /**
     * Hears of a channel's messages, one at a time, on any thread. An announcement may be lost or come twice; who listens
     * sees that by the offsets.
     */
    @FunctionalInterface
    interface Listener {

        void announced(Message message);

        /** Announcements may have been lost, whether another one follows or not. */
        default void interrupted() {}
    }

    /** A standing announcement. */
    interface Feed {

        /** The newest message's position when listening began. */
        Position head();

        /** No more is announced, but for what is under way. */
        void close();
    }

    /** What {@code channel} keeps now, if it exists. */
    CompletionStage<Optional<Kept>> kept(String channel);

    /** The channels that this node knows of. */
    Collection<String> channels();

    /**
     * What a channel keeps; for people to look at.
     *
     * @param perSecond messages published in the last minute, a second
     */
    record Kept(Position head, int messages, long bytes, double perSecond) {}
}
