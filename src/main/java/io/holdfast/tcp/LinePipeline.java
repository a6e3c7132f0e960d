package io.holdfast.tcp;

import io.holdfast.channel.Message;
import io.holdfast.connection.Admission;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Connections;
import io.holdfast.connection.Goodbye;
import io.holdfast.connection.LifeSigns;
import io.holdfast.connection.Link;
import io.holdfast.connection.Outbox;
import io.holdfast.connection.OutboxProperties;
import io.holdfast.connection.Transport;
import io.holdfast.fault.FaultyOutbox;
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
final class LinePipeline extends SimpleChannelInboundHandler<ByteBuf> implements Link, Outlet, Outbox.Listener {

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
    private final TcpFault.Plan plan;
    private final @Nullable TcpCut cut;

    private @Nullable Connection connection;
    private @Nullable ChannelSession session;
    private @Nullable LinePulse pulse;
    private boolean reading;
    private volatile boolean closing;

    /** @param cut how what is to go wrong ends it; null for nothing */
    LinePipeline(
            Connections connections,
            LifeSigns lifeSigns,
            ChannelSessions sessions,
            SocketChannel channel,
            ByteBufferPool buffers,
            OutboxProperties limits,
            TcpFault.Plan plan,
            @Nullable TcpCut cut) {
        this.connections = connections;
        this.lifeSigns = lifeSigns;
        this.sessions = sessions;
        this.channel = channel;
        this.plan = plan;
        this.cut = cut;
        this.outbox = cut == null
                ? new Outbox(this::write, buffers, limits, this)
                : new FaultyOutbox(plan.fault(), lifeSigns, this::write, buffers, limits, this, cut);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        switch (connections.admit(Transport.TCP, "lines", channel.remoteAddress(), null)) {
            case Admission.Refused refused -> context.close();
            case Admission.Admitted(Connection admitted) -> {
                connection = admitted;
                session = sessions.open(Transport.TCP, this);
                admitted.opened(this);
                LinePulse started = new LinePulse(this, admitted, lifeSigns, plan.beat());
                pulse = started;
                if (cut != null) {
                    cut.opened(admitted, this, started.watch());
                }
                outbox.start();
                say(Events.welcome(admitted.id(), started.interval()));
                flush();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (pulse != null) {
            pulse.watch().cancel();
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
        } else if (session != null && session.isSubscribed() && pulse != null) {
            // It may only have nothing more to say; if it is gone, it answers a ping with a reset.
            LinePulse asking = pulse;
            asking.ping(System.nanoTime());
            lifeSigns.after(PROBE, () -> asking.ping(System.nanoTime()));
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

    /** Says that we are there; no message ends with it. */
    void sign(String event) {
        ByteBuffer line = line(event);
        count(line.remaining());
        outbox.appendPart(line);
        flush();
    }

    /** Closes it if it is subscribed to nothing and says nothing. */
    boolean closeIfIdle() {
        if (connection == null || session == null || session.isSubscribed() || !lifeSigns.isIdle(connection)) {
            return false;
        }
        connection.close(CloseReason.IDLE);
        return true;
    }

    @Override
    public void pinged(String pong) {
        if (plan.pongs()) {
            say(pong);
            flush();
        }
    }

    @Override
    public void ponged() {
        if (pulse != null) {
            pulse.ponged();
        }
    }

    boolean isReading() {
        return channel.config().isAutoRead();
    }

    long stuckBytes() {
        return outbox.stuckBytes();
    }

    @Override
    public void say(String json) {
        ByteBuffer line = line(json);
        count(line.remaining());
        outbox.append(line);
    }

    private static ByteBuffer line(String json) {
        return ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
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
        ByteBuffer goodbye = line(Goodbye.of(reason).json());
        count(goodbye.remaining());
        finish(goodbye);
    }

    /** Ends our side when what is queued has left, and the connection when the peer ended its own, or did not in time. */
    private void finish(ByteBuffer... goodbye) {
        closing = true;
        outbox.appendLast(goodbye);
        outbox.flush();
        if (outbox.isSpent()) {
            drained();
        }
        channel.config().setAutoRead(true);
        lifeSigns.after(CLOSE_TIME.plus(outbox.lag()), channel::close);
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
