package io.holdfast.probe.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
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
    private final boolean insecure;
    private final @Nullable BearerToken token;
    private volatile @Nullable SslContext tls;

    /** A client without a token. */
    public Client(int threads, boolean insecure) {
        this(threads, insecure, null);
    }

    /**
     * A client that shows its token on every connection, but not on raw TCP. It follows no redirect, so only the
     * targets get the token.
     *
     * @param threads event loops for all connections
     * @param insecure whether any certificate is accepted
     * @param token null for none
     */
    public Client(int threads, boolean insecure, @Nullable BearerToken token) {
        this.eventLoops = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("client", true), NioIoHandler.newFactory());
        this.insecure = insecure;
        this.token = token;
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
        ChannelFuture connecting = new Bootstrap()
                .group(eventLoops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIME.toMillis())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) throws SSLException {
                        channel.pipeline().addLast(connection.wire());
                        if (target.tls()) {
                            channel.pipeline().addLast(tls().newHandler(channel.alloc(), target.host(), target.port()));
                        }
                        // Answers to messages that were read together are flushed together.
                        channel.pipeline().addLast(new FlushConsolidationHandler());
                        connection.speak(channel.pipeline());
                        channel.pipeline().addLast(connection);
                    }
                })
                .connect(target.host(), target.port());
        connection.over(connecting.channel());
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                connection.unreachable(done.cause());
            }
        });
        return connection;
    }

    private SslContext tls() throws SSLException {
        SslContext known = tls;
        if (known == null) {
            SslContextBuilder builder = SslContextBuilder.forClient();
            if (insecure) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
            }
            known = builder.build();
            tls = known;
        }
        return known;
    }

    /** Closes all connections. */
    @Override
    public void close() {
        eventLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
