// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Opens connections and owns their event loops. Safe from any thread. */
public final class Client implements AutoCloseable {

    /** How long connecting, and each handshake, may take. */
    static final Duration CONNECT_TIME = Duration.ofSeconds(10);

    private final MultiThreadIoEventLoopGroup eventLoops;
    private final Trust trust;
    private final @Nullable BearerToken token;
    private final Http2Sessions sessions;
    private volatile @Nullable SslContext tls;
    private volatile @Nullable SslContext tlsWithHttp2;

    /** A client without a token, that trusts whom the system trusts. */
    public Client(int threads) {
        this(threads, Trust.SYSTEM, null);
    }

    /** A client with an HTTP/2 session for each connection. */
    public Client(int threads, Trust trust, @Nullable BearerToken token) {
        this(threads, trust, token, 1);
    }

    /**
     * A client that shows its token on every connection, but not on raw TCP. It follows no redirect, so only the
     * targets get the token.
     *
     * @param threads event loops for all connections
     * @param trust whose certificates are accepted
     * @param token null for none
     * @param streams connections that share one session of HTTP/2
     */
    public Client(int threads, Trust trust, @Nullable BearerToken token, int streams) {
        this.eventLoops = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("client", true), NioIoHandler.newFactory());
        this.trust = trust;
        this.token = token;
        this.sessions = new Http2Sessions(streams, this::connect);
    }

    /** Opens a connection. {@code listener} receives its events, failures included. */
    public ClientConnection open(Target target, Listener listener) {
        ClientConnection connection = switch (target) {
            case Target.Tcp tcp -> new TcpClientConnection(tcp, false, listener, null);
            case Target.Lines lines -> new TcpClientConnection(lines, true, listener, token);
            case Target.WebSocket webSocket -> new WebSocketClientConnection(webSocket, listener, token);
            case Target.HttpPost post -> new PostConnection(post, listener, token);
            case Target.HttpStream stream -> new StreamClientConnection(stream, listener, token);
        };
        if (target instanceof Target.Web web && web.protocol() == HttpProtocol.HTTP_2) {
            sessions.carry(web, connection);
        } else {
            ChannelFuture connecting = connect(target, connection.wire(), pipeline -> {
                if (target.tls()) {
                    pipeline.addLast(handler(tls(), target, pipeline.channel()));
                }
                // Answers to messages that were read together are flushed together.
                pipeline.addLast(new FlushConsolidationHandler());
                connection.speak(pipeline);
                pipeline.addLast(connection);
            });
            connection.over(connecting.channel());
            connecting.addListener(done -> {
                if (!done.isSuccess()) {
                    connection.unreachable(done.cause());
                }
            });
        }
        return connection;
    }

    /** Connects the socket of an HTTP/2 session. */
    private Channel connect(Target.Web target, Http2Session session) {
        ChannelFuture connecting = connect(target, session.wire(), pipeline -> {
            if (target.tls()) {
                pipeline.addLast(handler(tlsWithHttp2(), target, pipeline.channel()));
            }
            pipeline.addLast(session);
        });
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                session.unreachable(done.cause());
            }
        });
        return connecting.channel();
    }

    /** What adds the protocols of a connection. */
    private interface Speaking {

        void to(ChannelPipeline pipeline) throws SSLException;
    }

    private ChannelFuture connect(Target target, WireCount wire, Speaking speaking) {
        return new Bootstrap()
                .group(eventLoops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIME.toMillis())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) throws SSLException {
                        channel.pipeline().addLast(wire);
                        if (!target.tls()) {
                            channel.pipeline().addLast(new ClearTextGuard(target));
                        }
                        speaking.to(channel.pipeline());
                    }
                })
                .connect(target.host(), target.port());
    }

    private static SslHandler handler(SslContext tls, Target target, Channel channel) {
        return tls.newHandler(channel.alloc(), target.host(), target.port());
    }

    private SslContext tls() throws SSLException {
        SslContext known = tls;
        if (known == null) {
            known = trust.forNetty(false);
            tls = known;
        }
        return known;
    }

    private SslContext tlsWithHttp2() throws SSLException {
        SslContext known = tlsWithHttp2;
        if (known == null) {
            known = trust.forNetty(true);
            tlsWithHttp2 = known;
        }
        return known;
    }

    /** Closes all connections. */
    @Override
    public void close() {
        eventLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
