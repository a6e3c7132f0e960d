// SPDX-License-Identifier: Apache-2.0
package io.holdfast.delivery;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.time.Cancellable;
import io.holdfast.time.Timers;
import org.jspecify.annotations.Nullable;

/**
 * Pings one peer at an interval, and after each ping checks whether anything came since. Any byte counts. A peer from
 * which nothing came is closed as {@link CloseReason#NO_PONG}, unless its silence proves nothing: while we do not read
 * from it, and while the socket still takes bytes that were queued before the ping. If peers need not answer, the kernel
 * is asked whether the peer's machine acknowledges.
 *
 * <p>Has a timer from {@link #start} until {@link #cancel}. Safe from any thread.
 */
public final class Heartbeat implements Cancellable, Runnable {

    private static final long NOTHING = 0;

    private final Timers timers;
    private final HeartbeatProperties times;
    private final Connection connection;
    private final PingTransport transport;

    // Guarded by this.
    private @Nullable Cancellable next;
    private boolean cancelled;
    private boolean waitingForPong;
    private boolean roundTripKnown;
    private boolean answersPings;
    private long sentAt;
    private long unwrittenBefore;

    Heartbeat(Timers timers, HeartbeatProperties times, Connection connection, PingTransport transport) {
        this.timers = timers;
        this.times = times;
        this.connection = connection;
        this.transport = transport;
        this.answersPings = transport.mustAnswerPings();
    }

    synchronized Heartbeat start() {
        next = timers.roughlyAfter(Timers.secondHalf(times.interval()).toNanos(), this);
        return this;
    }

    /** The wheel's timer fired. */
    @Override
    public void run() {
        boolean check;
        synchronized (this) {
            check = waitingForPong;
        }
        if (check) {
            check();
        } else {
            ping();
        }
    }

    private void ping() {
        long now = timers.nanos();
        synchronized (this) {
            if (cancelled) {
                return;
            }
            sentAt = now;
            roundTripKnown = false;
            waitingForPong = true;
            unwrittenBefore = NOTHING;
            next = timers.roughlyAfter(times.pongTimeout().toNanos(), this);
        }
        transport.ping(now);
    }

    private void check() {
        // In this order: whoever starts to read again tells the connection that the peer is alive first.
        boolean reading = transport.isReading();
        long unwritten = transport.unwrittenBytes();
        boolean vanished = !transport.mustAnswerPings() && transport.hasVanished(times.pongTimeout());
        synchronized (this) {
            if (cancelled) {
                return;
            }
            boolean heard = connection.lastReceived() - sentAt >= 0;
            boolean expected = reading && answersPings;
            boolean couldNotAnswer = unwritten == 0 && (!expected || unwrittenBefore > 0);
            if (heard || (couldNotAnswer && !vanished)) {
                waitingForPong = false;
                next = timers.roughlyAfter(
                        times.interval().minus(times.pongTimeout()).toNanos(), this);
                return;
            }
            if (unwritten > 0 && unwritten != unwrittenBefore) {
                unwrittenBefore = unwritten;
                next = timers.roughlyAfter(times.pongTimeout().toNanos(), this);
                return;
            }
        }
        connection.heartbeatMissed();
        connection.close(CloseReason.NO_PONG);
    }

    /**
     * The peer answered a ping.
     *
     * @param sentAt as {@link PingTransport#ping} was given it. An unsolicited pong carries another number and is ignored.
     */
    public void pong(long sentAt) {
        synchronized (this) {
            if (this.sentAt == 0 || sentAt != this.sentAt) {
                return;
            }
        }
        pong();
    }

    /** The peer answered a ping, in a format whose pongs carry nothing back. */
    public void pong() {
        long sent;
        synchronized (this) {
            answersPings = true;
            if (sentAt == 0 || roundTripKnown) {
                return;
            }
            roundTripKnown = true;
            sent = sentAt;
        }
        connection.roundTrip(timers.nanos() - sent);
    }

    @Override
    public synchronized void cancel() {
        cancelled = true;
        if (next != null) {
            next.cancel();
            next = null;
        }
    }
}
