// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

/** What a {@link Connection} asks of its transport. All methods are safe from any thread and do not block. */
public interface TransportHandle {

    /**
     * Ends the connection and tells the peer the reason, as far as the transport can. The transport calls
     * {@link Connection#closed} when the connection has ended, at the latest after {@code holdfast.limits.closing}.
     */
    void close(CloseReason reason);

    /** Ends the connection at once, without telling the peer. */
    void abort();

    /** The connection's principal has changed. What it may no longer do has to end. */
    default void principalChanged() {}

    /** Bytes that wait to be sent to the peer. */
    long queuedBytes();
}
