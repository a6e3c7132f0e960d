// SPDX-License-Identifier: Apache-2.0
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
     * @param complete false if the user ended the load
     * @param stillStanding connections that were open at the end
     * @param before the server's figures before the first connection was opened
     * @param after the server's figures at the end, while the connections were open
     */
    public record Result(
            String target,
            boolean complete,
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
        public boolean isRefused() {
            return connections.refused();
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
        boolean complete = true;
        long held = 0;
        try {
            connections.open(number -> new Greeter(plan.hello()), progress);
            long begin = System.nanoTime();
            long time = plan.duration().toNanos();
            while (held < time && connections.standing() > 0 && !connections.isDenied()) {
                progress.accept("%.0f s left, %,d of %,d connections open"
                        .formatted((time - held) / 1e9, connections.standing(), plan.connections()));
                Thread.sleep(Duration.ofNanos(Math.min(time - held, 200_000_000)));
                held = Math.min(time, System.nanoTime() - begin);
            }
        } catch (InterruptedException e) {
            complete = false;
        }
        Server.Figures after = server == null ? null : server.figures();
        int left = connections.standing();
        ConnectionStats standing = connections.result();
        connections.close();
        return new Result(plan.target().where(), complete, standing, held / 1e9, left, before, after);
    }
}
