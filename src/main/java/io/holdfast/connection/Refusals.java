// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.time.MonotonicClock;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Counts refused connections, and logs a line about them at most once a second. Safe from any thread. */
@Component
public final class Refusals {

    private static final Logger log = LoggerFactory.getLogger(Refusals.class);

    private static final long LOG_NANOS = 1_000_000_000L;

    private final TransportCounts<Limit> counts = new TransportCounts<>(Limit.class);
    private final AtomicLong unlogged = new AtomicLong();
    private final MonotonicClock clock;
    private final AtomicLong loggedAt;

    Refusals(MonotonicClock monotonicClock) {
        this.clock = monotonicClock;
        this.loggedAt = new AtomicLong(clock.nanos() - LOG_NANOS);
    }

    void refused(Transport transport, Limit limit) {
        counts.count(transport, limit);
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
        return counts.sum(transport, limit);
    }
}
