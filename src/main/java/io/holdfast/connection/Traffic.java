package io.holdfast.connection;

import io.holdfast.time.MonotonicClock;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * What each transport has carried since the start. The application has one instance; any thread may count.
 *
 * <p>A connection counts for itself, in memory that is in the cache anyway. Its figures are added up when metrics are
 * scraped, and moved here when it closes.
 */
@Component
public final class Traffic {

    private static final long SUMS_ARE_VALID = 10_000_000;

    private final Map<Transport, Counts> counts = new EnumMap<>(Transport.class);

    Traffic(MonotonicClock clock) {
        for (Transport transport : Transport.values()) {
            counts.put(transport, new Counts(clock));
        }
    }

    private enum Figure {
        MESSAGES_IN,
        MESSAGES_OUT,
        BYTES_IN,
        BYTES_OUT
    }

    private static Map<Figure, Long> sums(Collection<Connection> connections) {
        long messagesIn = 0;
        long messagesOut = 0;
        long bytesIn = 0;
        long bytesOut = 0;
        for (Connection connection : connections) {
            messagesIn += connection.messagesIn();
            messagesOut += connection.messagesOut();
            bytesIn += connection.bytesIn();
            bytesOut += connection.bytesOut();
        }
        Map<Figure, Long> sums = new EnumMap<>(Figure.class);
        sums.put(Figure.MESSAGES_IN, messagesIn);
        sums.put(Figure.MESSAGES_OUT, messagesOut);
        sums.put(Figure.BYTES_IN, bytesIn);
        sums.put(Figure.BYTES_OUT, bytesOut);
        return sums;
    }

    public Counts of(Transport transport) {
        return Objects.requireNonNull(counts.get(transport));
    }

    /**
     * The counts of one transport. A message is what the transport itself delimits: a tick or an echoed body over HTTP,
     * a message over WebSocket, what one read returned over TCP. Bytes are payload, without framing.
     */
    public static final class Counts {

        private final MonotonicClock clock;
        private final LongAdder opened = new LongAdder();
        private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);
        private final LongAdder messagesIn = new LongAdder();
        private final LongAdder messagesOut = new LongAdder();
        private final LongAdder bytesIn = new LongAdder();
        private final LongAdder bytesOut = new LongAdder();
        private final LongAdder waiting = new LongAdder();
        private Supplier<Collection<Connection>> open = List::of;
        private Map<Figure, Long> ofOpen = new EnumMap<>(Figure.class);
        private long summedAt;
        private volatile LongConsumer ageAtClose = Counts::ignore;
        private volatile LongConsumer roundTrips = Counts::ignore;

        Counts(MonotonicClock clock) {
            this.clock = clock;
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

        /**
         * Of the open connections. A scrape asks for four figures one after the other: they are added up once. Who asks for
         * the same one again gets the figure of that moment.
         */
        private long ofOpen(Figure figure) {
            long now = clock.nanos();
            Map<Figure, Long> sums = ofOpen;
            if (!sums.containsKey(figure) || now - summedAt > SUMS_ARE_VALID) {
                sums = sums(open.get());
                ofOpen = sums;
                summedAt = now;
            }
            return Objects.requireNonNull(sums.remove(figure));
        }

        /** @param remove takes it off the open ones, unless it never was among them */
        synchronized void connectionClosed(Connection connection, CloseReason reason, BooleanSupplier remove) {
            if (remove.getAsBoolean()) {
                ofOpen.clear();
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
            return messagesIn.sum() + ofOpen(Figure.MESSAGES_IN);
        }

        public synchronized long messagesOut() {
            return messagesOut.sum() + ofOpen(Figure.MESSAGES_OUT);
        }

        public synchronized long bytesIn() {
            return bytesIn.sum() + ofOpen(Figure.BYTES_IN);
        }

        public synchronized long bytesOut() {
            return bytesOut.sum() + ofOpen(Figure.BYTES_OUT);
        }
    }
}
