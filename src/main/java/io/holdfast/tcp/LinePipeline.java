package io.holdfast.tcp;

import io.holdfast.channel.Message;
import io.holdfast.connection.Admission;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.connection.Goodbye;
import io.holdfast.connection.Heartbeat;
import io.holdfast.connection.LifeSigns;
import io.holdfast.connection.Link;
import io.holdfast.connection.Outbox;
import io.holdfast.connection.OutboxProperties;
import io.holdfast.connection.Transport;
import io.holdfast.session.ChannelSession;
import io.holdfast.session.ChannelSessions;
import io.holdfast.session.Events;
import io.holdfast.session.Outlet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.TooLongFrameException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channel protocol over TCP: a command or an event a line. The answers to lines that were read together leave
 * together; while more than {@link #HIGH_WATER} bytes wait to be sent nothing is read.
 *
 * <p>Reading is confined to the connection's event loop; what {@link Link} and {@link Outlet} allow is safe from any
 * thread.
 */
final class LinePipeline extends SimpleChannelInboundHandler<ByteBuf>
        implements Link, Outlet, Outbox.Listener, Heartbeat.Pulse {

    private static final Logger log = LoggerFactory.getLogger(LinePipeline.class);

    private static final int HIGH_WATER = 64 * 1024;

    /** How long a peer may take to read its goodbye and end its side before the socket is closed all the same. */
    private static final Duration CLOSE_TIME = Duration.ofSeconds(1);

    /** From the ping that provokes the reset of a peer that ended both sides to the one that finds it. */
    private static final Duration PROBE = Duration.ofMillis(500);

    private final Connections connections;
    private final LifeSigns lifeSigns;
    private final ChannelSessions sessions;
    private final SocketChannel channel;
    private final Outbox outbox;

    private @Nullable Connection connection;
    private @Nullable ChannelSession session;
    private @Nullable Heartbeat heartbeat;
    private boolean reading;
    private volatile boolean closing;
    private volatile long pingedAt;
    private volatile boolean answersPings;

    LinePipeline(
            Connections connections,
            LifeSigns lifeSigns,
            ChannelSessions sessions,
            SocketChannel channel,
            ByteBufferPool buffers,
            OutboxProperties limits) {
        this.connections = connections;
        this.lifeSigns = lifeSigns;
        this.sessions = sessions;
        this.channel = channel;
        this.outbox = new Outbox(this::write, buffers, limits, this);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        switch (connections.admit(Transport.TCP, "lines", channel.remoteAddress(), null)) {
            case Admission.Refused refused -> context.close();
            case Admission.Admitted(Connection admitted) -> {
                connection = admitted;
                session = sessions.open(Transport.TCP, this);
                admitted.opened(this);
                heartbeat = lifeSigns.heartbeat(admitted, this);
                say(Events.welcome(admitted.id(), lifeSigns.interval()));
                flush();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (heartbeat != null) {
            heartbeat.stop();
        }
        if (session != null) {
            session.end();
        }
        if (connection != null) {
            connection.closed(CloseReason.CLIENT);
        }
        outbox.close();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf line) {
        if (connection == null || session == null || closing) {
            return;
        }
        reading = true;
        connection.alive();
        connection.received(line.readableBytes());
        if (!line.isReadable()) {
            return;
        }
        connection.messageReceived();
        if (ByteBufUtil.isText(line, StandardCharsets.UTF_8)) {
            session.receive(line.toString(StandardCharsets.UTF_8));
        } else {
            connection.close(CloseReason.BAD_PROTOCOL);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        flush();
        if (outbox.pending() > HIGH_WATER) {
            channel.config().setAutoRead(false);
            // What waited may have left in between.
            drained();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event != ChannelInputShutdownEvent.INSTANCE) {
            return;
        }
        if (closing) {
            channel.close();
        } else if (session != null && session.isSubscribed()) {
            // It may only have nothing more to say; if it is gone, it answers a ping with a reset.
            ping(System.nanoTime());
            lifeSigns.after(PROBE, () -> ping(System.nanoTime()));
        } else {
            finishIfDone();
        }
    }

    /** A peer that ended its side and waits for nothing more; answers may come by other threads. */
    private void finishIfDone() {
        if (!closing && session != null && !session.isSubscribed() && !session.isOwedAnswers()) {
            finish();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof TooLongFrameException && connection != null) {
            connection.close(CloseReason.TOO_BIG);
        } else if (cause instanceof IOException) {
            log.debug("{} ended: {}", channel, cause.toString());
            channel.close();
        } else {
            log.warn("{} failed", channel, cause);
            if (connection != null) {
                connection.close(CloseReason.ERROR);
            }
        }
    }

    @Override
    public void ping(long at) {
        if (connection != null && session != null && !session.isSubscribed() && lifeSigns.isIdle(connection)) {
            connection.close(CloseReason.IDLE);
            return;
        }
        pingedAt = at;
        say(Events.ping());
        flush();
    }

    /** Who never answered a ping is not held to it: a person with a terminal need not. The kernel then finds who is gone. */
    @Override
    public boolean isReading() {
        return answersPings && channel.config().isAutoRead();
    }

    @Override
    public long stuckBytes() {
        return outbox.stuckBytes();
    }

    @Override
    public void ponged() {
        answersPings = true;
        long since = pingedAt;
        if (since != 0 && connection != null) {
            connection.roundTrip(System.nanoTime() - since);
            pingedAt = 0;
        }
    }

    @Override
    public void say(String json) {
        ByteBuffer line = ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
        count(line.remaining());
        outbox.append(line);
    }

    @Override
    public void say(Message message) {
        ByteBuffer line = message.as(Events.MESSAGE_LINE);
        count(line.remaining());
        outbox.offer(line);
    }

    private void count(int bytes) {
        if (connection != null) {
            connection.sent(bytes);
            connection.messageSent();
        }
    }

    @Override
    public void flush() {
        if (reading && channel.eventLoop().inEventLoop()) {
            return;
        }
        outbox.flush();
        if (outbox.isFull() && connection != null) {
            connection.close(CloseReason.SLOW_CONSUMER);
        }
    }

    @Override
    public boolean hasRoom() {
        return outbox.hasRoom();
    }

    @Override
    public boolean isCaughtUp() {
        return outbox.isCaughtUp();
    }

    private void write(Callback done, ByteBuffer... batch) {
        if (channel.eventLoop().inEventLoop()) {
            writeHere(done, batch);
            return;
        }
        try {
            channel.eventLoop().execute(() -> writeHere(done, batch));
        } catch (RejectedExecutionException e) {
            done.failed(e);
        }
    }

    private void writeHere(Callback done, ByteBuffer... batch) {
        if (connection != null) {
            connection.wrote();
        }
        channel.writeAndFlush(Unpooled.wrappedBuffer(batch)).addListener(written -> {
            if (written.isSuccess()) {
                done.succeeded();
            } else {
                done.failed(written.cause());
            }
        });
    }

    @Override
    public void drained() {
        if (outbox.isSpent()) {
            channel.shutdownOutput().addListener(shut -> {
                if (channel.isInputShutdown()) {
                    channel.close();
                }
            });
            return;
        }
        if (outbox.pending() == 0 && !channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
        if (session != null) {
            session.relieved();
        }
        if (channel.isInputShutdown()) {
            finishIfDone();
        }
    }

    @Override
    public void failed(Throwable cause) {
        log.debug("{} ended: {}", channel, cause.toString());
        channel.close();
    }

    @Override
    public void close(CloseReason reason) {
        if (reason == CloseReason.SLOW_CONSUMER) {
            // What it did not read in time it won't read now; the goodbye may still get through.
            outbox.discardQueued();
        }
        say(Goodbye.of(reason).json());
        finish();
    }

    /** Ends our side when what is queued has left, and the connection when the peer ended its own, or did not in time. */
    private void finish() {
        closing = true;
        outbox.appendLast();
        outbox.flush();
        if (outbox.isSpent()) {
            drained();
        }
        channel.config().setAutoRead(true);
        lifeSigns.after(CLOSE_TIME, channel::close);
    }

    @Override
    public void abort() {
        channel.close();
    }

    @Override
    public long queuedBytes() {
        return outbox.pending();
    }
}
