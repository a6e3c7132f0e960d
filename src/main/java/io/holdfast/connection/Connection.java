// SPDX-License-Identifier: Apache-2.0
package io.holdfast.connection;

import io.holdfast.access.Principal;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One admitted connection: its place in the registry, its permits, its state and its figures, whatever its transport.
 *
 * <pre>
 *              open()             close(reason), closing(reason)
 *  OPENING ─────────────► OPEN ──────────────────────────────────► CLOSING
 *     │ │                  │                                          │
 *     │ └──────────────────│──── close(reason), closing(reason) ────► │
 *     │ closed(reason)     │ closed(reason)                           │ closed(reason)
 *     ▼                    ▼                                          ▼
 *   CLOSED ◄───────────────┴──────────────────────────────────────────┘
 * </pre>
 *
 * <ul>
 *   <li>OPENING: it has its permits. It is not listed, and its peer may be gone already.
 *   <li>OPEN: it is listed, and what its peer sends is handled.
 *   <li>CLOSING: it has its reason, the first one given. The peer is told, and has some time to end its side.
 *   <li>CLOSED: it is off the list, and its permits are given back. The service remembers some that ended last.
 * </ul>
 *
 * <p>The transport owns it and reports what passes. Other threads may read figures a moment late. State changes are safe
 * from any thread.
 */
public final class Connection {

    /** The states of a connection's life. */
    public enum State {
        OPENING,
        OPEN,
        CLOSING,
        CLOSED;

        /** As lists show it. */
        public String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final AtomicLongFieldUpdater<Connection> BYTES_OUT =
            AtomicLongFieldUpdater.newUpdater(Connection.class, "bytesOut");
    private static final AtomicLongFieldUpdater<Connection> MESSAGES_OUT =
            AtomicLongFieldUpdater.newUpdater(Connection.class, "messagesOut");

    private final Connections registry;
    private final long number;
    private final Transport transport;
    private final String kind;
    private final @Nullable InetSocketAddress remote;
    private final @Nullable String label;
    private final Carrier carrier;
    private final long openedAt;
    private volatile Principal principal;

    // Written under this lock.
    private volatile State state = State.OPENING;
    private volatile @Nullable CloseReason reason;
    private volatile @Nullable TransportHandle handle;

    private long lastActive;
    private long lastReceived;
    private long bytesIn;
    private volatile long bytesOut;
    private long messagesIn;
    private volatile long messagesOut;
    private long roundTrip = -1;
    private int heartbeatsMissed;

    /** Valid when {@link State#CLOSED}. */
    private long closedAt;

    Connection(Connections registry, long number, ConnectionRequest request) {
        this.registry = registry;
        this.number = number;
        this.transport = request.transport();
        this.kind = request.kind();
        this.remote = request.remote();
        this.label = request.label();
        this.carrier = request.carrier();
        this.principal = request.principal();
        this.openedAt = registry.nanos();
        this.lastActive = openedAt;
        this.lastReceived = openedAt;
    }

    /**
     * The transport is ready: from now on the connection is listed and can be closed.
     *
     * @return false if it was closed before; {@code opening} is aborted then
     */
    public boolean open(TransportHandle opening) {
        boolean opened;
        synchronized (this) {
            opened = state == State.OPENING;
            if (opened) {
                handle = opening;
                state = State.OPEN;
                registry.opened(this);
            }
        }
        if (opened) {
            registry.closeIfRefused(this);
        } else {
            opening.abort();
        }
        return opened;
    }

    /**
     * Has the transport end it, unless it is ending already. The first reason given is the one that counts. A connection
     * that a fault ends, as a stalled one, may stay for long: an operator ends it at once.
     */
    public void close(CloseReason because) {
        if (!closing(because)) {
            if (because == CloseReason.KICKED && reason == CloseReason.FAULT) {
                abort(because);
            }
            return;
        }
        TransportHandle open = handle;
        if (open == null) {
            return;
        }
        if (because == CloseReason.NO_PONG) {
            open.abort();
        } else {
            open.close(because);
        }
    }

    /** Has the transport end it at once, even if it is closing. */
    public void abort(CloseReason because) {
        closing(because);
        TransportHandle open = handle;
        if (open != null) {
            open.abort();
        }
    }

    /**
     * The transport itself begins to end it.
     *
     * @return whether this call began it, and its reason counts
     */
    public synchronized boolean closing(CloseReason because) {
        if (state != State.OPENING && state != State.OPEN) {
            return false;
        }
        state = State.CLOSING;
        reason = because;
        return true;
    }

    /**
     * It has ended. Everything that was taken for it is given back, once, however often this is called.
     *
     * @param unlessKnown the reason, if none was given before
     * @return whether this call ended it
     */
    public boolean closed(CloseReason unlessKnown) {
        synchronized (this) {
            if (state == State.CLOSED) {
                return false;
            }
            closing(unlessKnown);
            closedAt = registry.nanos();
            state = State.CLOSED;
            // It may be remembered for long; its buffers are not.
            handle = null;
        }
        registry.closed(this);
        return true;
    }

    public State state() {
        return state;
    }

    /** Whether what the peer sends is handled. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    public boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Counts payload bytes. Called by one thread at a time. */
    public void received(int bytes) {
        bytesIn += bytes;
    }

    public void messageReceived() {
        messagesIn++;
    }

    /** Counts payload bytes. Safe from any thread. */
    public void sent(int bytes) {
        BYTES_OUT.getAndAdd(this, bytes);
    }

    public void messageSent() {
        messagesSent(1);
    }

    public void messagesSent(int messages) {
        MESSAGES_OUT.getAndAdd(this, messages);
    }

    /** Bytes came from the peer. Called once a read. */
    public void alive() {
        lastReceived = registry.nanos();
        lastActive = lastReceived;
    }

    /** Bytes leave for the peer. Called once a write. */
    public void wrote() {
        lastActive = registry.nanos();
    }

    /** {@code bytes} more wait for the peer to read, or fewer if negative. Safe from any thread. */
    public void waiting(long bytes) {
        registry.waiting(transport, bytes);
    }

    /** A heartbeat was answered after {@code nanos} nanoseconds. */
    public void roundTrip(long nanos) {
        roundTrip = nanos;
        heartbeatsMissed = 0;
        registry.roundTrip(transport, nanos);
    }

    /** A heartbeat was not answered in time. */
    public void heartbeatMissed() {
        heartbeatsMissed++;
    }

    /** Computed at each call: it is rarely needed, and a field would cost memory for every connection. */
    public String id() {
        return registry.idOf(number);
    }

    public long number() {
        return number;
    }

    public Transport transport() {
        return transport;
    }

    /** What the connection is for, as {@code echo} or {@code stream}. */
    public String kind() {
        return kind;
    }

    public @Nullable InetSocketAddress remote() {
        return remote;
    }

    public Carrier carrier() {
        return carrier;
    }

    /** The name that the client gave its connection, to find it in a list. */
    public @Nullable String label() {
        return label;
    }

    /** Who the client is now. */
    public Principal principal() {
        return principal;
    }

    /** Has the client be {@code next} from now on, which is the same one with other permissions or another end. */
    public void become(Principal next) {
        principal = next;
        TransportHandle open = handle;
        if (open != null) {
            open.principalChanged();
        }
        registry.closeIfRefused(this);
    }

    public @Nullable CloseReason reason() {
        return reason;
    }

    /** Since it was opened, up to its end. */
    public long ageNanos() {
        return nowOrEnd() - openedAt;
    }

    /** Since the last byte in either direction, up to its end. */
    public long idleNanos() {
        return nowOrEnd() - lastActive;
    }

    /** Since its end; 0 before it. */
    public long closedNanos() {
        return registry.nanos() - nowOrEnd();
    }

    private long nowOrEnd() {
        return state == State.CLOSED ? closedAt : registry.nanos();
    }

    /** The monotonic clock's nanoseconds when the last byte came from the peer. */
    public long lastReceived() {
        return lastReceived;
    }

    public long bytesIn() {
        return bytesIn;
    }

    public long bytesOut() {
        return bytesOut;
    }

    public long messagesIn() {
        return messagesIn;
    }

    public long messagesOut() {
        return messagesOut;
    }

    public long queuedBytes() {
        TransportHandle open = handle;
        return open == null ? 0 : open.queuedBytes();
    }

    /** Round-trip time of the last answered heartbeat, nanoseconds; -1 if there is none yet. */
    public long roundTripNanos() {
        return roundTrip;
    }

    public int heartbeatsMissed() {
        return heartbeatsMissed;
    }

    @Override
    public String toString() {
        return id();
    }
}
