// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

/**
 * What a connection is for: an echo, a channel session, a stream of ticks. Called by any thread; nothing may
 * block.
 */
public interface DeliveryListener {

    /** The connection is open, and nothing has been sent. */
    void opened(Delivery delivery);

    /** All that was sent has been handed to the socket: more may be sent. */
    default void drained() {}

    /** The peer ended its side: it sends nothing more, and may still read. */
    default void inputEnded(Delivery delivery) {}

    /** The connection's principal has changed: what it may no longer do has to end. */
    default void principalChanged() {}

    /** Whether nothing is expected to be sent, so that the connection may be closed as idle. */
    default boolean isIdle() {
        return false;
    }

    /** The connection is over: stops whatever was started for it. Comes once, after {@link #opened} has returned. */
    void closed();
}
