package io.holdfast.connection;

import io.holdfast.time.MonotonicClock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Counts refused connections, and logs a line about them at most once a second. Safe from any thread. */
@Component
public final class Refusals {

    private static final Logger log = LoggerFactory.getLogger(Refusals.class);

    private static final long LOG_NANOS = 1_000_000_000L;

    private record Kind(Transport transport, Limit limit) {}

    private final Map<Kind, LongAdder> counts = new ConcurrentHashMap<>();
    private final AtomicLong unlogged = new AtomicLong();
    private final MonotonicClock clock;
    private final AtomicLong loggedAt;

    Refusals(MonotonicClock monotonicClock) {
        this.clock = monotonicClock;
        this.loggedAt = new AtomicLong(clock.nanos() - LOG_NANOS);
        for (Transport transport : Transport.values()) {
            for (Limit limit : Limit.values()) {
                counts.put(new Kind(transport, limit), new LongAdder());
            }
        }
    }

    void refused(Transport transport, Limit limit) {
        counts.computeIfAbsent(new Kind(transport, limit), kind -> new LongAdder())
                .increment();
        unlogged.incrementAndGet();
        long now = clock.nanos();
        long last = loggedAt.get();
        if (now - last >= LOG_NANOS && loggedAt.compareAndSet(last, now)) {
            log.info(
                    "{} connections refused since the last such line, the last one {} by {}",
                    unlogged.getAndSet(0),
                    transport.tag(),
                    limit.property());
        }
    }

    /** How many connections of {@code transport} were refused by {@code limit} since the start. */
    public long count(Transport transport, Limit limit) {
        LongAdder count = counts.get(new Kind(transport, limit));
        return count == null ? 0 : count.sum();
    }
}
