// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.CloseReason;
import io.holdfast.delivery.Delivery;
import io.holdfast.time.Cancellable;
import io.holdfast.time.Timers;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Sends ticks: the next one when it is due and the one before has left. Safe from any thread. */
final class TickStream implements StreamBody.Listener {

    private final Ticks ticks;
    private final Timers timers;
    private final Executor executor;

    // Guarded by this.
    private @Nullable Delivery delivery;
    private @Nullable Cancellable timer;

    /** @param executor runs the batches of a stream that is as fast as its client reads */
    TickStream(Ticks ticks, Timers timers, Executor executor) {
        this.ticks = ticks;
        this.timers = timers;
        this.executor = executor;
    }

    @Override
    public void opened(Delivery opened) {
        synchronized (this) {
            delivery = opened;
        }
        drained();
    }

    @Override
    public void drained() {
        if (ticks.isUnpaced()) {
            // A fast client must not keep the thread from other connections: each batch queues for a thread.
            executor.execute(this::next);
        } else {
            next();
        }
    }

    private synchronized void next() {
        stopTimer();
        if (delivery == null || !delivery.isOpen() || !delivery.isCaughtUp()) {
            return;
        }
        switch (ticks.next(timers.nanos())) {
            case Ticks.Step.Send(String text, int count) -> {
                delivery.send(text, count);
                delivery.flush();
            }
            // A wheel's tick would be too coarse: the interval may be 1 ms.
            case Ticks.Step.Wait(long nanos) -> timer = timers.preciselyAfter(nanos, this::next);
            case Ticks.Step.End ignored -> delivery.connection().close(CloseReason.COMPLETED);
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    @Override
    public synchronized void closed() {
        stopTimer();
        delivery = null;
    }
}
