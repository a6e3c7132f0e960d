// SPDX-License-Identifier: Apache-2.0
package io.holdfast.session;

import io.holdfast.connection.CloseReason;
import io.holdfast.time.Cancellable;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells a session that its client's token ends soon, and closes its connection at the end. Safe from any thread. */
final class TokenExpiry implements Runnable {

    private final ChannelSessions shared;
    private final ChannelSession session;

    private final Instant end;

    // Guarded by this.
    private boolean warned;
    private boolean cancelled;
    private @Nullable Cancellable timer;

    private TokenExpiry(ChannelSessions shared, ChannelSession session, Instant end) {
        this.shared = shared;
        this.session = session;
        this.end = end;
    }

    /** Null if the session's principal never ends. */
    static @Nullable TokenExpiry of(ChannelSessions shared, ChannelSession session) {
        Instant end = shared.access().end(session.delivery().connection().principal());
        if (end == null) {
            return null;
        }
        TokenExpiry expiry = new TokenExpiry(shared, session, end);
        expiry.start(expiry.left().minus(shared.access().warning()));
        return expiry;
    }

    private Duration left() {
        return Duration.between(shared.clock().instant(), end);
    }

    private synchronized void start(Duration delay) {
        if (!cancelled) {
            timer = shared.timers().after(delay.isNegative() ? Duration.ZERO : delay, this);
        }
    }

    @Override
    public void run() {
        Duration left = left();
        if (!left.isPositive()) {
            if (!isCancelled()) {
                session.delivery().connection().close(CloseReason.EXPIRED);
            }
            return;
        }
        warn();
        start(left);
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    /** The client has been told which connection this is: a warning that was due before comes now. */
    void welcomed() {
        if (left().compareTo(shared.access().warning()) <= 0) {
            warn();
        }
    }

    private void warn() {
        synchronized (this) {
            if (cancelled || warned || !session.isWelcomed()) {
                return;
            }
            warned = true;
        }
        session.expiring(end);
    }

    synchronized void cancel() {
        cancelled = true;
        if (timer != null) {
            timer.cancel();
        }
    }
}
