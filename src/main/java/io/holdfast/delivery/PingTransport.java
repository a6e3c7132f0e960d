// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import java.time.Duration;

/** What a {@link Heartbeat} needs of its connection. All methods are safe from any thread and do not block. */
public interface PingTransport {

    /**
     * Sends a ping.
     *
     * @param sentAt the monotonic clock's nanoseconds, for a ping whose answer carries it back
     */
    void ping(long sentAt);

    /** Whether bytes from the peer would be read now. When that changes to true, {@code Connection.alive} was called. */
    boolean isReading();

    /** Bytes of the current write that the socket has not taken yet; 0 if there is none. */
    long unwrittenBytes();

    /** As {@link Wire#hasVanished}. */
    boolean hasVanished(Duration limit);

    /** Whether every peer has to answer pings. If not, only a peer that has answered one is expected to go on. */
    boolean mustAnswerPings();
}
