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

/** Opens conversations and owns the event loops that they are held on. Safe from any thread. */
public final class Client implements AutoCloseable {

    /** How long a connection may take to stand. */
    static final Duration CONNECT_TIME = Duration.ofSeconds(10);

    private final MultiThreadIoEventLoopGroup eventLoops;
    private final boolean insecure;
    private volatile @Nullable SslContext tls;

    /**
     * @param threads for all connections
     * @param insecure whether any certificate will do
     */
    public Client(int threads, boolean insecure) {
        this.eventLoops = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("client", true), NioIoHandler.newFactory());
        this.insecure = insecure;
    }

    /** Opens one. It, and whatever goes wrong, is told to {@code listener}. */
    public ClientConnection open(Target target, Listener listener) {
        ClientConnection conversation = switch (target) {
            case Target.Tcp tcp -> new TcpClientConnection(tcp, false, listener);
            case Target.Lines lines -> new TcpClientConnection(lines, true, listener);
            case Target.WebSocket webSocket -> new WebSocketClientConnection(webSocket, listener);
            case Target.HttpPost post -> new PostConnection(post, listener);
            case Target.HttpStream stream -> new StreamClientConnection(stream, listener);
        };
        ChannelFuture connecting = new Bootstrap()
                .group(eventLoops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIME.toMillis())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) throws SSLException {
                        channel.pipeline().addLast(conversation.wire());
                        if (target.tls()) {
                            channel.pipeline().addLast(tls().newHandler(channel.alloc(), target.host(), target.port()));
                        }
                        // Answers to messages that were read together leave together.
                        channel.pipeline().addLast(new FlushConsolidationHandler());
                        conversation.speak(channel.pipeline());
                        channel.pipeline().addLast(conversation);
                    }
                })
                .connect(target.host(), target.port());
        conversation.over(connecting.channel());
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                conversation.unreachable(done.cause());
            }
        });
        return conversation;
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

    /** Closes every connection with it. */
    @Override
    public void close() {
        eventLoops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
