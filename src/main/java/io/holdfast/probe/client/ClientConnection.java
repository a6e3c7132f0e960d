// SPDX-License-Identifier: Apache-2.0
package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: counts bytes, records times, and records how it ended.
 *
 * <p>Created and owned by {@link Client}; the listener is called on its event loop. All public methods are safe from any
 * thread. {@link #abort}, {@link #execute} and {@link #after} may be called at any time, those that send after it opened.
 */
public abstract sealed class ClientConnection extends ChannelInboundHandlerAdapter
        permits TcpClientConnection, WebSocketClientConnection, PostConnection, StreamClientConnection {

    /** The longest line or message that is accepted. */
    static final int MAX_MESSAGE = 17 * 1024 * 1024;

    private final Target target;
    private final Listener listener;
    private final @Nullable BearerToken token;
    private final long dialedAt = System.nanoTime();

    private volatile WireCount wire = new WireCount();
    private volatile @Nullable Http2Session session;
    private volatile long tcpConnectedAt;
    private volatile @Nullable String tlsVersion;
    private volatile int roundTrips;
    private volatile long connectedAt;
    private volatile long openedAt;
    private volatile long endedAt;
    private volatile @Nullable Head head;
    private volatile @Nullable Channel channel;
    private volatile @Nullable Channel sessionSocket;
    private volatile @Nullable Ending ending;

    // Confined to the event loop: an ending that was known before the socket closed, and says more than the closing.
    private @Nullable Ending heard;

    // Confined to the event loop: it has left its session of HTTP/2.
    private boolean isLeaving;

    /** @param token shown to the service as the protocol says; null for none */
    ClientConnection(Target target, Listener listener, @Nullable BearerToken token) {
        this.target = target;
        this.listener = listener;
        this.token = token;
    }

    /** Adds the codecs of the protocol, in front of this handler: to a socket, or to a stream of HTTP/2. */
    abstract void speak(ChannelPipeline pipeline);

    /** The codec of HTTP in the version of this connection. */
    final ChannelHandler http() {
        return session == null ? new HttpClientCodec() : new Http2StreamFrameToHttpObjectCodec(false);
    }

    /** The socket is connected, with TLS if used. */
    abstract void connected(ChannelHandlerContext context);

    /** Queues one message, to be sent by {@link #flush}. */
    public abstract void write(ByteBuf message);

    /** Closes as the protocol says. */
    public abstract void close();

    /** Sends one message. */
    public final void send(ByteBuf message) {
        write(message);
        flush();
    }

    public final void flush() {
        channel().flush();
    }

    /** Sends a ping, if the protocol has one. */
    public void ping() {
        throw new UnsupportedOperationException(target + " has no ping");
    }

    /** Pauses or resumes reading. */
    public final void setReading(boolean reading) {
        channel().config().setAutoRead(reading);
    }

    /** Whether the socket's send buffer has room. */
    public final boolean isWritable() {
        return channel().isWritable();
    }

    /** Runs {@code action} on the event loop. */
    public final void execute(Runnable action) {
        channel().eventLoop().execute(action);
    }

    /** Runs {@code action} on the event loop after {@code delay}, whether the connection is still open or not. */
    public final Future<?> after(Duration delay, Runnable action) {
        return channel().eventLoop().schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    final Channel channel() {
        return Objects.requireNonNull(channel, "not connected");
    }

    final Listener listener() {
        return listener;
    }

    final @Nullable BearerToken token() {
        return token;
    }

    /** Adds the token, if there is one. */
    final HttpHeaders authorize(HttpHeaders headers) {
        return token == null ? headers : headers.set(HttpHeaderNames.AUTHORIZATION, token.header());
    }

    public final Target target() {
        return target;
    }

    /** Bytes read from the socket, with headers, framing and TLS; over HTTP/2, by its whole session. */
    public final long bytesIn() {
        return wire.in();
    }

    /** Bytes written to the socket, with headers, framing and TLS; over HTTP/2, by its whole session. */
    public final long bytesOut() {
        return wire.out();
    }

    /** {@link System#nanoTime} when connecting began. */
    public final long dialedAt() {
        return dialedAt;
    }

    /** {@link System#nanoTime} when TCP was connected, without TLS; 0 before. */
    public final long tcpConnectedAt() {
        return tcpConnectedAt;
    }

    /** The version of TLS, as {@code TLSv1.3}; null without it, or before it is agreed on. */
    public final @Nullable String tlsVersion() {
        return tlsVersion;
    }

    /** How often it waited for the network until it opened: for TCP, TLS, settings of HTTP/2, and its handshake. */
    public final int roundTrips() {
        return roundTrips;
    }

    /** It waits for the server once more. On the event loop. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    final void waited(int more) {
        roundTrips += more;
    }

    /** {@link System#nanoTime} when TCP, and TLS if used, was connected; 0 before. */
    public final long connectedAt() {
        return connectedAt;
    }

    /** {@link System#nanoTime} when the handshake was done or the response's head was received; 0 before. */
    public final long openedAt() {
        return openedAt;
    }

    /** {@link System#nanoTime} of the first byte received; 0 before. */
    public final long firstByteAt() {
        return wire.firstByteAt();
    }

    /** {@link System#nanoTime} of the last byte received; 0 before. */
    public final long lastByteAt() {
        return wire.lastByteAt();
    }

    /** {@link System#nanoTime} of its end; 0 before. */
    public final long endedAt() {
        return endedAt;
    }

    /** The head of the response that opened it; null if the protocol has none. */
    public final @Nullable Head head() {
        return head;
    }

    /** How it ended; null before. */
    public final @Nullable Ending ending() {
        return ending;
    }

    final WireCount wire() {
        return wire;
    }

    /** Closes the socket without a goodbye. */
    public final void abort() {
        endWith(new Ending.Ours());
    }

    /** Closes the socket. The ending is {@code how}, unless it is known already. */
    final void endWith(Ending how) {
        Channel open = channel();
        open.eventLoop().execute(() -> {
            heard(how);
            hangUp();
        });
    }

    /** Closes its socket, or its stream. On the event loop. */
    void hangUp() {
        Http2Session carrier = session;
        Channel open = channel();
        if (carrier == null || open.parent() != null) {
            open.close();
        } else {
            over();
        }
    }

    /** Sets the ending, unless it is known already. On the event loop. */
    final void heard(Ending how) {
        if (heard == null) {
            heard = how;
        }
    }

    /** Whether the ending is known, so that nothing more can be sent. On the event loop. */
    public final boolean isEnding() {
        return heard != null || ending != null;
    }

    final void head(Head received) {
        head = received;
    }

    final void opened() {
        openedAt = System.nanoTime();
        listener.opened(this);
    }

    /** It could not be opened, unless we aborted it. */
    final void unreachable(Throwable cause) {
        ended(heard == null ? new Ending.Unreachable(Causes.of(cause, target)) : heard);
    }

    /** A session of HTTP/2 carries it. {@code socket} is its channel until it has a stream. */
    final void carriedBy(Http2Session carrier, Channel socket) {
        wire = carrier.wire();
        session = carrier;
        sessionSocket = socket;
        channel = socket;
    }

    /** The session can open streams. On its event loop. */
    final void ready() {
        if (isEnding()) {
            return;
        }
        Http2Session carrier = session();
        tcpConnectedAt = carrier.tcpConnectedAt();
        tlsVersion = carrier.tlsVersion();
        stands();
        carried(carrier);
    }

    /** Opens a stream: this connection is the last handler there. */
    void carried(Http2Session carrier) {
        carrier.open(this, pipeline -> {
            speak(pipeline);
            pipeline.addLast(this);
        });
    }

    final Http2Session session() {
        return Objects.requireNonNull(session, "not HTTP/2");
    }

    final boolean isCarried() {
        return session != null;
    }

    /** A stream could not be opened. If the socket is the reason, the session ends, and says why. */
    final void failed(Throwable cause) {
        if (cause instanceof IOException && !(cause.getCause() instanceof Http2Exception)) {
            return;
        }
        heard(new Ending.Lost("the session takes no more streams: " + Printable.text(Causes.of(cause, target))));
        over();
    }

    /** Its socket or stream is closed, or it needs none any more. On the event loop. */
    final void over() {
        Ending how = heard != null
                ? heard
                : connectedAt == 0 ? new Ending.Unreachable("closed before TLS was agreed on") : new Ending.Fin();
        Http2Session carrier = session;
        if (carrier == null || sessionSocket == null) {
            ended(how);
        } else if (!isLeaving) {
            isLeaving = true;
            heard(how);
            carrier.leave(this, sessionSocket, () -> ended(how));
        }
    }

    /** Sets the channel. Both calls pass the same one. */
    final void over(Channel opening) {
        channel = opening;
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext context) {
        over(context.channel());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (isCarried()) {
            connected(context);
            return;
        }
        tcpConnectedAt = System.nanoTime();
        if (!target.tls()) {
            stands();
            connected(context);
        }
    }

    private void stands() {
        connectedAt = System.nanoTime();
        // TCP, and TLS: one round trip since version 1.3 (RFC 8446, section 2).
        waited(tlsVersion == null ? 1 : "TLSv1.3".equals(tlsVersion) ? 2 : 3);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        switch (event) {
            case SslHandshakeCompletionEvent handshake
            when handshake.isSuccess() -> {
                tlsVersion = context.pipeline()
                        .get(SslHandler.class)
                        .engine()
                        .getSession()
                        .getProtocol();
                stands();
                connected(context);
            }
            case Http2ResetFrame reset -> heard(reset(reset.errorCode()));
            case Http2GoAwayFrame goAway -> heard(reset(goAway.errorCode()));
            default -> {}
        }
        context.fireUserEventTriggered(event);
    }

    static Ending reset(long error) {
        Http2Error known = Http2Error.valueOf(error);
        return new Ending.StreamReset(known == null ? "error " + error : known.name());
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        try {
            // What a codec of HTTP/2 left says nothing to us.
            if (!(message instanceof Http2Frame)) {
                received(context, message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** Handles one message of the protocol, which is released afterwards. */
    abstract void received(ChannelHandlerContext context, Object message);

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        heard(whatWentWrong(cause));
        context.close();
    }

    /** The ending that an exception of the pipeline stands for. */
    Ending whatWentWrong(Throwable cause) {
        Throwable root = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (root instanceof WrongProtocolException) {
            return new Ending.Unreachable(Causes.of(root, target));
        }
        if (root instanceof SSLException) {
            return connectedAt == 0
                    ? new Ending.Unreachable(Causes.of(root, target))
                    : new Ending.Malformed(Causes.of(root, target));
        }
        if (root instanceof IOException) {
            return Causes.isReset(root) ? new Ending.Reset() : new Ending.Lost(Causes.of(root, target));
        }
        return new Ending.Malformed(Causes.of(root, target));
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) {
        over();
    }

    private void ended(Ending how) {
        if (ending == null) {
            endedAt = System.nanoTime();
            ending = how;
            listener.ended(this, how);
        }
    }
}
