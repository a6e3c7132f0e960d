// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.springframework.stereotype.Component;

/**
 * What each transport has carried since the start. The application has one instance; any thread may count.
 *
 * <p>A connection counts for itself, in memory that is in the cache anyway. Its figures are added up when metrics are
 * scraped, and moved here when it closes.
 */
@Component
public final class Traffic {

    private final Map<Transport, Counts> counts = new EnumMap<>(Transport.class);

    Traffic() {
        for (Transport transport : Transport.values()) {
            counts.put(transport, new Counts());
        }
    }

    public Counts of(Transport transport) {
        return Objects.requireNonNull(counts.get(transport));
    }

    /**
     * The counts of one transport. A message is what the transport itself delimits: a tick or an echoed body over HTTP,
     * a message over WebSocket, what one read returned over TCP. Bytes are payload, without framing.
     */
    public static final class Counts {

        private final LongAdder opened = new LongAdder();
        private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);
        private final LongAdder messagesIn = new LongAdder();
        private final LongAdder messagesOut = new LongAdder();
        private final LongAdder bytesIn = new LongAdder();
        private final LongAdder bytesOut = new LongAdder();
        private final LongAdder waiting = new LongAdder();
        private Supplier<Collection<Connection>> open = List::of;
        private volatile LongConsumer ageAtClose = Counts::ignore;
        private volatile LongConsumer roundTrips = Counts::ignore;

        Counts() {
            for (CloseReason reason : CloseReason.values()) {
                closed.put(reason, new LongAdder());
            }
        }

        private static void ignore(long nanos) {}

        void connectionOpened() {
            opened.increment();
        }

        /** @param connections the open ones */
        synchronized void addOpen(Supplier<Collection<Connection>> connections) {
            open = connections;
        }

        private long ofOpen(ToLongFunction<Connection> figure) {
            long sum = 0;
            for (Connection connection : open.get()) {
                sum += figure.applyAsLong(connection);
            }
            return sum;
        }

        /** @param remove takes it off the open ones, unless it never was among them */
        synchronized void connectionClosed(Connection connection, CloseReason reason, BooleanSupplier remove) {
            if (remove.getAsBoolean()) {
                bytesIn(connection.bytesIn());
                bytesOut(connection.bytesOut());
                messagesIn.add(connection.messagesIn());
                messagesOut.add(connection.messagesOut());
                Objects.requireNonNull(closed.get(reason)).increment();
                ageAtClose.accept(connection.ageNanos());
            }
        }

        void waiting(long bytes) {
            waiting.add(bytes);
        }

        void roundTrip(long nanos) {
            roundTrips.accept(nanos);
        }

        /** For what belongs to no connection of ours, as a request. */
        public void messageIn() {
            messagesIn.increment();
        }

        public void messageOut() {
            messagesOut.increment();
        }

        public void bytesIn(long bytes) {
            bytesIn.add(bytes);
        }

        public void bytesOut(long bytes) {
            bytesOut.add(bytes);
        }

        /** Has the age of each connection that closes, in nanoseconds, told to {@code observer}. */
        public void observeAgeAtClose(LongConsumer observer) {
            ageAtClose = observer;
        }

        /** Has the round trip of each answered heartbeat, in nanoseconds, told to {@code observer}. */
        public void observeRoundTrips(LongConsumer observer) {
            roundTrips = observer;
        }

        /** Connections open now. */
        public long open() {
            // Read in this order: a connection that closes in between is then never counted twice.
            long ended = 0;
            for (LongAdder count : closed.values()) {
                ended += count.sum();
            }
            return opened.sum() - ended;
        }

        /** Bytes that sockets did not take at once, and that wait for their peers to read. */
        public long waiting() {
            return waiting.sum();
        }

        public long opened() {
            return opened.sum();
        }

        public long closed(CloseReason reason) {
            return Objects.requireNonNull(closed.get(reason)).sum();
        }

        public synchronized long messagesIn() {
            return messagesIn.sum() + ofOpen(Connection::messagesIn);
        }

        public synchronized long messagesOut() {
            return messagesOut.sum() + ofOpen(Connection::messagesOut);
        }

        public synchronized long bytesIn() {
            return bytesIn.sum() + ofOpen(Connection::bytesIn);
        }

        public synchronized long bytesOut() {
            return bytesOut.sum() + ofOpen(Connection::bytesOut);
        }
    }
}
