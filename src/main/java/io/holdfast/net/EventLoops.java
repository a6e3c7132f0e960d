// SPDX-License-Identifier: Apache-2.0
package io.holdfast.net;

import io.holdfast.connection.Sockets;
import io.holdfast.connection.Transport;
import io.holdfast.time.WatchedThreads;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The event loops that serve the sockets of all ports, for as long as the application runs. Nothing that blocks may run on them.
 *
 * <p>{@link #start} and {@link #stop} are called by the container; everything else is safe from any thread.
 */
public final class EventLoops implements SmartLifecycle, WatchedThreads {

    /** The longest wait for event loops. One that failed does not answer at all. */
    private static final int STOP_SECONDS = 2;

    /** Connections that the kernel holds for us: all clients may come back at once after a restart. */
    private static final int BACKLOG = 4096;

    private final SocketTransport transport;
    private final int threads;
    private @Nullable MultiThreadIoEventLoopGroup loops;

    /** @param threads one event loop each */
    public EventLoops(SocketTransport transport, int threads) {
        this.transport = transport;
        this.threads = threads;
    }

    @Override
    public synchronized void start() {
        if (loops == null) {
            loops = new MultiThreadIoEventLoopGroup(
                    threads, new DefaultThreadFactory("event-loop"), transport.ioHandler());
        }
    }

    /** All sockets are closed by then: an event loop that ended before them would tell nobody that they closed. */
    @Override
    public synchronized void stop() {
        if (loops != null) {
            loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS)
                    .awaitUninterruptibly(2 * STOP_SECONDS, TimeUnit.SECONDS);
            loops = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return loops != null;
    }

    /** The web server cannot be paused, either. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    /** Starts before all that listens, and stops after it. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }

    /**
     * All of them, to register sockets with.
     *
     * @throws IllegalStateException if they do not run
     */
    public synchronized IoEventLoopGroup group() {
        if (loops == null) {
            throw new IllegalStateException("The event loops do not run");
        }
        return loops;
    }

    /**
     * What all listeners have in common. Peers may end their side and read on.
     *
     * @param kind what is listened for
     * @param open the sockets of that kind
     */
    public ServerBootstrap listener(Transport kind, Sockets sockets, OpenSockets open) {
        return new ServerBootstrap()
                .group(group())
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new AcceptHandler(kind, sockets, open))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    /**
     * Waits until they have done what they were told before, and what follows at once: the end of a channel is told after it has
     * closed. For a short time only.
     */
    public void settle() {
        IoEventLoopGroup all = group();
        for (int round = 0; round < 2; round++) {
            for (EventExecutor loop : all) {
                loop.submit(() -> {}).awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    public SocketTransport transport() {
        return transport;
    }

    public int threads() {
        return threads;
    }

    @Override
    public synchronized Map<String, Executor> watched() {
        Map<String, Executor> watched = new LinkedHashMap<>();
        if (loops != null) {
            for (EventExecutor loop : loops) {
                watched.put("event-loop-" + (watched.size() + 1), loop);
            }
        }
        return watched;
    }
}
