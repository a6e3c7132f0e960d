// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import com.sun.management.UnixOperatingSystemMXBean;
import io.holdfast.time.MonotonicClock;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Limits the sockets of peers, admitted or not, so that file descriptors are left for the service itself. Without them it
 * could neither accept nor open a file. A socket over the limit is closed at once. If accepting fails nevertheless, the
 * acceptors pause, and tell it here. Safe from any thread.
 */
@Component
public final class Sockets {

    private static final Logger log = LoggerFactory.getLogger(Sockets.class);

    private static final int LEAST_RESERVE = 64;

    /** Of 20,000 descriptors, 625 are kept. */
    private static final int SHARE_KEPT = 32;

    /** Some sockets have no permit: their first request has not come yet, or they wait for the next one. */
    private static final int SHARE_WITHOUT_PERMIT = 16;

    /** From a failure to the next attempt: another try would fail at once, without end. */
    public static final Duration ACCEPT_PAUSE = Duration.ofSeconds(1);

    /** Without a failure for so long, connections are accepted again. */
    private static final Duration RECOVERY = ACCEPT_PAUSE.multipliedBy(2);

    private final Refusals refusals;
    private final LimitProperties limits;
    private final long maxFiles;
    private volatile int most;
    private final List<IntSupplier> counts = new CopyOnWriteArrayList<>();
    private final MonotonicClock clock;

    // Guarded by this.
    private final Map<Transport, Long> acceptFailures = new EnumMap<>(Transport.class);
    private @Nullable Long failedAt;
    private @Nullable Long loggedAt;

    @Autowired
    Sockets(Refusals refusals, LimitProperties limits, MonotonicClock monotonicClock) {
        this(refusals, limits, monotonicClock, maxFiles(), openFiles());
    }

    /** All that the service opens for itself is open now. So may be sockets of peers: they reconnect after a restart. */
    @EventListener(ApplicationReadyEvent.class)
    void ready() {
        keep(Math.max(0, openFiles() - open()));
        if (mostConnections() < limits.connections()) {
            log.warn(
                    "At most {} connections are admitted instead of holdfast.limits.connections={}: the process may have {} "
                            + "file descriptors. Raise that limit, for example with 'ulimit -n {}'",
                    mostConnections(),
                    limits.connections(),
                    maxFiles,
                    limits.connections() + limits.connections() / 4);
        }
    }

    /**
     * @param maxFiles file descriptors that the process may have
     * @param openFiles file descriptors that it has at the start
     */
    Sockets(Refusals refusals, LimitProperties limits, MonotonicClock clock, long maxFiles, long openFiles) {
        this.clock = clock;
        this.refusals = refusals;
        this.limits = limits;
        this.maxFiles = maxFiles;
        keep(openFiles);
    }

    private void keep(long openFiles) {
        long reserve = Math.max(LEAST_RESERVE, maxFiles / SHARE_KEPT);
        most = Math.clamp(maxFiles - openFiles - reserve, 1, Integer.MAX_VALUE);
    }

    private static long maxFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Integer.MAX_VALUE;
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    /** Adds the open sockets of one acceptor, which is asked for their number. */
    public void addCount(IntSupplier open) {
        counts.add(open);
    }

    /** Whether one more may be open. If not, the caller closes it: it is counted as refused. */
    public boolean admit(Transport transport) {
        if (open() <= most) {
            return true;
        }
        refusals.refused(transport, Limit.DESCRIPTORS);
        return false;
    }

    /** An acceptor failed, as when the process has no file descriptors left. It tries again after {@link #ACCEPT_PAUSE}. */
    public synchronized void acceptFailed(Transport transport, Throwable cause) {
        acceptFailures.merge(transport, 1L, Long::sum);
        long now = clock.nanos();
        failedAt = now;
        if (isOver(ACCEPT_PAUSE, loggedAt, now)) {
            loggedAt = now;
            log.warn("Connections over {} cannot be accepted now: {}", transport.tag(), cause.toString());
        }
    }

    /** How often an acceptor of {@code transport} failed since the start. */
    public synchronized long acceptFailures(Transport transport) {
        return acceptFailures.getOrDefault(transport, 0L);
    }

    /** Whether connections can be accepted, as far as the last attempts tell. */
    public synchronized boolean isAccepting() {
        return isOver(RECOVERY, failedAt, clock.nanos());
    }

    private static boolean isOver(Duration time, @Nullable Long since, long now) {
        return since == null || now - since >= time.toNanos();
    }

    /** Sockets that are open now. */
    public int open() {
        int open = 0;
        for (IntSupplier count : counts) {
            open += count.getAsInt();
        }
        return open;
    }

    /** Sockets that may be open. */
    public int most() {
        return most;
    }

    /** Connections that may be admitted. */
    int mostConnections() {
        return most - most / SHARE_WITHOUT_PERMIT;
    }
}
