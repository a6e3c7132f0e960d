// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

/**
 * Receives a channel's messages. Called by one thread at a time for each of its subscriptions. It must not block, and
 * may keep what it is handed until {@link #flush}.
 */
public interface Subscriber {

    /** The transport's name in figures, as {@code sse}; one of a few. */
    String transport();

    /**
     * The subscription has begun. What follows comes after {@code at}.
     *
     * @param at where a subscriber that gets nothing more would have to resume
     * @param head position of the newest message
     * @param resumed false if messages after the position that was asked for may have been lost
     */
    void subscribed(Position at, Position head, boolean resumed);

    void message(Message message);

    /** Messages may have been lost. What follows comes after {@code head}. */
    void gap(Position head);

    /** The subscription could not begin, and has ended. */
    void refused(UnavailableException cause);

    /** Nothing more is handed over for now. */
    void flush();

    /** Whether more history may be handed over. If not, {@link Subscription#ready} has to be called when it may. */
    boolean hasRoom();

    /**
     * Whether everything that was handed over has left. If not, {@link Subscription#ready} has to be called when it
     * has.
     */
    boolean isCaughtUp();
}
