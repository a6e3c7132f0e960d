package io.holdfast.probe.compare;

import io.holdfast.probe.result.Percentiles;

/**
 * What messages cost that were carried one way.
 *
 * @param connect from dialing until TCP, and TLS if there is any, stood
 * @param firstByte from dialing until the first byte came
 * @param roundTrip from sending a message until its answer was complete; if each has its own connection, from dialing on
 * @param messagesPerSecond one after the other
 * @param perMessage bytes of one more message
 * @param opening bytes of opening a kept connection; without its messages
 * @param closing bytes of closing one
 * @param total all bytes of all connections that were counted
 */
public record Cost(
        Way way,
        long messages,
        long connections,
        Percentiles connect,
        Percentiles firstByte,
        Percentiles roundTrip,
        double messagesPerSecond,
        Bytes perMessage,
        Bytes opening,
        Bytes closing,
        Bytes total) {

    /** Bytes of a connection's life but for its messages, both ways. */
    public double once() {
        return opening.sum() + closing.sum();
    }
}
