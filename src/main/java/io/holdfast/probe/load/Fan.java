// SPDX-License-Identifier: Apache-2.0
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
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Load by fan-out: each published message must reach each subscriber once. A message's time starts at its scheduled
 * moment, so waiting for a stalled server is included.
 */
public final class Fan implements Load<Fan.Result> {

    /** Connections that publish, so that a message need not wait for the answer to the previous one. */
    public static final int PUBLISHERS = 4;

    /**
     * The options.
     *
     * @param hello what each subscriber sends first; null for nothing
     * @param publish where messages are posted
     * @param rate messages per second
     * @param patience how long to wait for the first message of all subscribers, and for the last one
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
     * The result.
     *
     * @param complete false if the user ended the load
     * @param due messages that were scheduled during the measurement
     * @param published of these, those that the server accepted
     * @param expected deliveries: published messages times subscribers
     * @param lost of these, those that did not arrive
     * @param repeated deliveries of a message that had arrived before
     * @param latencyMicros from a message's scheduled moment until a subscriber received it
     * @param lateMicros from a message's scheduled moment until publishing began
     */
    public record Result(
            String target,
            boolean complete,
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
            @Nullable ServerUse server)
            implements LoadResult {

        @Override
        public boolean isWell() {
            return subscribers.allStood()
                    && publishers.allStood()
                    && lost == 0
                    && repeated == 0
                    && published == due
                    && delivered > 0;
        }

        @Override
        public boolean isRefused() {
            return subscribers.refused() || publishers.refused();
        }

        @Override
        public @Nullable String denied() {
            if (subscribers.denied() != null) {
                return subscribers.denied();
            }
            return publishers.denied() == null ? null : "publishing: " + publishers.denied();
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
        Server.Figures before = null;
        int listeners = 0;
        boolean complete = true;
        try {
            listening.open(subscribers::get, progress);
            publishing.open(publishers::get, progress);
            if (listening.standing() > 0 && publishing.standing() > 0) {
                timing.pace(plan.rate(), this::publish);
                BooleanSupplier denied = () -> listening.isDenied() || publishing.isDenied();
                follow(plan.warmup(), denied, "warming up", progress);
                awaitSubscribed(listening, denied);
                before = server == null ? null : server.figures();
                listeners = listening.standing();
                timing.count(denied.getAsBoolean() ? 0 : plan.duration().toNanos());
                follow(plan.duration(), denied, "counting", progress);
            }
        } catch (InterruptedException e) {
            complete = false;
        }
        timing.stop();
        ServerUse use = before == null || server == null
                ? null
                : ServerUse.between(before, server.figures(), delivered.sum(), timing.seconds());
        awaitDelivered(listeners, listening, publishing, complete ? plan.patience() : Load.LAST_ANSWERS);
        ConnectionStats heard = listening.result();
        ConnectionStats spoke = publishing.result();
        listening.close();
        publishing.close();
        return result(complete, heard, spoke, listeners, use);
    }

    /** Takes the open connections in turn. */
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

    private void follow(Duration time, BooleanSupplier denied, String what, Consumer<String> progress)
            throws InterruptedException {
        long end = timing.now() + time.toNanos();
        for (long left = end - timing.now(); left > 0 && !denied.getAsBoolean(); left = end - timing.now()) {
            progress.accept("%s: %.0f s left, %,d delivered".formatted(what, left / 1e9, delivered.sum()));
            Thread.sleep(Duration.ofNanos(Math.min(left, 500_000_000)));
        }
    }

    private void awaitSubscribed(LoadConnections listening, BooleanSupplier denied) throws InterruptedException {
        long deadline = timing.now() + plan.patience().toNanos();
        while (timing.now() < deadline
                && !denied.getAsBoolean()
                && subscribers.stream().filter(LoadSubscriber::isSubscribed).count() < listening.standing()) {
            Thread.sleep(10);
        }
    }

    private void awaitDelivered(int listeners, LoadConnections listening, LoadConnections publishing, Duration patience)
            throws InterruptedException {
        long deadline = timing.now() + patience.toNanos();
        while (timing.now() < deadline && publishing.standing() > 0 && countPublished() < due.sum()) {
            Thread.sleep(10);
        }
        long expected = countPublished() * listeners;
        while (timing.now() < deadline && listening.standing() > 0 && delivered.sum() < expected) {
            Thread.sleep(10);
        }
    }

    private Result result(
            boolean complete, ConnectionStats heard, ConnectionStats spoke, int listeners, @Nullable ServerUse use) {
        long expected = countPublished() * listeners;
        long came = countDelivered();
        return new Result(
                plan.target().where(),
                complete,
                heard,
                spoke,
                timing.seconds(),
                due.sum(),
                countPublished(),
                expected,
                came,
                expected - came,
                repeated.sum(),
                timing.perSecond(came),
                Percentiles.of(latency),
                Percentiles.of(late),
                use);
    }

    private long countPublished() {
        synchronized (published) {
            return published.cardinality();
        }
    }

    /** Counts the deliveries of the measured messages that the server accepted. */
    private long countDelivered() {
        synchronized (published) {
            return subscribers.stream().mapToLong(one -> one.countOf(published)).sum();
        }
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
