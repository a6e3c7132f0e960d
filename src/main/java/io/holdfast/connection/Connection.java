package io.holdfast.connection;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One admitted connection: its place in the registry, its permits and its figures, whatever its transport.
 *
 * <p>{@code admit → open → closed}. The transport owns it and reports what passes; figures may be read a moment late
 * by any thread. {@link #close} and {@link #closed} are safe from any thread.
 */
public final class Connection {

    private static final AtomicReferenceFieldUpdater<Connection, @Nullable CloseReason> REASON =
            AtomicReferenceFieldUpdater.newUpdater(Connection.class, CloseReason.class, "reason");

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
    private final long openedAt = System.nanoTime();

    private volatile @Nullable Link link;
    private volatile @Nullable CloseReason reason;
    private boolean ended;

    private long lastActive = openedAt;
    private long lastReceived = openedAt;
    private long bytesIn;
    private volatile long bytesOut;
    private long messagesIn;
    private volatile long messagesOut;
    private long roundTrip = -1;
    private int heartbeatsMissed;

    Connection(
            Connections registry,
            long number,
            Transport transport,
            String kind,
            @Nullable InetSocketAddress remote,
            @Nullable String label) {
        this.registry = registry;
        this.number = number;
        this.transport = transport;
        this.kind = kind;
        this.remote = remote;
        this.label = label;
    }

    /**
     * The transport stands: from now on the connection is listed and can be closed.
     *
     * @return false if it has ended before it stood; {@code side} was aborted then
     */
    public boolean opened(Link side) {
        boolean stands;
        synchronized (this) {
            stands = !ended;
            if (stands) {
                link = side;
                registry.opened(this);
            }
        }
        if (stands) {
            registry.closeIfDraining(this);
        } else {
            side.abort();
        }
        return stands;
    }

    /** Has the transport end it. The first reason given is the one that counts. */
    public void close(CloseReason because) {
        Link side = link;
        if (REASON.compareAndSet(this, null, because) && side != null) {
            if (because == CloseReason.NO_PONG) {
                side.abort();
            } else {
                side.close(because);
            }
        }
    }

    /** Has the transport end it at once, whatever goodbye is under way. */
    public void abort(CloseReason because) {
        ending(because);
        Link side = link;
        if (side != null) {
            side.abort();
        }
    }

    /** Remembers why it is about to end, when the transport itself ends it. */
    public void ending(CloseReason because) {
        REASON.compareAndSet(this, null, because);
    }

    /**
     * It has ended: everything taken for it is given back, once however often this is called.
     *
     * @param unlessKnown the reason if none was given before
     * @return whether it was this call that ended it
     */
    public boolean closed(CloseReason unlessKnown) {
        ending(unlessKnown);
        synchronized (this) {
            if (ended) {
                return false;
            }
            ended = true;
        }
        registry.closed(this);
        return true;
    }

    /** Counts payload. Reading is one thread's at a time. */
    public void received(int bytes) {
        bytesIn += bytes;
    }

    public void messageReceived() {
        messagesIn++;
    }

    /** Counts payload; safe from any thread. */
    public void sent(int bytes) {
        BYTES_OUT.getAndAdd(this, bytes);
    }

    public void messageSent() {
        messagesSent(1);
    }

    public void messagesSent(int messages) {
        MESSAGES_OUT.getAndAdd(this, messages);
    }

    /** Something came from the peer: to be told once a read. */
    public void alive() {
        lastReceived = System.nanoTime();
        lastActive = lastReceived;
    }

    /** Something leaves for the peer: to be told once a write. */
    public void wrote() {
        lastActive = System.nanoTime();
    }

    /** A heartbeat came back after {@code nanos}. */
    public void roundTrip(long nanos) {
        roundTrip = nanos;
        heartbeatsMissed = 0;
        registry.roundTrip(transport, nanos);
    }

    void heartbeatMissed() {
        heartbeatsMissed++;
    }

    /** Made anew each time: it is asked for seldom, and what is kept is kept for every connection. */
    public String id() {
        return registry.idOf(number);
    }

    public long number() {
        return number;
    }

    public Transport transport() {
        return transport;
    }

    /** What it is for, as {@code echo} or {@code stream}. */
    public String kind() {
        return kind;
    }

    public @Nullable InetSocketAddress remote() {
        return remote;
    }

    /** What the client called itself, to find itself again in a list. */
    public @Nullable String label() {
        return label;
    }

    public @Nullable CloseReason reason() {
        return reason;
    }

    public long ageNanos() {
        return System.nanoTime() - openedAt;
    }

    public long idleNanos() {
        return System.nanoTime() - lastActive;
    }

    /** {@link System#nanoTime} of the last byte from the peer. */
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
        Link side = link;
        return side == null ? 0 : side.queuedBytes();
    }

    /** Nanoseconds of the last heartbeat's round trip; -1 while unknown. */
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
