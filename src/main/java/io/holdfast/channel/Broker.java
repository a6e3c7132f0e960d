// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the channels' histories and announces new messages. Whatever may need a network is asynchronous; its stage
 * fails with {@link UnavailableException}. Safe from any thread.
 */
public interface Broker {

    /** Whether other nodes deliver its messages, too. */
    default boolean isShared() {
        return false;
    }

    /** Adds a message to a channel and announces it to all listeners, in the order of positions. */
    CompletionStage<Published> append(String channel, Draft draft);

    /**
     * Reads a channel's history.
     *
     * @param from {@link From.Now} reads nothing but the head
     * @param limit messages at the most
     */
    CompletionStage<HistoryPage> read(String channel, From from, int limit);

    /** Listens to a channel. Every message after the feed's head is announced to {@code listener}, which must not block. */
    CompletionStage<Feed> listen(String channel, Listener listener);

    /**
     * Hears about a channel's messages, one at a time, on any thread. An announcement may be lost or come twice; the
     * offsets show it.
     */
    @FunctionalInterface
    interface Listener {

        void announced(Message message);

        /** Announcements may have been lost, whether another one follows or not. */
        default void interrupted() {}
    }

    /** A listener's registration. */
    interface Feed {

        /** The newest message's position when listening began. */
        Position head();

        /** Ends it. Announcements that are being made may still come. */
        void close();
    }

    /** Statistics of a channel's history, if the channel exists. */
    CompletionStage<Optional<HistoryStats>> historyStats(String channel);

    /** The channels that this node knows of. */
    Collection<String> channels();

    /**
     * Statistics of a channel's history, for operators.
     *
     * @param perSecond messages published per second, over the last minute
     */
    record HistoryStats(Position head, int messages, long bytes, double perSecond) {}
}
