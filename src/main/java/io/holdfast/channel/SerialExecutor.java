// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in the order in which they came, on threads that it shares with others of its kind.
 */
final class SerialExecutor implements Executor {

    private static final Logger log = LoggerFactory.getLogger(SerialExecutor.class);

    /** After this many tasks the thread is left to others. */
    private static final int TURN = 64;

    private final Executor threads;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    SerialExecutor(Executor threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            threads.execute(this::turn);
        }
    }

    private void turn() {
        int ran = 0;
        Runnable task;
        while (ran < TURN && (task = tasks.poll()) != null) {
            ran++;
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                // The tasks behind it must run in any case.
                log.error("A task of a channel failed", e);
            }
        }
        if (waiting.addAndGet(-ran) > 0) {
            threads.execute(this::turn);
        }
    }
}
