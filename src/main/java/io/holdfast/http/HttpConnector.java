// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.Sockets;
import io.holdfast.connection.Transport;
import io.holdfast.jetty.ChannelEndPoint;
import io.holdfast.net.BindFailures;
import io.holdfast.net.EventLoops;
import io.holdfast.net.OneRead;
import io.holdfast.net.OpenSockets;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
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

    /** Of one read. Jetty's connections take less at a time. */
    private static final int READ = 16 * 1024;

    /** The longest wait for sockets to close. */
    private static final Duration STOP = Duration.ofSeconds(2);

    private final Sockets sockets;
    private final EventLoops eventLoops;
    private final LongConsumer queued;
    private final Consumer<EndPoint> closed = this::onEndPointClosed;
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
        ChannelFuture binding = eventLoops
                .listener(Transport.HTTP, sockets, openSockets)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new OneRead(READ))
                .childHandler(new Arrivals())
                .bind(
                        getHost() == null
                                ? new InetSocketAddress(getPort())
                                : new InetSocketAddress(getHost(), getPort()))
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

    /** Gives sockets that were accepted to the first protocol. */
    @Sharable
    private final class Arrivals extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.pipeline().remove(this);
            ChannelEndPoint endPoint =
                    new ChannelEndPoint((SocketChannel) context.channel(), HttpConnector.this, queued, closed);
            endPoint.setIdleTimeout(getIdleTimeout());
            onEndPointOpened(endPoint);
            endPoint.onOpen();
            Connection connection = getDefaultConnectionFactory().newConnection(HttpConnector.this, endPoint);
            endPoint.setConnection(connection);
            connection.onOpen();
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
