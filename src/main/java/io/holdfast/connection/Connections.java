// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.access.Access;
import io.holdfast.access.Principal;
import io.holdfast.time.MonotonicClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.AbstractCollection;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Admits connections and lists the open ones. Permits are taken here before anything is spent on a connection, and
 * given back here, once. Safe from any thread.
 */
@Component
public final class Connections {

    /** Closed connections that are remembered. */
    public static final int REMEMBERED = 1000;

    private final Node node;
    private final LimitProperties limits;
    private final Sockets sockets;
    private final Traffic traffic;
    private final Refusals refusals;
    private final RateLimits rates;
    private final Access access;
    private final MonotonicClock clock;

    private final Map<Transport, Set<Connection>> open = new EnumMap<>(Transport.class);

    /** Newest first. Guarded by itself. */
    private final Deque<Connection> closed = new ArrayDeque<>();

    private final AtomicLong sequence = new AtomicLong();
    private final AtomicInteger permits = new AtomicInteger();
    private final Map<Transport, AtomicInteger> permitsByTransport = new EnumMap<>(Transport.class);
    private final Map<InetAddress, Integer> permitsByAddress = new ConcurrentHashMap<>();
    private volatile boolean draining;

    Connections(
            Node node,
            LimitProperties limits,
            Sockets sockets,
            Traffic traffic,
            Refusals refusals,
            RateLimits rates,
            Access access,
            MonotonicClock monotonicClock) {
        this.clock = monotonicClock;
        this.node = node;
        this.limits = limits;
        this.sockets = sockets;
        this.traffic = traffic;
        this.refusals = refusals;
        this.rates = rates;
        this.access = access;
        access.listen(this::closeOf);
        for (Transport transport : Transport.values()) {
            permitsByTransport.put(transport, new AtomicInteger());
            Set<Connection> ofTransport = ConcurrentHashMap.newKeySet();
            open.put(transport, ofTransport);
            traffic.of(transport).addOpen(() -> ofTransport);
        }
    }

    /**
     * Takes the permits for one more connection, or none of them. Every connection of every transport is admitted here.
     */
    public Admission admit(ConnectionRequest request) {
        Transport transport = request.transport();
        InetAddress address = address(request.remote());
        Limit reached = draining
                ? Limit.DRAINING
                : rates.connect(address) != null ? Limit.HANDSHAKES : take(transport, address);
        if (reached != null) {
            refusals.refused(transport, reached);
            return new Admission.Refused(reached, reached == Limit.CONNECTIONS ? most() : limits.of(reached));
        }
        return new Admission.Admitted(new Connection(this, sequence.incrementAndGet(), request));
    }

    /** How many may be open: as many as {@code holdfast.limits.connections}, or as the process may have file descriptors for. */
    public int most() {
        return Math.min(limits.connections(), sockets.mostConnections());
    }

    private static @Nullable InetAddress address(@Nullable InetSocketAddress remote) {
        return remote == null ? null : remote.getAddress();
    }

    private @Nullable Limit take(Transport transport, @Nullable InetAddress address) {
        if (!take(permits, most())) {
            return Limit.CONNECTIONS;
        }
        Limit ofTransport = Limit.of(transport);
        if (!take(permitsOf(transport), limits.of(ofTransport))) {
            permits.decrementAndGet();
            return ofTransport;
        }
        if (address != null && !takeOf(address)) {
            permitsOf(transport).decrementAndGet();
            permits.decrementAndGet();
            return Limit.PER_ADDRESS;
        }
        return null;
    }

    private static boolean take(AtomicInteger permits, int most) {
        if (permits.incrementAndGet() <= most) {
            return true;
        }
        permits.decrementAndGet();
        return false;
    }

    private boolean takeOf(InetAddress address) {
        boolean[] taken = {false};
        permitsByAddress.compute(address, (same, count) -> {
            int now = count == null ? 0 : count;
            taken[0] = now < limits.perAddress();
            return taken[0] ? (Integer) (now + 1) : count;
        });
        return taken[0];
    }

    private AtomicInteger permitsOf(Transport transport) {
        return Objects.requireNonNull(permitsByTransport.get(transport));
    }

    long nanos() {
        return clock.nanos();
    }

    String idOf(long number) {
        return node.idOf(number);
    }

    void opened(Connection connection) {
        traffic.of(connection.transport()).connectionOpened();
        setOf(connection.transport()).add(connection);
    }

    /** Called when the connection is listed. A drain or a revocation that comes later closes what is listed then. */
    void closeIfRefused(Connection connection) {
        if (draining) {
            connection.close(CloseReason.DRAINING);
        } else if (access.isRevoked(connection.principal())) {
            connection.close(CloseReason.REVOKED);
        }
    }

    private void closeOf(Predicate<Principal> affected) {
        open().forEach(connection -> {
            if (affected.test(connection.principal())) {
                connection.close(CloseReason.REVOKED);
            }
        });
    }

    void closed(Connection connection) {
        CloseReason reason = Objects.requireNonNull(connection.reason());
        traffic.of(connection.transport()).connectionClosed(connection, reason, () -> remove(connection));
        InetAddress address = address(connection.remote());
        if (address != null) {
            permitsByAddress.computeIfPresent(address, (same, count) -> count == 1 ? null : (Integer) (count - 1));
        }
        permitsOf(connection.transport()).decrementAndGet();
        permits.decrementAndGet();
    }

    /** @return false if it was never listed */
    private boolean remove(Connection connection) {
        if (!setOf(connection.transport()).remove(connection)) {
            return false;
        }
        synchronized (closed) {
            closed.addFirst(connection);
            if (closed.size() > REMEMBERED) {
                closed.removeLast();
            }
        }
        return true;
    }

    void waiting(Transport transport, long bytes) {
        traffic.of(transport).waiting(bytes);
    }

    void roundTrip(Transport transport, long nanos) {
        traffic.of(transport).roundTrip(nanos);
    }

    void startAdmitting() {
        draining = false;
    }

    /** Refuses every new connection from now on. */
    void startDraining() {
        draining = true;
    }

    private Set<Connection> setOf(Transport transport) {
        return Objects.requireNonNull(open.get(transport));
    }

    /** The open connections of one transport: a live view. */
    public Collection<Connection> open(Transport transport) {
        return Collections.unmodifiableSet(setOf(transport));
    }

    /** The open connections: a live view. */
    public Collection<Connection> open() {
        return new AbstractCollection<>() {
            @Override
            public Iterator<Connection> iterator() {
                return open.values().stream().flatMap(Set::stream).iterator();
            }

            // Of no known size: it changes while it is read.
            @Override
            public Spliterator<Connection> spliterator() {
                return Spliterators.spliteratorUnknownSize(iterator(), Spliterator.NONNULL | Spliterator.DISTINCT);
            }

            @Override
            public int size() {
                return open.values().stream().mapToInt(Set::size).sum();
            }
        };
    }

    /** Those that closed last, newest first: at most {@value #REMEMBERED}. */
    public List<Connection> closed() {
        synchronized (closed) {
            return List.copyOf(closed);
        }
    }

    /** The open connection with an id; null if this node has none. */
    public @Nullable Connection find(String id) {
        return find(id, open());
    }

    /** The connection with an id, open or closed a short time ago; null if this node has none. */
    public @Nullable Connection findAny(String id) {
        Connection connection = find(id);
        return connection == null ? find(id, closed()) : connection;
    }

    private @Nullable Connection find(String id, Collection<Connection> among) {
        Long number = node.numberOf(id);
        if (number != null) {
            for (Connection connection : among) {
                if (connection.number() == number) {
                    return connection;
                }
            }
        }
        return null;
    }

    /** Permits that are taken: as many as there are open connections, apart from those that are opening or closing. */
    public int permits() {
        return permits.get();
    }

    /** Permits taken by one address. */
    public int permitsOf(InetAddress address) {
        return permitsByAddress.getOrDefault(address, 0);
    }
}
