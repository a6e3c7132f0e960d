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
 * Load on an echo: each message is to come back once. At a given rate, times are taken from when a message was meant to
 * be sent, so that one that had to wait for a server that stalled counts with its wait. Without a rate each connection
 * sends when it was answered, which hides such waits.
 */
public final class Echo implements Load<Echo.Result> {

    /** Between looks at connections that send by themselves. */
    private static final Duration STEP = Duration.ofMillis(500);

    /**
     * What is asked for.
     *
     * @param rate messages a second on all connections together; null to send whenever one was answered
     * @param inFlight messages on their way on one connection, if there is no rate
     * @param warmup load that is not counted, first
     * @param patience for answers to the last messages
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
     * What came of it.
     *
     * @param due messages that were to be sent while it counted
     * @param lost of these, what did not come back
     * @param repeated what came back again
     * @param strange what came back and had not been sent there
     * @param latencyMicros from when a message was meant to be sent, or was if there is no rate
     * @param lateMicros how long after its moment this process came to sending a message; with a rate only
     */
    public record Result(
            String target,
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
            @Nullable ServerUse server) {

        public boolean isWell() {
            return connections.allStood() && lost == 0 && repeated == 0 && strange == 0;
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
        // HTTP/1.1 has one at a time, whatever is asked for.
        int inFlight = plan.target() instanceof Target.HttpPost
                ? 1
                : plan.rate() == null ? plan.inFlight() : Integer.MAX_VALUE;
        for (int i = 0; i < plan.connections(); i++) {
            connections.add(new EchoLoadConnection(this, first + i, inFlight));
        }
    }

    @Override
    public Result run(Client client, @Nullable Server server, Consumer<String> progress) throws InterruptedException {
        LoadConnections crowd = new LoadConnections(client, plan.target(), plan.connections());
        crowd.open(connections::get, progress);
        ServerUse use = null;
        if (crowd.standing() > 0) {
            Thread pace = begin();
            follow(plan.warmup(), crowd, "warming up", progress);
            Server.Figures before = server == null ? null : server.figures();
            timing.count(plan.duration().toNanos());
            follow(plan.duration(), crowd, "counting", progress);
            use = ServerUse.between(before, server == null ? null : server.figures(), answered.sum(), seconds());
            pace.join();
            awaitAnswers(crowd);
        }
        ConnectionStats standing = crowd.result();
        crowd.close();
        return result(standing, use);
    }

    private Thread begin() {
        if (plan.rate() != null) {
            return timing.pace(plan.rate(), this::send);
        }
        return timing.pace(1e9 / STEP.toNanos(), (number, moment) -> connections.forEach(EchoLoadConnection::loop));
    }

    /** Round robin over the connections that are there. */
    private void send(long number, long moment) {
        due(moment);
        int size = connections.size();
        for (int i = 0; i < size; i++) {
            if (connections.get((int) ((number + i) % size)).due(moment)) {
                return;
            }
        }
    }

    private void follow(Duration time, LoadConnections crowd, String what, Consumer<String> progress)
            throws InterruptedException {
        long end = timing.now() + time.toNanos();
        for (long left = end - timing.now(); left > 0; left = end - timing.now()) {
            progress.accept("%s: %.0f s left, %,d connections, %,d answered"
                    .formatted(what, left / 1e9, crowd.standing(), answered.sum()));
            Thread.sleep(Duration.ofNanos(Math.min(left, 500_000_000)));
        }
    }

    private void awaitAnswers(LoadConnections crowd) throws InterruptedException {
        long deadline = timing.now() + plan.patience().toNanos();
        while (answered.sum() < due.sum() && timing.now() < deadline && crowd.standing() > 0) {
            Thread.sleep(10);
        }
    }

    private Result result(ConnectionStats standing, @Nullable ServerUse use) {
        return new Result(
                plan.target().where(),
                standing,
                seconds(),
                due.sum(),
                answered.sum(),
                due.sum() - answered.sum(),
                repeated.sum(),
                strange.sum(),
                answered.sum() / seconds(),
                Percentiles.of(latency),
                Percentiles.of(late),
                use);
    }

    private double seconds() {
        return plan.duration().toNanos() / 1e9;
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
