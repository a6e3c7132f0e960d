package io.holdfast.session;

import io.holdfast.channel.Message;

/**
 * A connection's way out, made by its transport. Nothing blocks; what was said leaves with {@link #flush} at the latest.
 * A peer that lets more wait than its outbox holds is closed as a slow consumer. Safe from any thread.
 */
public interface Outlet {

    /** Says one event. */
    void say(String json);

    /** Says a {@code message} event, with bytes that all connections of the transport share. */
    void say(Message message);

    void flush();

    /** Whether there is room for more than what answers need: less than half of the outbox is used. */
    boolean hasRoom();

    /** Whether all that was said has been handed to the socket. */
    boolean isCaughtUp();

    /**
     * The peer sent a ping of the channel protocol.
     *
     * @param pong what answers it
     */
    default void pinged(String pong) {
        say(pong);
        flush();
    }

    /** The peer answered a ping of the channel protocol. */
    void ponged();
}
