// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.TransportHandle;
import io.holdfast.memory.SharedBytes;
import io.holdfast.time.Cancellable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends for one connection, whatever its transport: batching, overflow, back pressure, heartbeats and closing.
 *
 * <ul>
 *   <li><b>Batching.</b> What is sent between {@link #beginRead} and {@link #endRead}, by the thread that reads, leaves in
 *       one write.
 *   <li><b>Overflow.</b> If more waits than the outbox holds, the connection is closed as a slow consumer. Answers cannot
 *       overflow it: nothing is read while they wait.
 *   <li><b>Back pressure.</b> While more than {@link #HIGH_WATER} bytes wait to be sent, nothing is read from the peer.
 *   <li><b>Closing.</b> The goodbye is the last thing that is sent. When it has left, the transport ends its output. The
 *       socket is closed when the peer has ended its side, too, or after {@code holdfast.limits.closing}.
 * </ul>
 *
 * <p>The connection's life is the state machine of {@link Connection}. The transport owns the delivery. Reading is one
 * thread's at a time; everything else is safe from any thread.
 */
public final class Delivery implements TransportHandle, Outbound.Listener, PingTransport {

    static final int HIGH_WATER = 64 * 1024;

    /** From the heartbeat that makes a vanished peer's machine answer with a reset, to the one that finds the reset. */
    private static final Duration FIRST_PROBE = Duration.ofMillis(500);

    /** Between later ones: a peer that has ended its side may vanish at any time. */
    private static final Duration PROBES = Duration.ofSeconds(10);

    // Why nothing is read: bits, as more than one can be true.
    private static final int PAUSED = 1;
    private static final int CONGESTED = 2;

    private final Deliveries shared;
    private final Connection connection;
    private final Wire wire;
    private final Framing framing;
    private final HeartbeatSpec heartbeat;
    private final DeliveryListener listener;
    private final Outbound outbound;

    private volatile @Nullable Cancellable keepAlive;
    private volatile @Nullable Thread reader;
    private volatile boolean inputEnded;
    private volatile @Nullable ProgressDeadline inputDeadline;

    // Guarded by this.
    private boolean started;
    private boolean finishing;
    private int readingHeld;
    private @Nullable Cancellable timer;

    Delivery(
            Deliveries shared,
            Connection connection,
            Wire wire,
            Framing framing,
            HeartbeatSpec heartbeat,
            OutboundDecorator decorator,
            DeliveryListener listener) {
        this.shared = shared;
        this.connection = connection;
        this.wire = wire;
        this.framing = framing;
        this.heartbeat = heartbeat;
        this.listener = listener;
        this.outbound = decorator.decorate(this, hears -> shared.outbox(wire, hears));
    }

    public Connection connection() {
        return connection;
    }

    public Framing framing() {
        return framing;
    }

    /** The time from one heartbeat to the next; null for none. */
    public @Nullable Duration heartbeatInterval() {
        return heartbeat.interval();
    }

    /**
     * Opens the connection and starts what belongs to it. If it closes meanwhile, all that was started is stopped.
     *
     * @return false if it had ended before; the wire was closed then
     */
    public boolean open() {
        if (!connection.open(this)) {
            return false;
        }
        keepAlive = shared.keepAlives().start(connection, heartbeat, framing.pongs(), this);
        outbound.start();
        listener.opened(this);
        boolean closedMeanwhile;
        synchronized (this) {
            started = true;
            closedMeanwhile = connection.isClosed();
        }
        if (closedMeanwhile) {
            release();
        }
        return true;
    }

    @Override
    public void principalChanged() {
        listener.principalChanged();
    }

    /**
     * The socket is closed: all that was started for the connection is stopped. May come more than once.
     *
     * @param unlessKnown the reason, if none was given before
     */
    public void closed(CloseReason unlessKnown) {
        boolean last;
        synchronized (this) {
            // While it opens, the thread that opens it releases what it starts.
            last = connection.closed(unlessKnown) && started;
        }
        if (last) {
            release();
        }
    }

    private void release() {
        stopKeepAlive();
        inputIs(false, () -> 0);
        setTimer(null);
        outbound.close();
        listener.closed();
    }

    private void stopKeepAlive() {
        Cancellable started = keepAlive;
        if (started != null) {
            started.cancel();
        }
    }

    private synchronized void setTimer(@Nullable Cancellable next) {
        if (timer != null) {
            timer.cancel();
        }
        timer = next;
        if (next != null && connection.isClosed()) {
            next.cancel();
            timer = null;
        }
    }

    // Sending

    /**
     * Adds one event, as one message. It leaves with {@link #flush}.
     *
     * @param counted messages that the connection's figures count for it
     * @return false if nothing can be sent any more
     */
    public boolean send(String event, int counted) {
        ByteBuffer payload = framing.payload(event);
        count(payload.remaining(), counted);
        return outbound.append(framing.frame(payload));
    }

    /** Adds text that ends no message, and counts its bytes. */
    public void sendPart(String text) {
        ByteBuffer payload = framing.payload(text);
        count(payload.remaining(), 0);
        outbound.appendPart(framing.frame(payload));
    }

    /** Adds bytes as one message, framed already, shared with other connections. */
    public boolean offer(SharedBytes framed, int payloadBytes) {
        count(payloadBytes, 1);
        return outbound.offer(framed);
    }

    /** Adds bytes as one message, framed and counted by the caller already. */
    public boolean append(ByteBuffer... framed) {
        return outbound.append(framed);
    }

    /** As {@link #append}, for bytes that end no message. */
    public boolean appendPart(ByteBuffer... framed) {
        return outbound.appendPart(framed);
    }

    private void count(int bytes, int messages) {
        connection.sent(bytes);
        connection.messagesSent(messages);
    }

    /**
     * Sends what was added. If the thread that reads calls it, that happens at the end of the read, in one write with all other
     * answers. Any other thread sends at once.
     */
    public void flush() {
        if (Thread.currentThread() != reader) {
            outbound.flush();
            holdIfCongested();
            if (outbound.isFull()) {
                connection.close(CloseReason.SLOW_CONSUMER);
            }
            shared.relieveMemory();
        } else if (outbound.pendingBytes() > HIGH_WATER) {
            outbound.flush();
        }
    }

    /** Whether there is room for more than what answers need: less than half of the outbox is used. */
    public boolean hasRoom() {
        return outbound.hasRoom();
    }

    /** Whether all that was sent has been handed to the socket. */
    public boolean isCaughtUp() {
        return outbound.isCaughtUp();
    }

    @Override
    public long queuedBytes() {
        return outbound.pendingBytes();
    }

    @Override
    public void writing() {
        connection.wrote();
    }

    @Override
    public void waiting(long bytes) {
        connection.waiting(bytes);
    }

    @Override
    public void drained() {
        if (outbound.isFinished()) {
            lastByteSent();
            return;
        }
        if (outbound.pendingBytes() <= HIGH_WATER) {
            relieve();
        }
        listener.drained();
    }

    @Override
    public void failed(Throwable cause) {
        wire.close();
    }

    // Reading

    /** The calling thread hands on what it read, and will call {@link #endRead}. */
    public void beginRead() {
        reader = Thread.currentThread();
    }

    /** All that was read has been handed on: the answers leave together. */
    public void endRead() {
        reader = null;
        outbound.flush();
        holdIfCongested();
        shared.relieveMemory();
    }

    /** Whether what the peer sends is still to be handled: nobody has said goodbye. */
    public boolean isOpen() {
        return connection.isOpen();
    }

    /** Reads nothing more from the peer until {@link #resumeReading}. What was read before is still handled. */
    public void pauseReading() {
        hold(PAUSED);
    }

    public void resumeReading() {
        if (!isReading()) {
            // The peer's silence until now was ours.
            connection.alive();
        }
        unhold(PAUSED);
    }

    /** Reads once although reading is paused. Only a read shows that the peer has ended its side. */
    public void readOnce() {
        wire.readOnce();
    }

    @Override
    public synchronized boolean isReading() {
        return readingHeld == 0;
    }

    /** Whether the peer keeps up: false while more than {@link #HIGH_WATER} bytes wait to be sent. */
    public synchronized boolean isWritable() {
        return (readingHeld & CONGESTED) == 0;
    }

    private void holdIfCongested() {
        if (outbound.pendingBytes() > HIGH_WATER) {
            hold(CONGESTED);
            if (outbound.pendingBytes() == 0) {
                // It drained before it was held, and will not do so again.
                relieve();
            }
        }
    }

    private void relieve() {
        if (!isWritable()) {
            // A peer that reads what it is sent is alive.
            connection.alive();
            unhold(CONGESTED);
        }
    }

    // The wire is told under the lock, so that it is told in order.

    private synchronized void hold(int why) {
        if (finishing) {
            return;
        }
        if (readingHeld == 0) {
            wire.pauseReading();
        }
        readingHeld |= why;
    }

    private synchronized void unhold(int why) {
        if (readingHeld != 0) {
            readingHeld &= ~why;
            if (readingHeld == 0) {
                wire.resumeReading();
            }
        }
    }

    /** Only a read shows that the peer has ended its side, too: nothing may pause reading any more. */
    private synchronized void readToEnd() {
        finishing = true;
        unhold(PAUSED | CONGESTED);
    }

    /**
     * Says, after each read, whether a message has begun and is not complete. It must go on arriving, or the connection is
     * closed.
     *
     * @param received bytes that have arrived so far
     */
    public void inputIs(boolean incomplete, LongSupplier received) {
        ProgressDeadline started = inputDeadline;
        if (!incomplete) {
            if (started != null) {
                started.cancel();
                inputDeadline = null;
            }
        } else if (started == null) {
            ProgressDeadline begun =
                    shared.progressDeadline(received, () -> !isReading(), () -> connection.close(CloseReason.TIMEOUT));
            inputDeadline = begun;
            if (connection.isClosed()) {
                begun.cancel();
            }
        }
    }

    /** The peer sends nothing more. It may still read. */
    public void inputEnded() {
        inputEnded = true;
        if (isOpen()) {
            listener.inputEnded(this);
        } else if (outbound.isFinished()) {
            wire.close();
        }
    }

    public boolean isInputEnded() {
        return inputEnded;
    }

    // Heartbeats

    @Override
    public void ping(long sentAt) {
        if (!closeIfIdle()) {
            outbound.appendPart(framing.heartbeat(HeartbeatSpec.Kind.PING, sentAt));
            flush();
        }
    }

    /** The peer answered a ping that carried {@code sentAt}. */
    public void pong(long sentAt) {
        if (keepAlive instanceof Heartbeat pings) {
            pings.pong(sentAt);
        }
    }

    /** The peer answered a ping, in a format whose pongs carry nothing back. */
    public void pong() {
        if (framing.pongs() == Framing.Pongs.OPTIONAL && keepAlive instanceof Heartbeat pings) {
            pings.pong();
        }
    }

    @Override
    public long unwrittenBytes() {
        return wire.unwrittenBytes();
    }

    @Override
    public boolean hasVanished(Duration limit) {
        return wire.hasVanished(limit);
    }

    @Override
    public boolean mustAnswerPings() {
        return framing.pongs() == Framing.Pongs.REQUIRED;
    }

    void heartbeat() {
        if (!closeIfIdle() && outbound.isCaughtUp()) {
            sendHeartbeat();
        }
    }

    private void sendHeartbeat() {
        outbound.appendPart(framing.heartbeat(heartbeat.kind(), shared.timers().nanos()));
        flush();
    }

    boolean closeIfIdle() {
        if (!listener.isIdle() || !shared.keepAlives().isIdle(connection)) {
            return false;
        }
        connection.close(CloseReason.IDLE);
        return true;
    }

    /**
     * Finds out whether a peer that ended its side still reads: a machine whose program is gone answers the first
     * heartbeat with a reset.
     */
    public void probe() {
        // Also if something is on its way: a write that the peer has read already may not be known to be done.
        sendHeartbeat();
        probe(FIRST_PROBE, PROBES);
    }

    /** Sends a heartbeat after {@code first} and then every {@code next}, until the connection closes. */
    public synchronized void probe(Duration first, Duration next) {
        if (isOpen()) {
            setTimer(shared.timers().after(first, () -> {
                if (isOpen()) {
                    heartbeat();
                    probe(next, next);
                }
            }));
        }
    }

    // Closing

    @Override
    public void close(CloseReason reason) {
        finish(Goodbye.of(reason));
    }

    /** Closes with a goodbye of the caller's own, unless the connection closes already. */
    public void close(Goodbye goodbye) {
        if (connection.closing(goodbye.reason())) {
            finish(goodbye);
        }
    }

    private void finish(Goodbye goodbye) {
        if (goodbye.reason() == CloseReason.SLOW_CONSUMER) {
            // The peer did not read it in time. The goodbye may still get through.
            outbound.discardQueued();
        }
        outbound.appendLast(framing.goodbye(goodbye));
        setTimer(shared.timers().after(shared.closing().plus(outbound.delay()), wire::close));
        boolean nothingToSend = outbound.isFinished();
        if (Thread.currentThread() != reader) {
            outbound.flush();
        }
        readToEnd();
        if (nothingToSend) {
            lastByteSent();
        }
    }

    private void lastByteSent() {
        if (inputEnded) {
            wire.close();
        } else {
            wire.endOutput();
        }
    }

    @Override
    public void abort() {
        wire.close();
    }

    // What a fault does

    /** Nothing more is sent or handed on, and no heartbeat. The socket stays as it is. */
    public void stopTraffic() {
        connection.closing(CloseReason.FAULT);
        stopKeepAlive();
    }

    public Wire wire() {
        return wire;
    }
}
