// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import java.nio.ByteBuffer;

/** Turns what is to be sent into the bytes of one wire format. Safe from any thread. */
public interface Framing {

    /** Whether peers answer the format's pings. */
    enum Pongs {
        /** It has no pings that are answered. */
        NONE,
        /** A peer may ignore them, as a person with a terminal does. */
        OPTIONAL,
        /** The protocol demands them. */
        REQUIRED
    }

    Pongs pongs();

    /** The payload of one event. Its length is what the connection's byte counter counts. */
    ByteBuffer payload(String event);

    /** Puts a payload into a frame. */
    ByteBuffer[] frame(ByteBuffer payload);

    /**
     * One heartbeat, framed.
     *
     * @param sentAt the monotonic clock's nanoseconds, for a format whose answer carries it back
     * @return empty if the format has no such heartbeat
     */
    ByteBuffer[] heartbeat(HeartbeatSpec.Kind kind, long sentAt);

    /** The last bytes of a connection, framed: the goodbye, if the format has one, and what ends the format itself. */
    ByteBuffer[] goodbye(Goodbye goodbye);
}
