// SPDX-License-Identifier: Apache-2.0
package io.holdfast.net;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The number of sockets that the listeners have accepted and that are not closed yet. Safe from any thread. */
public final class OpenSockets {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private int count;

    void opened() {
        add(1);
    }

    void closed() {
        add(-1);
    }

    private void add(int change) {
        lock.lock();
        try {
            count += change;
            if (count == 0) {
                none.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    public int count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until none is open.
     *
     * @return false if some were still open after {@code limit}, or the thread was interrupted
     */
    public boolean awaitNone(Duration limit) {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (count > 0 && left > 0) {
                left = none.awaitNanos(left);
            }
            return count == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
