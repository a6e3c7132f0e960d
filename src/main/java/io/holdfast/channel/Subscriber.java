package io.holdfast.channel;

/**
 * Who gets a channel's messages. Called by one thread at a time for each of its subscriptions; must not block, and what
 * it is handed may wait for {@link #flush}.
 */
public interface Subscriber {

    /** How it listens, as {@code sse}; one of a handful of names, for figures. */
    String transport();

    /**
     * The subscription stands. What follows begins after {@code at}.
     *
     * @param at where a subscriber that gets nothing more would have to go on
     * @param head position of the newest message
     * @param resumed false if what followed the position asked for may have been lost
     */
    void subscribed(Position at, Position head, boolean resumed);

    void message(Message message);

    /** Messages may have been lost; what follows begins after {@code head}. */
    void gap(Position head);

    /** The subscription does not stand, and has ended. */
    void refused(UnavailableException cause);

    /** That was all for now. */
    void flush();

    /** Whether more history may be handed over; if not, {@link Subscription#ready} tells when. */
    boolean hasRoom();

    /** Whether all that was handed over has left; if not, {@link Subscription#ready} tells when. */
    boolean isCaughtUp();
}
