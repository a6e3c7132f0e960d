// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.delivery.Delivery;
import io.holdfast.delivery.DeliveryListener;
import io.holdfast.delivery.HeartbeatSpec;
import io.holdfast.fault.Fault;
import org.jspecify.annotations.Nullable;

/**
 * The body of a streamed response.
 *
 * @param kind what it is for, as {@code stream}
 * @param listener sends it
 * @param label the name that the client gave its connection; null for none
 */
record StreamBody(
        String kind,
        String contentType,
        StreamFraming framing,
        DeliveryListener listener,
        HeartbeatSpec heartbeat,
        @Nullable String label,
        Fault fault) {

    /** One answer that is known already, to be sent with a fault. */
    static StreamBody of(String kind, String contentType, boolean chunked, Fault fault, byte... answer) {
        return new StreamBody(
                kind,
                contentType,
                StreamFraming.ofAnswer(chunked),
                new FixedBody(answer),
                HeartbeatSpec.NONE,
                null,
                fault);
    }

    /** A listener of a stream finds out whether a client that ended its side still reads. */
    interface Listener extends DeliveryListener {

        @Override
        default void inputEnded(Delivery delivery) {
            delivery.probe();
        }
    }
}
