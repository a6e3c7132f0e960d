package io.holdfast.ops;

import io.holdfast.connection.Connection;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * One open connection as an operator sees it.
 *
 * @param label the name that the client gave it
 * @param remoteAddress as {@code 127.0.0.1:8080} or {@code [::1]:8080}
 * @param ageSeconds since it was opened
 * @param idleSeconds since the last byte in either direction
 * @param bytesIn payload from the peer
 * @param queuedBytes bytes that wait to be sent
 * @param roundTripMillis of the last answered heartbeat; null if there is none yet
 */
record ConnectionRow(
        String id,
        String transport,
        String kind,
        @Nullable String label,
        @Nullable String remoteAddress,
        double ageSeconds,
        double idleSeconds,
        long bytesIn,
        long bytesOut,
        long messagesIn,
        long messagesOut,
        long queuedBytes,
        @Nullable Double roundTripMillis,
        int heartbeatsMissed) {

    /** The ids of a node end in hexadecimal numbers: a longer id is a later one. */
    static final Comparator<ConnectionRow> BY_ID =
            Comparator.comparingInt((ConnectionRow row) -> row.id().length()).thenComparing(ConnectionRow::id);

    /** How each column sorts, by its name. */
    static final SequencedMap<String, Comparator<ConnectionRow>> COLUMNS = columns();

    private static SequencedMap<String, Comparator<ConnectionRow>> columns() {
        SequencedMap<String, Comparator<ConnectionRow>> columns = new LinkedHashMap<>();
        columns.put("id", BY_ID);
        columns.put("transport", Comparator.comparing(ConnectionRow::transport));
        columns.put("kind", Comparator.comparing(ConnectionRow::kind));
        columns.put("label", Comparator.comparing(row -> Objects.requireNonNullElse(row.label(), "")));
        columns.put("remoteAddress", Comparator.comparing(row -> Objects.requireNonNullElse(row.remoteAddress(), "")));
        columns.put("ageSeconds", Comparator.comparingDouble(ConnectionRow::ageSeconds));
        columns.put("idleSeconds", Comparator.comparingDouble(ConnectionRow::idleSeconds));
        columns.put("bytesIn", Comparator.comparingLong(ConnectionRow::bytesIn));
        columns.put("bytesOut", Comparator.comparingLong(ConnectionRow::bytesOut));
        columns.put("messagesIn", Comparator.comparingLong(ConnectionRow::messagesIn));
        columns.put("messagesOut", Comparator.comparingLong(ConnectionRow::messagesOut));
        columns.put("queuedBytes", Comparator.comparingLong(ConnectionRow::queuedBytes));
        columns.put(
                "roundTripMillis",
                Comparator.comparingDouble(row -> Objects.requireNonNullElse(row.roundTripMillis(), -1.0)));
        columns.put("heartbeatsMissed", Comparator.comparingInt(ConnectionRow::heartbeatsMissed));
        return columns;
    }

    static ConnectionRow of(Connection connection) {
        InetSocketAddress remote = connection.remote();
        long roundTrip = connection.roundTripNanos();
        return new ConnectionRow(
                connection.id(),
                connection.transport().tag(),
                connection.kind(),
                connection.label(),
                remote == null ? null : NetUtil.toSocketAddressString(remote),
                millis(connection.ageNanos()) / 1000,
                millis(connection.idleNanos()) / 1000,
                connection.bytesIn(),
                connection.bytesOut(),
                connection.messagesIn(),
                connection.messagesOut(),
                connection.queuedBytes(),
                roundTrip < 0 ? null : (Double) millis(roundTrip),
                connection.heartbeatsMissed());
    }

    /** To a thousandth. */
    private static double millis(long nanos) {
        return Math.round(nanos / 1000.0) / 1000.0;
    }
}
