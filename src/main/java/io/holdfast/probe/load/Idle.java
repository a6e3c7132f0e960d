package io.holdfast.probe.load;

import io.holdfast.probe.client.Client;
import io.holdfast.probe.client.Target;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Load by idle connections: how many stay open, for how long, and what ends the others. */
public final class Idle implements Load<Idle.Result> {

    /** Connections that are opened at the same time. */
    public static final int DIALED = LoadConnections.DIALED;

    /**
     * The options.
     *
     * @param hello what each connection sends first; null for nothing
     */
    public record Plan(Target target, @Nullable String hello, int connections, Duration duration) {}

    /**
     * The result.
     *
     * @param stillStanding connections that were open at the end
     * @param before the server's figures before the first connection was opened
     * @param after the server's figures at the end, while the connections were open
     */
    public record Result(
            String target,
            ConnectionStats connections,
            double seconds,
            int stillStanding,
            Server.@Nullable Figures before,
            Server.@Nullable Figures after)
            implements LoadResult {

        @Override
        public boolean isWell() {
            return connections.allStood();
        }

        @Override
        public boolean isUnreachable() {
            return connections.unreachable();
        }

        @Override
        public @Nullable String denied() {
            return connections.denied();
        }
    }

    private final Plan plan;

    public Idle(Plan plan) {
        this.plan = plan;
    }

    @Override
    public Result run(Client client, @Nullable Server server, Consumer<String> progress) throws InterruptedException {
        Server.Figures before = server == null ? null : server.figures();
        LoadConnections connections = new LoadConnections(client, plan.target(), plan.connections());
        connections.open(number -> new Greeter(plan.hello()), progress);
        long end = System.nanoTime() + plan.duration().toNanos();
        for (long left = end - System.nanoTime();
                left > 0 && connections.standing() > 0 && !connections.isDenied();
                left = end - System.nanoTime()) {
            progress.accept("%.0f s left, %,d of %,d connections open"
                    .formatted(left / 1e9, connections.standing(), plan.connections()));
            Thread.sleep(Duration.ofNanos(Math.min(left, 200_000_000)));
        }
        Server.Figures after = server == null ? null : server.figures();
        int left = connections.standing();
        ConnectionStats standing = connections.result();
        connections.close();
        return new Result(plan.target().where(), standing, plan.duration().toNanos() / 1e9, left, before, after);
    }
}
