package io.holdfast.http;

import io.holdfast.connection.Sockets;
import io.holdfast.connection.Transport;
import io.holdfast.jetty.ChannelEndPoint;
import io.holdfast.net.AcceptHandler;
import io.holdfast.net.BindFailures;
import io.holdfast.net.EventLoops;
import io.holdfast.net.OpenSockets;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractNetworkConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundleKey;

/** Listens for Jetty on the event loops that serve the TCP listeners, too. */
final class HttpConnector extends AbstractNetworkConnector {

    /** Connections that the kernel holds for us: all clients may come back at once after a restart. */
    private static final int BACKLOG = 4096;

    /** The longest wait for sockets to close. */
    private static final Duration STOP = Duration.ofSeconds(2);

    private final Sockets sockets;
    private final EventLoops eventLoops;
    private final LongConsumer queued;
    private final OpenSockets openSockets = new OpenSockets();
    private volatile @Nullable Channel bound;

    /**
     * @param configured in whose place it is used
     * @param queued as {@link ChannelEndPoint} needs it
     */
    HttpConnector(ServerConnector configured, Sockets sockets, EventLoops eventLoops, LongConsumer queued) {
        super(
                configured.getServer(),
                null,
                null,
                null,
                0,
                configured.getConnectionFactories().toArray(ConnectionFactory[]::new));
        this.sockets = sockets;
        this.eventLoops = eventLoops;
        this.queued = queued;
        sockets.addCount(openSockets::count);
        setHost(configured.getHost());
        setPort(configured.getPort());
        setIdleTimeout(configured.getIdleTimeout());
        setShutdownIdleTimeout(configured.getShutdownIdleTimeout());
    }

    /** Spring Boot's connector for TLS, in whose place this one is, checks the same. */
    @Override
    protected void doStart() throws Exception {
        super.doStart();
        SslConnectionFactory tls = getConnectionFactory(SslConnectionFactory.class);
        if (tls != null) {
            SslContextFactory.Server settings = tls.getSslContextFactory();
            SslBundleKey.of(null, settings.getCertAlias()).assertContainsAlias(settings.getKeyStore());
        }
    }

    /** @throws BindException if it cannot listen on its port */
    @Override
    public void open() throws IOException {
        if (isOpen()) {
            return;
        }
        ChannelFuture binding = new ServerBootstrap()
                .group(eventLoops.group())
                .channel(eventLoops.transport().serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new AcceptHandler(Transport.HTTP, sockets, openSockets))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new Arrivals())
                .bind(address())
                .awaitUninterruptibly();
        Throwable failure = binding.cause();
        if (failure != null) {
            BindException refused = new BindException(BindFailures.reason(failure));
            refused.initCause(failure);
            throw refused;
        }
        bound = binding.channel();
        super.open();
    }

    /** Without a host: all addresses, those of IPv6 included. */
    private InetSocketAddress address() {
        if (getHost() != null) {
            return new InetSocketAddress(getHost(), getPort());
        }
        boolean dual = !NetUtil.isIpV4StackPreferred()
                && NetUtil.NETWORK_INTERFACES.stream()
                        .flatMap(network -> network.inetAddresses())
                        .anyMatch(Inet6Address.class::isInstance);
        return dual ? new InetSocketAddress("::", getPort()) : new InetSocketAddress(getPort());
    }

    /** Gives sockets that were accepted to the first protocol. */
    @Sharable
    private final class Arrivals extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.pipeline().remove(this);
            ChannelEndPoint endPoint = new ChannelEndPoint(
                    (SocketChannel) context.channel(),
                    HttpConnector.this,
                    queued,
                    HttpConnector.this::onEndPointClosed);
            endPoint.setIdleTimeout(getIdleTimeout());
            onEndPointOpened(endPoint);
            endPoint.onOpen();
            Connection connection = getDefaultConnectionFactory().newConnection(HttpConnector.this, endPoint);
            endPoint.setConnection(connection);
            connection.onOpen();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("{} could not be opened", context.channel(), cause);
            context.close();
        }
    }

    @Override
    public void close() {
        super.close();
        Channel listening = bound;
        if (listening != null) {
            listening.close().awaitUninterruptibly(STOP.toMillis());
        }
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        getConnectedEndPoints().forEach(EndPoint::close);
        if (openSockets.awaitNone(STOP)) {
            eventLoops.settle();
        }
    }

    @Override
    public boolean isOpen() {
        Channel listening = bound;
        return listening != null && listening.isOpen();
    }

    /** -1 before it listens, -2 when it does no more. */
    @Override
    public int getLocalPort() {
        Channel listening = bound;
        if (listening == null) {
            return -1;
        }
        return listening.isOpen()
                ? ((InetSocketAddress) Objects.requireNonNull(listening.localAddress())).getPort()
                : -2;
    }

    @Override
    public @Nullable Object getTransport() {
        return bound;
    }

    /** No thread of Jetty's accepts. */
    @Override
    protected void accept(int acceptor) {
        throw new UnsupportedOperationException();
    }
}
