// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.survive;

import io.holdfast.probe.client.Client;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The measurement: all transports at the same time, each on its own thread. It takes as long as the longest silence that
 * is finished, as long again if connections are dropped silently, and three times the limit for the heartbeat.
 */
public final class Survival {

    private static final int EVENT_LOOPS = 2;
    private static final Duration NEWS = Duration.ofSeconds(1);

    private Survival() {}

    /**
     * Measures a plan. Blocks. If the thread is interrupted, the report has what was found until then.
     *
     * @param progress receives a line about the progress each second, on another thread
     */
    public static SurvivalReport measure(Plan plan, Consumer<String> progress) {
        long begin = System.nanoTime();
        try (Client client = new Client(EVENT_LOOPS, plan.trust(), plan.token());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("progress").factory())) {
            Routes routes = new Routes(plan);
            Service service = new Service(client, plan);
            IntermediaryDetector detector = new IntermediaryDetector(client, plan.http(), plan.patience());
            List<Search> searches = plan.transports().stream()
                    .map(transport -> new Search(client, routes, service, detector, transport))
                    .toList();
            ticker.scheduleAtFixedRate(
                    () -> tell(searches, begin, progress), NEWS.toNanos(), NEWS.toNanos(), TimeUnit.NANOSECONDS);
            AtomicBoolean stopped = new AtomicBoolean();
            List<List<TrialResult>> greeted = each(searches, Search::greet, threads, stopped);
            SchedulingDelay lag = new SchedulingDelay(ticker);
            List<Finding> found =
                    each(searches, search -> search.run(greeted.get(searches.indexOf(search))), threads, stopped);
            ticker.shutdownNow();
            return new SurvivalReport(
                    plan,
                    found,
                    Duration.ofNanos(System.nanoTime() - begin),
                    lag.most(),
                    service.denied(),
                    !stopped.get());
        }
    }

    /** Runs it for all of them at the same time. If this thread is interrupted, stops them. */
    private static <T> List<T> each(
            List<Search> searches, Function<Search, T> what, Executor threads, AtomicBoolean stopped) {
        List<CompletableFuture<T>> all = searches.stream()
                .map(search -> CompletableFuture.supplyAsync(() -> what.apply(search), threads))
                .toList();
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();
        } catch (InterruptedException e) {
            stopped.set(true);
            searches.forEach(Search::stop);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return all.stream().map(CompletableFuture::join).toList();
    }

    private static void tell(List<Search> searches, long begin, Consumer<String> progress) {
        String standing = searches.stream()
                .map(Search::progress)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        Duration gone = Duration.ofSeconds(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
        progress.accept(TextFormat.of(gone) + ": "
                + (standing.isEmpty() ? "waiting for the last answers" : "open are " + standing));
    }
}
