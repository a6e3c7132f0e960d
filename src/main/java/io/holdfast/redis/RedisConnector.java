// SPDX-License-Identifier: Apache-2.0
package io.holdfast.redis;

import io.holdfast.channel.UnavailableException;
import io.holdfast.time.Cancellable;
import io.holdfast.time.Timers;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to Redis. The server need not be available when the service starts: it is tried until it is found.
 * Afterwards the connections reconnect by themselves. Safe from any thread.
 */
final class RedisConnector implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisConnector.class);

    private static final Duration RETRY = Duration.ofMillis(500);
    private static final Duration CHECKS = Duration.ofSeconds(1);

    private final AbstractRedisClient client;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("redis").unstarted(task));

    private final Timers timers;
    private final RedisState state;
    private final List<Cancellable> repeated = new CopyOnWriteArrayList<>();
    private volatile @Nullable RedisConnections servers;
    private volatile boolean sharded;
    private volatile boolean checking;
    private volatile boolean closed;

    /** Returns after the first try, so that a service whose server is available starts connected. */
    RedisConnector(AbstractRedisClient client, Timers timers) {
        this.client = client;
        this.timers = timers;
        this.state = new RedisState(timers::nanos);
        connect();
        repeat(CHECKS, this::check);
    }

    private void connect() {
        if (closed) {
            return;
        }
        RedisConnections connected = null;
        try {
            connected = RedisConnections.connect(client);
            prepare(connected);
            servers = connected;
            if (closed) {
                connected.close();
                return;
            }
            state.connected();
            log.info("Channels are in Redis, {}, announced {}", connected.mode(), sharded ? "by shards" : "to all");
        } catch (RuntimeException e) {
            if (connected != null) {
                connected.close();
            }
            failing(e);
            timers.after(RETRY, () -> execute(this::connect));
        }
    }

    /**
     * Loads the scripts first. Otherwise the first of several calls in flight would not find its script, and be done
     * last.
     */
    private void prepare(RedisConnections connected) {
        RedisClusterAsyncCommands<String, byte[]> commands = connected.commands();
        for (LuaScript script : LuaScript.values()) {
            commands.scriptLoad(script.text()).toCompletableFuture().join();
        }
        sharded = isSharded(commands);
    }

    /** Whether the server has sharded pub/sub: Redis 7 and later. */
    private static boolean isSharded(RedisClusterAsyncCommands<String, byte[]> commands) {
        List<Object> known =
                commands.commandInfo("ssubscribe").toCompletableFuture().join();
        return known.getFirst() instanceof List<?> described && !described.isEmpty();
    }

    /** Runs a task on the one thread for what is done about connections. It blocks only until Redis is first found. */
    void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            // It is closed.
        }
    }

    /** Executes a task again and again, until it is closed. */
    void repeat(Duration interval, Runnable task) {
        repeated.add(timers.repeat(interval, () -> execute(task)));
    }

    /** As {@code MonotonicClock.nanos}. */
    long nanos() {
        return timers.nanos();
    }

    /** Null until a server was found. */
    @Nullable
    RedisConnections servers() {
        return servers;
    }

    /** Whether an announcement goes only to the server of its channel, and not to all of a cluster. */
    boolean isSharded() {
        return sharded;
    }

    /** Runs a script. Fails with {@link UnavailableException}: then it was not run, or the result is unknown. */
    CompletionStage<List<Object>> run(LuaScript script, ChannelKeys keys, byte[]... arguments) {
        return run(script, keys.forScripts(), arguments);
    }

    /** As the other one; in a cluster, all keys need the same hash tag. */
    CompletionStage<List<Object>> run(LuaScript script, String[] keys, byte[]... arguments) {
        RedisConnections now = servers;
        if (now == null) {
            return CompletableFuture.failedFuture(unavailable());
        }
        return script.run(now.commands(), keys, arguments).exceptionally(failure -> {
            throw failed(failure);
        });
    }

    private UnavailableException failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        failing(cause);
        return String.valueOf(cause.getMessage()).startsWith("OOM")
                ? new UnavailableException("limit", "Redis has no memory left for channels.")
                : unavailable();
    }

    /** Whatever is under way at the end fails, too. */
    private void failing(Throwable cause) {
        if (!closed) {
            state.failed(cause);
        }
    }

    static UnavailableException unavailable() {
        return new UnavailableException("unavailable", "Redis can't be reached now; try again.");
    }

    /** Asks whether channels are available, so that a node without traffic notices a loss, and each one the end of it. */
    private void check() {
        RedisConnections now = servers;
        if (now != null && !checking && !closed) {
            checking = true;
            answer(now);
        }
    }

    /** Whether channels are available; waits for the answer. */
    boolean check(RedisConnections now) {
        return answer(now).join();
    }

    private CompletableFuture<Boolean> answer(RedisConnections now) {
        long askedAt = timers.nanos();
        return now.check()
                .handle((available, failure) -> {
                    checking = false;
                    if (failure == null && available) {
                        state.answered(askedAt);
                        return true;
                    }
                    failing(failure == null ? new IllegalStateException("It accepts no messages") : failure);
                    return false;
                })
                .toCompletableFuture();
    }

    @Override
    public void close() {
        closed = true;
        repeated.forEach(Cancellable::cancel);
        thread.shutdownNow();
        RedisConnections now = servers;
        if (now != null) {
            now.close();
        }
    }
}
