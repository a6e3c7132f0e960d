// SPDX-License-Identifier: Apache-2.0
package io.holdfast.jetty;

import org.eclipse.jetty.io.Connection;

/**
 * What has passed on a socket so far, over all connections that had it one after the other.
 *
 * @param bytesIn bytes that were read, framing included
 * @param bytesOut bytes that were written, framing included
 * @param requests of HTTP
 */
public record SocketCounts(long bytesIn, long bytesOut, long requests) {

    public static final SocketCounts NONE = new SocketCounts(0, 0, 0);

    /** A connection that knows what passed before it had its socket. */
    public interface Counted {

        SocketCounts counts();
    }

    /** What has passed up to now on the socket of {@code connection}. */
    public static SocketCounts of(Connection connection) {
        return connection instanceof Counted counted ? counted.counts() : NONE.plus(connection);
    }

    /** With what passed on {@code connection} alone. */
    public SocketCounts plus(Connection connection) {
        return new SocketCounts(
                bytesIn + connection.getBytesIn(),
                bytesOut + connection.getBytesOut(),
                requests + connection.getMessagesIn());
    }
}
