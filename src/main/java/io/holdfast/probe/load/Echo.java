// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.load;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.result.Percentiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Load on an echo: each message must come back once. With a rate, a message's time starts at its scheduled moment, so
 * waiting for a stalled server is included. Without a rate, a connection sends after each answer, which hides such waits.
 */
public final class Echo implements Load<Echo.Result> {

    /** How often connections without a rate are checked. */
    private static final Duration STEP = Duration.ofMillis(500);

    /**
     * The options.
     *
     * @param rate messages per second on all connections together; null to send after each answer
     * @param inFlight unanswered messages per connection, if there is no rate
     * @param warmup how long to load before measuring
     * @param patience how long to wait for the last answers
     */
    public record Plan(
            Target target,
            int connections,
            int size,
            @Nullable Double rate,
            int inFlight,
            Duration warmup,
            Duration duration,
            Duration patience) {}

    /**
     * The result.
     *
     * @param complete false if the user ended the load
     * @param due messages that were scheduled during the measurement
     * @param lost of these, those that did not come back
     * @param repeated messages that came back more than once
     * @param strange messages that came back and had not been sent on that connection
     * @param latencyMicros from a message's scheduled moment, or from sending if there is no rate, to its answer
     * @param lateMicros from a message's scheduled moment until this process sent it; only with a rate
     */
    public record Result(
            String target,
            boolean complete,
            ConnectionStats connections,
            double seconds,
            long due,
            long answered,
            long lost,
            long repeated,
            long strange,
            double perSecond,
            Percentiles latencyMicros,
            Percentiles lateMicros,
            @Nullable ServerUse server)
            implements LoadResult {

        @Override
        public boolean isWell() {
            return connections.allStood() && lost == 0 && repeated == 0 && strange == 0;
        }

        @Override
        public boolean isRefused() {
            return connections.refused();
        }

        @Override
        public @Nullable String denied() {
            return connections.denied();
        }
    }

    private final Plan plan;
    private final Timing timing = new Timing();
    private final LongAdder due = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder strange = new LongAdder();
    private final ConcurrentHistogram latency = Timing.histogram();
    private final ConcurrentHistogram late = Timing.histogram();
    private final List<EchoLoadConnection> connections = new ArrayList<>();

    public Echo(Plan plan) {
        this.plan = plan;
        int first = ThreadLocalRandom.current().nextInt(Stamp.SOURCES - plan.connections());
        // HTTP/1.1 has one request at a time.
        int inFlight = plan.target() instanceof Target.HttpPost
                ? 1
                : plan.rate() == null ? plan.inFlight() : Integer.MAX_VALUE;
        for (int i = 0; i < plan.connections(); i++) {
            connections.add(new EchoLoadConnection(this, first + i, inFlight));
        }
    }

    @Override
    public Result run(Client client, @Nullable Server server, Consumer<String> progress) throws InterruptedException {
        LoadConnections opened = new LoadConnections(client, plan.target(), plan.connections());
        Server.Figures before = null;
        boolean complete = true;
        try {
            opened.open(connections::get, progress);
            if (opened.standing() > 0) {
                begin();
                follow(plan.warmup(), opened, "warming up", progress);
                before = server == null ? null : server.figures();
                timing.count(opened.isDenied() ? 0 : plan.duration().toNanos());
                follow(plan.duration(), opened, "counting", progress);
            }
        } catch (InterruptedException e) {
            complete = false;
        }
        timing.stop();
        ServerUse use = before == null || server == null
                ? null
                : ServerUse.between(before, server.figures(), answered.sum(), timing.seconds());
        awaitAnswers(opened, complete ? plan.patience() : Load.LAST_ANSWERS);
        ConnectionStats standing = opened.result();
        opened.close();
        return result(complete, standing, use);
    }

    private void begin() {
        if (plan.rate() != null) {
            timing.pace(plan.rate(), this::send);
        } else {
            timing.pace(1e9 / STEP.toNanos(), (number, moment) -> connections.forEach(EchoLoadConnection::loop));
        }
    }

    /** Takes the open connections in turn. */
    private void send(long number, long moment) {
        due(moment);
        int size = connections.size();
        for (int i = 0; i < size; i++) {
            if (connections.get((int) ((number + i) % size)).due(moment)) {
                return;
            }
        }
    }

    private void follow(Duration time, LoadConnections connections, String what, Consumer<String> progress)
            throws InterruptedException {
        long end = timing.now() + time.toNanos();
        for (long left = end - timing.now(); left > 0 && !connections.isDenied(); left = end - timing.now()) {
            progress.accept("%s: %.0f s left, %,d connections, %,d answered"
                    .formatted(what, left / 1e9, connections.standing(), answered.sum()));
            Thread.sleep(Duration.ofNanos(Math.min(left, 500_000_000)));
        }
    }

    private void awaitAnswers(LoadConnections connections, Duration patience) throws InterruptedException {
        long deadline = timing.now() + patience.toNanos();
        while (answered.sum() < due.sum() && timing.now() < deadline && connections.standing() > 0) {
            Thread.sleep(10);
        }
    }

    private Result result(boolean complete, ConnectionStats standing, @Nullable ServerUse use) {
        return new Result(
                plan.target().where(),
                complete,
                standing,
                timing.seconds(),
                due.sum(),
                answered.sum(),
                due.sum() - answered.sum(),
                repeated.sum(),
                strange.sum(),
                timing.perSecond(answered.sum()),
                Percentiles.of(latency),
                Percentiles.of(late),
                use);
    }

    Timing timing() {
        return timing;
    }

    Duration patience() {
        return plan.patience();
    }

    int size() {
        return plan.size();
    }

    void due(long moment) {
        if (timing.counts(moment)) {
            due.increment();
        }
    }

    void begun(long moment) {
        if (timing.counts(moment)) {
            late.recordValue(Math.max(0, timing.now() - moment));
        }
    }

    void answered(long moment, long now) {
        if (timing.counts(moment)) {
            answered.increment();
            latency.recordValue(Math.max(0, now - moment));
        }
    }

    void repeated(long moment) {
        if (timing.counts(moment)) {
            repeated.increment();
        }
    }

    void strange() {
        strange.increment();
    }
}
