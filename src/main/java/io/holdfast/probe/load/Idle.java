package io.holdfast.probe.load;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.Target;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Load by connections that say nothing: how many stand, for how long, and what ends them. */
public final class Idle implements Load<Idle.Result> {

    /** Dialed at a time. */
    public static final int DIALED = LoadConnections.DIALED;

    /**
     * What is asked for.
     *
     * @param hello what each says first; null for nothing
     */
    public record Plan(Target target, @Nullable String hello, int connections, Duration duration) {}

    /**
     * What came of it.
     *
     * @param stillStanding how many were left at the end
     * @param before what the server told before the first was opened
     * @param after and while all that were left stood
     */
    public record Result(
            String target,
            ConnectionStats connections,
            double seconds,
            int stillStanding,
            Server.@Nullable Figures before,
            Server.@Nullable Figures after) {

        public boolean isWell() {
            return connections.allStood();
        }
    }

    private final Plan plan;

    public Idle(Plan plan) {
        this.plan = plan;
    }

    @Override
    public Result run(Client client, @Nullable Server server, Consumer<String> progress) throws InterruptedException {
        Server.Figures before = server == null ? null : server.figures();
        LoadConnections crowd = new LoadConnections(client, plan.target(), plan.connections());
        crowd.open(number -> new Greeter(plan.hello()), progress);
        long end = System.nanoTime() + plan.duration().toNanos();
        for (long left = end - System.nanoTime(); left > 0 && crowd.standing() > 0; left = end - System.nanoTime()) {
            progress.accept("holding: %.0f s left, %,d of %,d stand"
                    .formatted(left / 1e9, crowd.standing(), plan.connections()));
            Thread.sleep(Duration.ofNanos(Math.min(left, 200_000_000)));
        }
        Server.Figures after = server == null ? null : server.figures();
        int left = crowd.standing();
        ConnectionStats standing = crowd.result();
        crowd.close();
        return new Result(plan.target().where(), standing, plan.duration().toNanos() / 1e9, left, before, after);
    }
}
