// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import java.util.function.Function;

/** Chooses, once when a connection is accepted, what stands between its delivery and its {@link Outbox}. */
@FunctionalInterface
public interface OutboundDecorator {

    /** Nothing stands between. */
    OutboundDecorator NONE = (delivery, outbox) -> outbox.apply(delivery);

    /**
     * Makes what the delivery sends through.
     *
     * @param outbox makes the outbox, with the listener that hears about it
     */
    Outbound decorate(Delivery delivery, Function<Outbound.Listener, Outbox> outbox);
}
