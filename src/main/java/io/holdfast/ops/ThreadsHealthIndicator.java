// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import io.holdfast.time.MonotonicClock;
import io.holdfast.time.WatchedThreads;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Up while every thread that a part of the service depends on answers within a second. */
@Component
class ThreadsHealthIndicator extends AbstractHealthIndicator {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

    private final List<WatchedThreads> watched;
    private final MonotonicClock clock;

    ThreadsHealthIndicator(List<WatchedThreads> watched, MonotonicClock clock) {
        this.watched = watched;
        this.clock = clock;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws InterruptedException {
        Map<String, CountDownLatch> answers = new LinkedHashMap<>();
        for (WatchedThreads threads : watched) {
            threads.watched().forEach((name, executor) -> {
                CountDownLatch answer = new CountDownLatch(1);
                answers.put(name, answer);
                executor.execute(answer::countDown);
            });
        }
        long deadline = clock.nanos() + PATIENCE;
        builder.up();
        for (Map.Entry<String, CountDownLatch> answer : answers.entrySet()) {
            boolean answered = answer.getValue().await(deadline - clock.nanos(), TimeUnit.NANOSECONDS);
            builder.withDetail(answer.getKey(), answered ? "answers" : "does not answer");
            if (!answered) {
                builder.down();
            }
        }
    }
}
