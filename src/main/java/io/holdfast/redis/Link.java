package io.holdfast.redis;

import io.holdfast.channel.UnavailableException;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis, which need not be there when the service starts: it is looked for until it is found, and from then on
 * the connections come back by themselves. Safe from any thread.
 */
final class Link implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Link.class);

    private static final Duration RETRY = Duration.ofMillis(500);
    private static final long LOG_INTERVAL = TimeUnit.SECONDS.toNanos(10);

    private final AbstractRedisClient client;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("redis").unstarted(task));

    private final AtomicLong nextLog = new AtomicLong(System.nanoTime());
    private volatile @Nullable Servers servers;
    private volatile boolean sharded;
    private volatile boolean closed;

    /** Returns when a first look has been taken, so that a service that starts beside its server starts with it. */
    Link(AbstractRedisClient client) {
        this.client = client;
        connect();
    }

    private void connect() {
        if (closed) {
            return;
        }
        Servers connected = null;
        try {
            connected = Servers.connect(client);
            prepare(connected);
            servers = connected;
            log.info("Channels are in Redis, {}, announced {}", connected.mode(), sharded ? "by shards" : "to all");
        } catch (RuntimeException e) {
            if (connected != null) {
                connected.close();
            }
            complain(e);
            thread.schedule(this::connect, RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** The scripts are loaded ahead: of calls on their way together the first ones would miss them and come last. */
    private void prepare(Servers connected) {
        RedisClusterAsyncCommands<String, byte[]> commands = connected.commands();
        for (Script script : Script.values()) {
            commands.scriptLoad(script.text()).toCompletableFuture().join();
        }
        sharded = isSharded(commands);
    }

    /** Redis can do it from version 7 on. */
    private static boolean isSharded(RedisClusterAsyncCommands<String, byte[]> commands) {
        List<Object> known =
                commands.commandInfo("ssubscribe").toCompletableFuture().join();
        return known.getFirst() instanceof List<?> described && !described.isEmpty();
    }

    /** What is asked of Redis over and over is asked for here. It waits only until Redis is found for the first time. */
    ScheduledExecutorService thread() {
        return thread;
    }

    /** Null as long as no server was found. */
    @Nullable
    Servers servers() {
        return servers;
    }

    /** Whether an announcement goes to its channel's server alone, in the place of all of a cluster. */
    boolean isSharded() {
        return sharded;
    }

    /** What a script answers. Fails with {@link UnavailableException}, and then nothing was done or it is not known. */
    CompletionStage<List<Object>> run(Script script, Keys keys, byte[]... arguments) {
        Servers now = servers;
        if (now == null) {
            return CompletableFuture.failedFuture(unavailable());
        }
        return script.run(now.commands(), keys.forScripts(), arguments).exceptionally(failure -> {
            throw failed(failure);
        });
    }

    private UnavailableException failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        complain(cause);
        return String.valueOf(cause.getMessage()).startsWith("OOM")
                ? new UnavailableException("limit", "Redis has no memory left for channels.")
                : unavailable();
    }

    static UnavailableException unavailable() {
        return new UnavailableException("unavailable", "Redis can't be reached now; try again.");
    }

    /** What fails once fails a thousand times a second. */
    private void complain(Throwable cause) {
        long now = System.nanoTime();
        long next = nextLog.get();
        if (now - next >= 0 && nextLog.compareAndSet(next, now + LOG_INTERVAL)) {
            Throwable root = cause;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            log.warn("Redis fails: {}", root.toString());
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
        Servers now = servers;
        if (now != null) {
            now.close();
        }
    }
}
