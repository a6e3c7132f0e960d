package io.holdfast.probe.load;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.Target;
import io.holdfast.probe.result.Percentiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Load by fan-out: each message that is published is to reach each subscriber once. Times are taken from when a message
 * was meant to be published, so that waits for a server that stalled count.
 */
public final class Fan implements Load<Fan.Result> {

    /** Connections that publish: a message does not wait for the answer to the one before. */
    public static final int PUBLISHERS = 4;

    /**
     * What is asked for.
     *
     * @param hello what each subscriber says first; null for nothing
     * @param publish where to POST
     * @param rate messages published a second
     * @param patience for subscribers to get their first message, and for the last message to reach all
     */
    public record Plan(
            Target target,
            @Nullable String hello,
            Target.HttpPost publish,
            int connections,
            int size,
            double rate,
            Duration warmup,
            Duration duration,
            Duration patience) {}

    /**
     * What came of it.
     *
     * @param due messages that were to be published while it counted
     * @param published of these, those whose publishing was answered well
     * @param expected deliveries: each published message to each that was subscribed
     * @param lost of these, what did not come
     * @param repeated deliveries of what had come before
     * @param latencyMicros from when a message was meant to be published until a subscriber had it
     * @param lateMicros how long after its moment publishing a message began
     */
    public record Result(
            String target,
            ConnectionStats subscribers,
            ConnectionStats publishers,
            double seconds,
            long due,
            long published,
            long expected,
            long delivered,
            long lost,
            long repeated,
            double perSecond,
            Percentiles latencyMicros,
            Percentiles lateMicros,
            @Nullable ServerUse server) {

        public boolean isWell() {
            return subscribers.allStood()
                    && publishers.allStood()
                    && lost == 0
                    && repeated == 0
                    && published == due
                    && delivered > 0;
        }

        public boolean isUnreachable() {
            return subscribers.unreachable() || publishers.unreachable();
        }
    }

    private final Plan plan;
    private final int source = ThreadLocalRandom.current().nextInt(Stamp.SOURCES);
    private final Timing timing = new Timing();
    private final LongAdder due = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final ConcurrentHistogram latency = Timing.histogram();
    private final ConcurrentHistogram late = Timing.histogram();
    private final List<LoadSubscriber> subscribers = new ArrayList<>();
    private final List<Publisher> publishers = new ArrayList<>();

    // Guarded by itself.
    private final BitSet published = new BitSet();

    public Fan(Plan plan) {
        this.plan = plan;
        for (int i = 0; i < plan.connections(); i++) {
            subscribers.add(new LoadSubscriber(this, plan.hello()));
        }
        for (int i = 0; i < PUBLISHERS; i++) {
            publishers.add(new Publisher(this));
        }
    }

    @Override
    public Result run(Client client, @Nullable Server server, Consumer<String> progress) throws InterruptedException {
        LoadConnections listening = new LoadConnections(client, plan.target(), plan.connections());
        LoadConnections publishing = new LoadConnections(client, plan.publish(), PUBLISHERS);
        listening.open(subscribers::get, progress);
        publishing.open(publishers::get, progress);
        ServerUse use = null;
        int listeners = 0;
        if (listening.standing() > 0 && publishing.standing() > 0) {
            Thread pace = timing.pace(plan.rate(), this::publish);
            follow(plan.warmup(), "warming up", progress);
            awaitSubscribed(listening);
            Server.Figures before = server == null ? null : server.figures();
            listeners = listening.standing();
            timing.count(plan.duration().toNanos());
            follow(plan.duration(), "counting", progress);
            use = ServerUse.between(before, server == null ? null : server.figures(), delivered.sum(), seconds());
            pace.join();
            awaitDelivered(listeners, listening, publishing);
        }
        ConnectionStats heard = listening.result();
        ConnectionStats spoke = publishing.result();
        listening.close();
        publishing.close();
        return result(heard, spoke, listeners, use);
    }

    /** Round robin over the connections that are there. */
    private void publish(long number, long moment) {
        if (timing.counts(moment)) {
            due.increment();
        }
        for (int i = 0; i < PUBLISHERS; i++) {
            if (publishers.get((int) ((number + i) % PUBLISHERS)).due((int) number, moment)) {
                return;
            }
        }
    }

    private void follow(Duration time, String what, Consumer<String> progress) throws InterruptedException {
        long end = timing.now() + time.toNanos();
        for (long left = end - timing.now(); left > 0; left = end - timing.now()) {
            progress.accept("%s: %.0f s left, %,d delivered".formatted(what, left / 1e9, delivered.sum()));
            Thread.sleep(Duration.ofNanos(Math.min(left, 500_000_000)));
        }
    }

    private void awaitSubscribed(LoadConnections listening) throws InterruptedException {
        long deadline = timing.now() + plan.patience().toNanos();
        while (timing.now() < deadline
                && subscribers.stream().filter(LoadSubscriber::isSubscribed).count() < listening.standing()) {
            Thread.sleep(10);
        }
    }

    private void awaitDelivered(int listeners, LoadConnections listening, LoadConnections publishing)
            throws InterruptedException {
        long deadline = timing.now() + plan.patience().toNanos();
        while (timing.now() < deadline && publishing.standing() > 0 && countPublished() < due.sum()) {
            Thread.sleep(10);
        }
        long expected = countPublished() * listeners;
        while (timing.now() < deadline && listening.standing() > 0 && delivered.sum() < expected) {
            Thread.sleep(10);
        }
    }

    private Result result(ConnectionStats heard, ConnectionStats spoke, int listeners, @Nullable ServerUse use) {
        long expected = countPublished() * listeners;
        long came = countDelivered();
        return new Result(
                plan.target().where(),
                heard,
                spoke,
                seconds(),
                due.sum(),
                countPublished(),
                expected,
                came,
                expected - came,
                repeated.sum(),
                came / seconds(),
                Percentiles.of(latency),
                Percentiles.of(late),
                use);
    }

    private long countPublished() {
        synchronized (published) {
            return published.cardinality();
        }
    }

    /** What came of what counts and was published well. */
    private long countDelivered() {
        synchronized (published) {
            return subscribers.stream().mapToLong(one -> one.countOf(published)).sum();
        }
    }

    private double seconds() {
        return plan.duration().toNanos() / 1e9;
    }

    int size() {
        return plan.size();
    }

    int source() {
        return source;
    }

    boolean isOurs(int from) {
        return from == source;
    }

    void asked(long moment) {
        if (timing.counts(moment)) {
            late.recordValue(Math.max(0, timing.now() - moment));
        }
    }

    void published(int number, long moment) {
        if (timing.counts(moment)) {
            synchronized (published) {
                published.set(number);
            }
        }
    }

    void delivered(long moment, boolean again) {
        if (timing.counts(moment)) {
            (again ? repeated : delivered).increment();
            if (!again) {
                latency.recordValue(Math.max(0, timing.now() - moment));
            }
        }
    }
}
