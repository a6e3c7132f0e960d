// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import io.holdfast.channel.JsonValue;
import io.holdfast.channel.Message;
import io.holdfast.channel.Position;
import io.holdfast.channel.UnavailableException;
import io.holdfast.delivery.Delivery;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the events of the channel protocol are written on one transport. What is written leaves with {@link #flush}.
 *
 * <p>A format without state serves all connections. Nothing blocks. Safe from any thread.
 */
public interface EventFormat {

    /** The transport's name in the figures of subscribers, as {@code sse}; one of a few. */
    String transport();

    /** Whether the pings of the channel protocol are answered. */
    default boolean answersPings() {
        return true;
    }

    /**
     * The subscription has begun.
     *
     * @param id of the command, to be answered; null if there was none
     * @param at where a subscriber that gets nothing more would have to resume
     * @param head position of the newest message
     * @param resumed false if messages after the position that was asked for may have been lost
     */
    void subscribed(
            Delivery delivery, @Nullable JsonValue id, String channel, Position at, Position head, boolean resumed);

    void message(Delivery delivery, Message message);

    /** Messages may have been lost; the next ones follow {@code head}. */
    void gap(Delivery delivery, String channel, Position head);

    /** The subscription could not begin, and has ended. */
    void refused(Delivery delivery, @Nullable JsonValue id, UnavailableException cause);

    /** The client's token expires soon. */
    void expiring(Delivery delivery, Instant expires);

    /** The client may no longer subscribe to the channel, and the subscription has ended. */
    void denied(Delivery delivery, String channel);

    default void flush(Delivery delivery) {
        delivery.flush();
    }

    /** Whether more history may be written. */
    default boolean hasRoom(Delivery delivery) {
        return delivery.hasRoom();
    }

    /** Whether all that was written has been handed to the socket. */
    default boolean isCaughtUp(Delivery delivery) {
        return delivery.isCaughtUp();
    }
}
