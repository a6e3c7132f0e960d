package io.holdfast.connection;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.springframework.stereotype.Component;

/**
 * What each transport carried since the start. One instance for the application; any thread may count.
 *
 * <p>Counts are plain adders that the metrics read when they are scraped, so that counting costs nothing but an
 * addition and a connection keeps no meter of its own.
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

        void connectionClosed(CloseReason reason, long ageNanos) {
            Objects.requireNonNull(closed.get(reason)).increment();
            ageAtClose.accept(ageNanos);
        }

        void roundTrip(long nanos) {
            roundTrips.accept(nanos);
        }

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

        public long opened() {
            return opened.sum();
        }

        public long closed(CloseReason reason) {
            return Objects.requireNonNull(closed.get(reason)).sum();
        }

        public long messagesIn() {
            return messagesIn.sum();
        }

        public long messagesOut() {
            return messagesOut.sum();
        }

        public long bytesIn() {
            return bytesIn.sum();
        }

        public long bytesOut() {
            return bytesOut.sum();
        }
    }
}
