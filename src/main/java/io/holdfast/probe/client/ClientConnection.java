package io.holdfast.probe.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
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
    private final WireCount wire = new WireCount();
    private final long dialedAt = System.nanoTime();

    private volatile long connectedAt;
    private volatile long openedAt;
    private volatile long endedAt;
    private volatile @Nullable Head head;
    private volatile @Nullable Channel channel;
    private volatile @Nullable Ending ending;

    // Confined to the event loop: an ending that was known before the socket closed, and says more than the closing.
    private @Nullable Ending heard;

    /** @param token shown to the service as the protocol says; null for none */
    ClientConnection(Target target, Listener listener, @Nullable BearerToken token) {
        this.target = target;
        this.listener = listener;
        this.token = token;
    }

    /** Adds the codecs of the protocol, in front of this handler. */
    abstract void speak(ChannelPipeline pipeline);

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

    /** Bytes read from the socket, with headers, framing and TLS. */
    public final long bytesIn() {
        return wire.in();
    }

    /** Bytes written to the socket, with headers, framing and TLS. */
    public final long bytesOut() {
        return wire.out();
    }

    /** {@link System#nanoTime} when connecting began. */
    public final long dialedAt() {
        return dialedAt;
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
            open.close();
        });
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
        ended(heard == null ? new Ending.Unreachable(Causes.of(cause)) : heard);
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
    public final void channelActive(ChannelHandlerContext context) {
        if (!target.tls()) {
            stands(context);
        }
    }

    private void stands(ChannelHandlerContext context) {
        connectedAt = System.nanoTime();
        connected(context);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent tls && tls.isSuccess()) {
            stands(context);
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        try {
            received(context, message);
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
        if (root instanceof SSLException) {
            return connectedAt == 0 ? new Ending.Unreachable(Causes.of(root)) : new Ending.Malformed(Causes.of(root));
        }
        if (root instanceof IOException) {
            return Causes.isReset(root) ? new Ending.Reset() : new Ending.Lost(Causes.of(root));
        }
        return new Ending.Malformed(Causes.of(root));
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) {
        if (connectedAt == 0 && heard == null) {
            ended(new Ending.Unreachable("closed before TLS was agreed on"));
        } else {
            ended(heard == null ? new Ending.Fin() : heard);
        }
    }

    private void ended(Ending how) {
        if (ending == null) {
            endedAt = System.nanoTime();
            ending = how;
            listener.ended(this, how);
        }
    }
}
