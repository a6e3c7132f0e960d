// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.access.Principal;
import io.holdfast.connection.Acceptor;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connections;
import io.holdfast.connection.Sockets;
import io.holdfast.connection.Transport;
import io.holdfast.net.EventLoops;
import io.holdfast.net.OpenSockets;
import io.holdfast.net.SocketTransport;
import io.holdfast.settings.Example;
import io.holdfast.settings.InvalidSettingException;
import io.holdfast.tls.Certificates;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Listens on the configured ports for as long as the application runs.
 *
 * <p>{@link #start} and {@link #stop} are called by the container; everything else is safe from any thread.
 */
@Component
public final class TcpListener implements SmartLifecycle, Acceptor {

    /** The name of the listener that echoes. */
    public static final String ECHO = "echo";

    /** The name of the listener that speaks the channel protocol. */
    public static final String LINES = "lines";

    private static final Logger log = LoggerFactory.getLogger(TcpListener.class);

    /** An echo reads nothing more, and counts in the memory budget, while its queue is longer. */
    private static final WriteBufferWaterMark QUEUE = new WriteBufferWaterMark(8 * 1024, 16 * 1024);

    /** The longest wait for sockets to close. */
    private static final int STOP_SECONDS = 2;

    private final TcpProperties properties;
    private final Connections connections;
    private final Pipelines pipelines;
    private final EventLoops eventLoops;
    private final Certificates certificates;

    private final Sockets sockets;
    private final OpenSockets openSockets = new OpenSockets();

    /** The channels that connect to a listener from inside the service. */
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    private final Map<String, Channel> bound = new LinkedHashMap<>();
    private boolean running;

    TcpListener(
            TcpProperties properties,
            Connections connections,
            Sockets sockets,
            Pipelines pipelines,
            Certificates certificates,
            EventLoops eventLoops) {
        this.certificates = certificates;
        this.sockets = sockets;
        sockets.addCount(openSockets::count);
        this.properties = properties;
        this.connections = connections;
        this.pipelines = pipelines;
        this.eventLoops = eventLoops;
    }

    /**
     * @throws InvalidSettingException if one of the ports, addresses or certificates cannot be used; then no listener is
     *     started
     */
    @Override
    public synchronized void start() {
        running = true;
        try {
            properties.listeners().forEach((name, listener) -> bound.put(name, bind(name, listener)));
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    private Channel bind(String name, TcpProperties.Listener listener) {
        int port = Objects.requireNonNull(listener.port());
        TcpProperties.Protocol protocol = Objects.requireNonNull(listener.protocol());
        ListenerSettings settings = new ListenerSettings(
                protocol,
                pipelines.fault(name, protocol, listener.fault()),
                tls(name, listener.ssl()),
                proxied(name, listener));
        ServerBootstrap bootstrap = eventLoops
                .listener(Transport.TCP, sockets, openSockets)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, QUEUE)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        pipelines.build(settings, channel);
                    }
                });
        InetSocketAddress address = new InetSocketAddress(listener.address(), port);
        ChannelFuture binding = bootstrap.bind(address).awaitUninterruptibly();
        if (binding.cause() != null) {
            throw ListenFailures.explain(name, address, binding.cause());
        }
        log.debug(
                "TCP listener '{}' on {} ({}, {} event loops){}{}",
                name,
                binding.channel().localAddress(),
                eventLoops.transport().label(),
                eventLoops.threads(),
                listener.ssl().isOn() ? " with TLS: " + listener.ssl() : "",
                listener.fault().equals(TcpFaultProperties.NONE) ? "" : " with faults: " + listener.fault());
        return binding.channel();
    }

    private @Nullable ListenerTls tls(String name, TcpTlsProperties settings) {
        String bundle = settings.bundle();
        if (bundle == null) {
            return null;
        }
        ListenerTls tls = new ListenerTls(settings);
        certificates.use(
                TcpProperties.property(name, "ssl.bundle"), bundle, "the TCP listener '" + name + "'", tls::take);
        return tls;
    }

    private boolean proxied(String name, TcpProperties.Listener listener) {
        if (listener.proxyProtocol() && pipelines.trusted().isEmpty()) {
            throw new InvalidSettingException(
                    TcpProperties.property(name, "proxy-protocol"),
                    "true",
                    "needs the addresses of the proxies in holdfast.proxies.trusted: only they can connect",
                    List.of(new Example("holdfast.proxies.trusted", "10.0.0.0/8")));
        }
        return listener.proxyProtocol();
    }

    @Override
    public synchronized void stopAccepting() {
        ChannelGroup listening = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        listening.addAll(bound.values());
        listening.close().awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
        bound.clear();
        // Nobody waits for their protocol to begin.
        pipelines.arrivals().forEach(Channel::close);
    }

    /** Closes the remaining connections, too. */
    @Override
    public synchronized void stop() {
        stopAccepting();
        connections.open(Transport.TCP).forEach(connection -> connection.abort(CloseReason.DRAINING));
        ChannelGroupFuture clientsClosed = clients.close();
        if (openSockets.awaitNone(Duration.ofSeconds(STOP_SECONDS))) {
            clientsClosed.awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
            eventLoops.settle();
        }
        running = false;
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    /** Stops after the drain, which is in the default phase. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 512;
    }

    SocketTransport transport() {
        return eventLoops.transport();
    }

    /** The ports of the listeners that listen now. */
    public synchronized Map<String, Integer> ports() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        bound.forEach((name, channel) -> {
            if (channel.isOpen()) {
                ports.put(name, ((InetSocketAddress) channel.localAddress()).getPort());
            }
        });
        return ports;
    }

    /** The faults of the listeners that have some. */
    Map<String, String> faults() {
        Map<String, String> faults = new LinkedHashMap<>();
        properties.listeners().forEach((name, listener) -> {
            if (!listener.fault().equals(TcpFaultProperties.NONE)) {
                faults.put(name, listener.fault().toString());
            }
        });
        return faults;
    }

    /** How the listeners that have TLS have it. */
    public Map<String, String> tls() {
        Map<String, String> tls = new LinkedHashMap<>();
        properties.listeners().forEach((name, listener) -> {
            if (listener.ssl().isOn()) {
                tls.put(name, listener.ssl().toString());
            }
        });
        return tls;
    }

    /** The names of the listeners behind proxies. */
    List<String> proxied() {
        return properties.listeners().entrySet().stream()
                .filter(listener -> listener.getValue().proxyProtocol())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The names of all configured listeners. */
    Set<String> names() {
        return properties.listeners().keySet();
    }

    /**
     * Connects to a listener from inside the service.
     *
     * @param name the listener's, as in the settings
     * @param handler of the new channel
     * @param client on whose behalf
     * @param label of the new connection: what the client calls its own side
     * @return done when the listener has accepted the connection for this client; nothing may be written before. Null if it
     *     does not listen now
     */
    public synchronized @Nullable ChannelFuture connect(
            String name, ChannelHandler handler, Principal client, String label) {
        Channel channel = bound.get(name);
        if (channel == null || !channel.isOpen()) {
            return null;
        }
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        InetSocketAddress address = local.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), local.getPort())
                : local;
        Channel connecting = new Bootstrap()
                .group(eventLoops.group())
                .channel(eventLoops.transport().channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, QUEUE)
                .handler(handler)
                .register()
                .channel();
        clients.add(connecting);
        ChannelPromise accepted = connecting.newPromise();
        ChannelPromise ready = connecting.newPromise();
        // Bound first, so that the listener can be told who will come from there.
        connecting.bind(new InetSocketAddress(address.getAddress(), 0)).addListener(bound -> {
            if (bound.isSuccess()) {
                pipelines.principals().expect(connecting, client, label, accepted);
                connecting.connect(address).addListener(connected -> {
                    if (connected.isSuccess()) {
                        // The listener may accept before this end knows that it is connected, and could not write yet.
                        accepted.addListener(known -> ready.trySuccess());
                    } else {
                        ready.tryFailure(connected.cause());
                    }
                });
            } else {
                ready.tryFailure(bound.cause());
                connecting.close();
            }
        });
        return ready;
    }
}
