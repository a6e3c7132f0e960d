// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection (RFC 9113), and the client connections that it carries: each has one stream, or one after the other. It
 * ends with the last of them: GOAWAY, then the server's FIN.
 *
 * <p>Confined to its event loop; {@link #reserve}, {@link #enter}, {@link #isOver} and the figures are safe from any thread.
 */
final class Http2Session extends ChannelInboundHandlerAdapter {

    /** Of a stream and of the session, so that they do not limit what is measured; browsers have more. */
    private static final int WINDOW = 1024 * 1024;

    private static final int INITIAL_WINDOW = 65_535;

    /** How long to wait for the server's FIN after our GOAWAY. */
    private static final long CLOSE_SECONDS = 2;

    private static final String USE_HTTP_1 = "; use --http-version 1.1";

    private static final String CLOSED = "the server closed the connection instead of speaking HTTP/2" + USE_HTTP_1;

    private final boolean tls;
    private final int most;
    private final WireCount wire = new WireCount();

    // Guarded by this.
    private final Set<ClientConnection> members = new LinkedHashSet<>();
    private boolean over;

    private final List<ClientConnection> waiting = new ArrayList<>();
    private final List<Runnable> afterSettings = new ArrayList<>();
    private @Nullable ChannelHandlerContext context;
    private boolean begun;
    private boolean ready;
    private @Nullable Http2Settings settings;
    private volatile long tcpConnectedAt;
    private volatile @Nullable String tlsVersion;

    /** @param most connections that it may carry */
    Http2Session(boolean tls, int most) {
        this.tls = tls;
        this.most = most;
    }

    WireCount wire() {
        return wire;
    }

    long tcpConnectedAt() {
        return tcpConnectedAt;
    }

    @Nullable
    String tlsVersion() {
        return tlsVersion;
    }

    /** Whether it carries one connection, whose requests need not wait for the server's settings. */
    boolean isForOne() {
        return most == 1;
    }

    /** Whether it takes no more connections. */
    synchronized boolean isOver() {
        return over;
    }

    /** Takes a connection, if there is room. It then has to {@linkplain #enter enter}. */
    synchronized boolean reserve(ClientConnection member) {
        return !over && members.size() < most && members.add(member);
    }

    /** A connection is told when streams can be opened. {@code socket} is the session's. */
    void enter(ClientConnection member, Channel socket) {
        member.carriedBy(this, socket);
        socket.eventLoop().execute(() -> {
            if (ready) {
                member.ready();
            } else {
                waiting.add(member);
            }
        });
    }

    /** A connection is done. {@code last} runs when its socket is closed, if that has no other one. */
    void leave(ClientConnection member, Channel socket, Runnable last) {
        boolean alone;
        synchronized (this) {
            members.remove(member);
            alone = members.isEmpty();
            over |= alone;
        }
        waiting.remove(member);
        if (alone) {
            goodbye(socket);
            socket.closeFuture().addListener(closed -> last.run());
        } else {
            last.run();
        }
    }

    private void goodbye(Channel socket) {
        if (begun && socket.isActive()) {
            Objects.requireNonNull(context).writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
            socket.eventLoop().schedule(() -> socket.close(), CLOSE_SECONDS, TimeUnit.SECONDS);
        } else {
            socket.close();
        }
    }

    /** The socket could not be connected. */
    void unreachable(Throwable cause) {
        everybody().forEach(member -> member.unreachable(cause));
    }

    private synchronized List<ClientConnection> everybody() {
        over = true;
        return List.copyOf(members);
    }

    private synchronized void takeNoMore() {
        over = true;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
        tcpConnectedAt = System.nanoTime();
        if (!tls) {
            begin(active);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext active, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            SslHandler ssl = active.pipeline().get(SslHandler.class);
            tlsVersion = ssl.engine().getSession().getProtocol();
            if (HttpProtocol.HTTP_2.id().equals(ssl.applicationProtocol())) {
                begin(active);
            } else {
                exceptionCaught(
                        active, new WrongProtocolException("the server does not offer HTTP/2 in ALPN" + USE_HTTP_1));
            }
        }
        active.fireUserEventTriggered(event);
    }

    private void begin(ChannelHandlerContext active) {
        begun = true;
        ChannelPipeline pipeline = active.pipeline();
        pipeline.addBefore(active.name(), null, new FlushConsolidationHandler());
        pipeline.addBefore(
                active.name(),
                null,
                Http2FrameCodecBuilder.forClient()
                        .initialSettings(Http2Settings.defaultSettings()
                                .pushEnabled(false)
                                .initialWindowSize(WINDOW))
                        .build());
        pipeline.addBefore(active.name(), null, new Http2MultiplexHandler(new Pushed()));
        active.writeAndFlush(new DefaultHttp2WindowUpdateFrame(WINDOW - INITIAL_WINDOW));
        if (isForOne()) {
            takeStreams();
        } else {
            // The server's limit of streams is known then.
            afterSettings(this::takeStreams);
        }
    }

    private void takeStreams() {
        ready = true;
        List<ClientConnection> joined = List.copyOf(waiting);
        waiting.clear();
        joined.forEach(ClientConnection::ready);
    }

    /** Runs it when the server's settings are known. */
    void afterSettings(Runnable action) {
        if (settings == null) {
            afterSettings.add(action);
        } else {
            action.run();
        }
    }

    /** Whether the server takes WebSockets on streams (RFC 8441, section 3). */
    boolean takesWebSockets() {
        return settings != null && Boolean.TRUE.equals(settings.connectProtocolEnabled());
    }

    /** Opens a stream. */
    void open(ClientConnection member, Consumer<ChannelPipeline> speak) {
        new Http2StreamChannelBootstrap(Objects.requireNonNull(context).channel())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        speak.accept(stream.pipeline());
                    }
                })
                .open()
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        member.failed(done.cause());
                    }
                });
    }

    @Override
    public void channelRead(ChannelHandlerContext active, Object message) {
        try {
            if (message instanceof Http2SettingsFrame frame && settings == null) {
                settings = frame.settings();
                List<Runnable> actions = List.copyOf(afterSettings);
                afterSettings.clear();
                actions.forEach(Runnable::run);
            } else if (message instanceof Http2GoAwayFrame) {
                takeNoMore();
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext active, Throwable cause) {
        Throwable known = reason(cause);
        everybody().forEach(member -> member.heard(member.whatWentWrong(known)));
        active.close();
    }

    /** What a server without HTTP/2 does is an error of it, or of the socket. */
    private Throwable reason(Throwable cause) {
        if (!begun || settings != null) {
            return cause;
        }
        return cause instanceof Http2Exception
                ? new WrongProtocolException("the server does not speak HTTP/2 there" + USE_HTTP_1)
                : Causes.isReset(cause) ? new WrongProtocolException(CLOSED) : cause;
    }

    @Override
    public void channelInactive(ChannelHandlerContext active) {
        if (begun && settings == null) {
            everybody().forEach(member -> member.heard(new Ending.Unreachable(CLOSED)));
        }
        everybody().forEach(ClientConnection::over);
    }

    /** A server may push nothing, as our settings say. */
    private static final class Pushed extends ChannelInboundHandlerAdapter {

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelActive(ChannelHandlerContext stream) {
            stream.close();
        }
    }
}
