// SPDX-License-Identifier: Apache-2.0
package io.holdfast.channel;

import io.holdfast.time.WatchedThreads;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The threads that hand messages to subscribers. They are platform threads: a round to many subscribers computes for
 * milliseconds, which on virtual threads would delay every request of the service.
 */
@Component
final class FanOutExecutor implements DisposableBean, WatchedThreads {

    private static final int LEAST_THREADS = 2;

    private final ExecutorService threads;

    FanOutExecutor() {
        AtomicInteger number = new AtomicInteger();
        int size = Math.max(LEAST_THREADS, Runtime.getRuntime().availableProcessors() / 2);
        threads = new ThreadPoolExecutor(
                size,
                size,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> Thread.ofPlatform()
                        .daemon()
                        .name("fan-out-" + number.incrementAndGet())
                        .unstarted(task),
                // A timer that fires after the end has nobody left to serve.
                new ThreadPoolExecutor.DiscardPolicy());
    }

    Executor threads() {
        return threads;
    }

    @Override
    public Map<String, Executor> watched() {
        return Map.of("fan-out", threads);
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
