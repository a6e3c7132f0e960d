// SPDX-License-Identifier: Apache-2.0
package io.holdfast.support;

import static io.holdfast.support.Waiting.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** Some nodes, each a process, of which one may be killed and replaced. Safe from any thread. */
public final class Nodes implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String[] settings;
    private final List<ServiceProcess> running = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Void>> starting = new CopyOnWriteArrayList<>();

    public Nodes(int count, String... settings) {
        this.settings = settings;
        IntStream.range(0, count).forEach(i -> startOne());
        try {
            awaitStarted();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void startOne() {
        starting.add(CompletableFuture.supplyAsync(this::start).thenAccept(running::add));
    }

    private void awaitStarted() {
        starting.forEach(CompletableFuture::join);
    }

    private ServiceProcess start() {
        try {
            return ServiceProcess.start(settings);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where one of those that are left listens. */
    public Ports any(Random random) {
        List<ServiceProcess> now = List.copyOf(running);
        return now.get(random.nextInt(now.size())).ports();
    }

    /** Kills one without a warning, and has another one come soon. */
    public void replaceOne(Random random) throws InterruptedException {
        ServiceProcess node = running.get(random.nextInt(running.size()));
        running.remove(node);
        node.kill();
        startOne();
    }

    /** What they answer to a question. */
    public List<PlainRequest.Answer> ask(String path) {
        return running.stream().map(node -> answer(node, path)).toList();
    }

    private static PlainRequest.Answer answer(ServiceProcess node, String path) {
        try {
            return PlainRequest.get(node.http(), path);
        } catch (IOException e) {
            return new PlainRequest.Answer(0, e.toString(), "");
        }
    }

    public void awaitAllReady() {
        awaitStarted();
        await().atMost(PATIENCE)
                .until(() -> ask("/actuator/health/readiness").stream().allMatch(answer -> answer.status() == 200));
    }

    @Override
    public void close() {
        // One that is still to come would stay.
        starting.forEach(one -> one.handle((nothing, failure) -> failure).join());
        running.forEach(ServiceProcess::close);
    }
}
