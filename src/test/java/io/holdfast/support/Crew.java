// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Clients that are busy at the same time, and the first failure of any. */
public final class Crew implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> tasks = new ArrayList<>();

    /** Sets one to work. */
    public <T> Future<T> start(Callable<T> task) {
        Future<T> started = threads.submit(task);
        tasks.add(started);
        return started;
    }

    /** Waits until all are done. */
    public void join() throws InterruptedException, ExecutionException, TimeoutException {
        for (Future<?> task : tasks) {
            task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
