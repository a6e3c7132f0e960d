// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.compare;

import io.holdfast.probe.result.Percentiles;
import org.jspecify.annotations.Nullable;

/**
 * What a message costs on one way.
 *
 * @param connect time to connect with TCP, and TLS if used
 * @param tcp time to connect with TCP
 * @param tls time of the TLS handshake; 0 without TLS
 * @param tlsVersion as {@code TLSv1.3}; null without TLS
 * @param roundTrips over the network from connecting to the first answer
 * @param firstByte time from connecting to the first byte
 * @param roundTrip from sending a message to its complete answer; with a connection per message, from connecting
 * @param messagesPerSecond one message at a time
 * @param perMessage bytes per message
 * @param opening bytes to open a kept connection, without its messages
 * @param closing bytes to close it
 * @param total bytes of all measured connections
 */
public record Cost(
        Way way,
        long messages,
        long connections,
        Percentiles connect,
        Percentiles tcp,
        Percentiles tls,
        @Nullable String tlsVersion,
        int roundTrips,
        Percentiles firstByte,
        Percentiles roundTrip,
        double messagesPerSecond,
        Bytes perMessage,
        Bytes opening,
        Bytes closing,
        Bytes total) {

    /** Bytes to open and close a connection, both directions. */
    public double once() {
        return opening.sum() + closing.sum();
    }
}
