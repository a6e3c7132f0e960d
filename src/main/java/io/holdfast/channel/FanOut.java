package io.holdfast.channel;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The threads that hand messages to subscribers. They are the platform's: a round to many subscribers computes for
 * milliseconds, which on virtual threads would hold up every request of the service.
 */
@Component
final class FanOut implements DisposableBean {

    private static final int LEAST_THREADS = 2;

    private final ScheduledThreadPoolExecutor threads;

    FanOut() {
        AtomicInteger number = new AtomicInteger();
        threads = new ScheduledThreadPoolExecutor(
                Math.max(LEAST_THREADS, Runtime.getRuntime().availableProcessors() / 2),
                task -> Thread.ofPlatform()
                        .daemon()
                        .name("fan-out-" + number.incrementAndGet())
                        .unstarted(task));
        threads.setRemoveOnCancelPolicy(true);
    }

    ScheduledExecutorService threads() {
        return threads;
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
