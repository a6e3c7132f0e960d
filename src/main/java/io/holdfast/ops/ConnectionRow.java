// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * One connection as an operator sees it.
 *
 * @param state {@code open}, {@code closing} or {@code closed}
 * @param reason why it closes or has closed, as {@code idle}; null while it is open
 * @param label the name that the client gave it; the TCP side of a bridge has the id of its WebSocket
 * @param subject whose token or API key it has; null for none
 * @param remoteAddress as {@code 127.0.0.1:8080} or {@code [::1]:8080}; without a port if a proxy named none
 * @param protocol below the transport: {@code http/1.1}, {@code h2} or {@code tcp}
 * @param tls whether it is encrypted up to the service
 * @param session of HTTP/2; null if the connection has a socket of its own
 * @param ageSeconds since it was opened, up to its end
 * @param idleSeconds since the last byte in either direction, up to its end
 * @param closedSeconds since its end; null before it
 * @param bytesIn payload from the peer
 * @param queuedBytes bytes that wait to be sent
 * @param roundTripMillis of the last answered heartbeat; null if there is none yet
 */
record ConnectionRow(
        String id,
        String transport,
        String kind,
        String state,
        @Nullable String reason,
        @Nullable String label,
        @Nullable String subject,
        @Nullable String remoteAddress,
        String protocol,
        boolean tls,
        @Nullable String session,
        double ageSeconds,
        double idleSeconds,
        @Nullable Double closedSeconds,
        long bytesIn,
        long bytesOut,
        long messagesIn,
        long messagesOut,
        long queuedBytes,
        @Nullable Double roundTripMillis,
        int heartbeatsMissed) {

    /** How each column sorts, by its name. Connections are compared, since a row for each of many thousands is expensive. */
    static final SequencedMap<String, Comparator<Connection>> COLUMNS = columns();

    private static SequencedMap<String, Comparator<Connection>> columns() {
        SequencedMap<String, Comparator<Connection>> columns = new LinkedHashMap<>();
        columns.put("id", Comparator.comparingLong(Connection::number));
        columns.put(
                "transport",
                Comparator.comparing(connection -> connection.transport().tag()));
        columns.put("kind", Comparator.comparing(Connection::kind));
        columns.put("state", Comparator.comparing(Connection::state));
        columns.put("reason", Comparator.comparing(connection -> Objects.requireNonNullElse(reason(connection), "")));
        columns.put("label", Comparator.comparing(connection -> Objects.requireNonNullElse(connection.label(), "")));
        columns.put("subject", Comparator.comparing(connection -> Objects.requireNonNullElse(subject(connection), "")));
        columns.put(
                "remoteAddress",
                Comparator.comparing(connection -> Objects.requireNonNullElse(remote(connection), "")));
        columns.put(
                "protocol",
                Comparator.comparing(connection -> connection.carrier().protocol()));
        columns.put(
                "tls", Comparator.comparing(connection -> connection.carrier().tls()));
        columns.put(
                "session",
                Comparator.comparing(connection ->
                        Objects.requireNonNullElse(connection.carrier().session(), "")));
        columns.put("ageSeconds", Comparator.comparingLong(Connection::ageNanos));
        columns.put("idleSeconds", Comparator.comparingLong(Connection::idleNanos));
        columns.put("closedSeconds", Comparator.comparingLong(Connection::closedNanos));
        columns.put("bytesIn", Comparator.comparingLong(Connection::bytesIn));
        columns.put("bytesOut", Comparator.comparingLong(Connection::bytesOut));
        columns.put("messagesIn", Comparator.comparingLong(Connection::messagesIn));
        columns.put("messagesOut", Comparator.comparingLong(Connection::messagesOut));
        columns.put("queuedBytes", Comparator.comparingLong(Connection::queuedBytes));
        columns.put("roundTripMillis", Comparator.comparingLong(Connection::roundTripNanos));
        columns.put("heartbeatsMissed", Comparator.comparingInt(Connection::heartbeatsMissed));
        return columns;
    }

    private static @Nullable String reason(Connection connection) {
        CloseReason reason = connection.reason();
        return reason == null ? null : reason.tag();
    }

    private static @Nullable String subject(Connection connection) {
        return connection.principal().isAuthenticated() ? connection.principal().name() : null;
    }

    private static @Nullable String remote(Connection connection) {
        InetSocketAddress remote = connection.remote();
        if (remote == null) {
            return null;
        }
        return remote.getPort() == 0
                ? NetUtil.toAddressString(remote.getAddress())
                : NetUtil.toSocketAddressString(remote);
    }

    static ConnectionRow of(Connection connection) {
        long roundTrip = connection.roundTripNanos();
        return new ConnectionRow(
                connection.id(),
                connection.transport().tag(),
                connection.kind(),
                connection.state().tag(),
                reason(connection),
                connection.label(),
                subject(connection),
                remote(connection),
                connection.carrier().protocol(),
                connection.carrier().tls(),
                connection.carrier().session(),
                millis(connection.ageNanos()) / 1000,
                millis(connection.idleNanos()) / 1000,
                connection.isClosed() ? (Double) (millis(connection.closedNanos()) / 1000) : null,
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
