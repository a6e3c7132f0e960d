package io.holdfast.channel;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The threads that hand messages to subscribers. They are platform threads: a round to many subscribers computes for
 * milliseconds, which on virtual threads would delay every request of the service.
 */
@Component
final class FanOutExecutor implements DisposableBean {

    private static final int LEAST_THREADS = 2;

    private final ExecutorService threads;

    FanOutExecutor() {
        AtomicInteger number = new AtomicInteger();
        threads = Executors.newFixedThreadPool(
                Math.max(LEAST_THREADS, Runtime.getRuntime().availableProcessors() / 2),
                task -> Thread.ofPlatform()
                        .daemon()
                        .name("fan-out-" + number.incrementAndGet())
                        .unstarted(task));
    }

    Executor threads() {
        return threads;
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
