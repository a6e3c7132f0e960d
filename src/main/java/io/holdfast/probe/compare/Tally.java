// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.compare;

import io.holdfast.probe.client.ClientConnection;
import io.holdfast.probe.result.Percentiles;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Sums the measurements of one way. For one thread at a time: its connections come one after the other. */
final class Tally {

    private final Way way;
    private final Histogram connect = histogram();
    private final Histogram tcp = histogram();
    private final Histogram tls = histogram();
    private final Histogram firstByte = histogram();
    private final Histogram roundTrip = histogram();
    private @Nullable String tlsVersion;
    private int roundTrips;
    private long busyNanos;
    private long messages;
    private long connections;
    private long repeatedMessages;
    private Bytes repeated = Bytes.NONE;
    private Bytes first = Bytes.NONE;
    private Bytes closing = Bytes.NONE;
    private Bytes total = Bytes.NONE;

    Tally(Way way) {
        this.way = way;
    }

    Way way() {
        return way;
    }

    /** A histogram for times up to an hour, with three digits. */
    static Histogram histogram() {
        return new Histogram(TimeUnit.HOURS.toNanos(1), 3);
    }

    void answered(long nanos) {
        roundTrip.recordValue(nanos);
    }

    /**
     * A connection ended.
     *
     * @param carried messages that it carried
     * @param nanos time that they took
     * @param afterFirst bytes up to the first answer, those of the handshake included
     * @param afterLast bytes up to the last answer
     */
    void ended(ClientConnection connection, int carried, long nanos, Bytes afterFirst, Bytes afterLast) {
        Bytes all = new Bytes(connection.bytesOut(), connection.bytesIn());
        connections++;
        messages += carried;
        connect.recordValue(connection.connectedAt() - connection.dialedAt());
        tcp.recordValue(connection.tcpConnectedAt() - connection.dialedAt());
        tls.recordValue(connection.connectedAt() - connection.tcpConnectedAt());
        tlsVersion = connection.tlsVersion();
        // The first message and its answer are one more.
        roundTrips = connection.roundTrips() + 1;
        firstByte.recordValue(connection.firstByteAt() - connection.dialedAt());
        busyNanos += nanos;
        repeatedMessages += carried - 1;
        repeated = repeated.plus(afterLast.minus(afterFirst));
        first = first.plus(afterFirst);
        closing = closing.plus(all.minus(afterLast));
        total = total.plus(all);
    }

    /** Whether a connection has ended. */
    boolean isMeasured() {
        return connections > 0;
    }

    Cost cost() {
        Bytes perMessage = way.kept() ? repeated.times(1.0 / repeatedMessages) : total.times(1.0 / messages);
        double share = 1.0 / connections;
        return new Cost(
                way,
                messages,
                connections,
                Percentiles.of(connect),
                Percentiles.of(tcp),
                tlsVersion == null ? Percentiles.of(histogram()) : Percentiles.of(tls),
                tlsVersion,
                roundTrips,
                Percentiles.of(firstByte),
                Percentiles.of(roundTrip),
                messages / (busyNanos / 1e9),
                perMessage,
                way.kept() ? first.times(share).minus(perMessage) : Bytes.NONE,
                way.kept() ? closing.times(share) : Bytes.NONE,
                total);
    }
}
