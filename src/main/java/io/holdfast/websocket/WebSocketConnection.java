package io.holdfast.websocket;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Heartbeat;
import io.holdfast.connection.LifeSigns;
import io.holdfast.connection.Link;
import io.holdfast.connection.Outbox;
import io.holdfast.connection.OutboxProperties;
import io.holdfast.connection.ReadInterest;
import io.holdfast.connection.Takeover;
import io.holdfast.fault.FaultyOutbox;
import io.holdfast.session.Events;
import io.holdfast.time.Cancellable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection.UpgradeTo;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;

/**
 * One upgraded connection, on the selector's own thread: what a read returned is taken apart, handled and answered
 * before the thread turns to the next connection, and all answers leave in one write.
 *
 * <p>While more than {@link #HIGH_WATER} bytes wait to be sent nothing is read: a peer that does not read is not read
 * from. Reading is confined to one thread at a time; closing and what the session sends are safe from any.
 */
final class WebSocketConnection extends AbstractConnection
        implements UpgradeTo, Takeover.Heir, Outbox.Listener, Heartbeat.Pulse, Link {

    private static final Logger log = LoggerFactory.getLogger(WebSocketConnection.class);

    private static final int INPUT = 16 * 1024;
    private static final int HIGH_WATER = 64 * 1024;

    /** How long a peer may take to answer our close frame before the socket is closed all the same. */
    private static final Duration CLOSE_TIME = Duration.ofSeconds(5);

    private final Connector connector;
    private final Connection connection;
    private final LifeSigns lifeSigns;
    private final Outbox outbox;
    private final Session session;
    private final Incoming incoming;
    private final Wish wish;
    private final boolean shortReadIsAll;
    private final ReadGate gate = new ReadGate(new ReadInterest(getEndPoint(), this::onFillable)::register);
    private final ClosingHandshake closing = new ClosingHandshake();

    // Counted by whoever reads, and by the one write at a time.
    private long bytesIn;
    private long bytesOut;

    private @Nullable ByteBuffer upgradeBytes;
    private @Nullable Thread reader;
    private volatile boolean discarding;
    private @Nullable Cancellable heartbeat;
    private volatile @Nullable Runnable onDrained;
    private volatile boolean stands;

    WebSocketConnection(
            EndPoint endPoint,
            Connector connector,
            Connection connection,
            WebSocketHandler handler,
            LifeSigns lifeSigns,
            OutboxProperties outboxLimits,
            int maxMessage,
            @Nullable PerMessageDeflate deflate,
            @Nullable String protocol,
            Wish wish) {
        super(endPoint, connector.getExecutor());
        this.connector = connector;
        this.connection = connection;
        this.lifeSigns = lifeSigns;
        this.wish = wish;
        ByteBufferPool buffers = connector.getByteBufferPool();
        this.outbox = wish.fault().isNone()
                ? new Outbox(this::write, buffers, outboxLimits, this)
                : new FaultyOutbox(
                        wish.fault(),
                        lifeSigns,
                        this::write,
                        buffers,
                        outboxLimits,
                        this,
                        new WebSocketExit(this, connection));
        this.session = new Session(this, connection, deflate, protocol);
        this.incoming = new Incoming(this, session, handler, deflate, maxMessage);
        // A plain socket that returned less than was asked for is empty; a TLS engine may hold more.
        this.shortReadIsAll = endPoint instanceof SocketChannelEndPoint;
    }

    @Override
    public void inherit(long in, long out) {
        bytesIn = in;
        bytesOut = out;
    }

    @Override
    public long getBytesIn() {
        return bytesIn;
    }

    @Override
    public long getBytesOut() {
        return bytesOut;
    }

    Session session() {
        return session;
    }

    @Override
    public void onUpgradeTo(ByteBuffer bytes) {
        upgradeBytes = bytes;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().setIdleTimeout(0);
        if (!connection.opened(this)) {
            return;
        }
        heartbeat = wish.heartbeat(lifeSigns, connection, this);
        outbox.start();
        reader = Thread.currentThread();
        try {
            incoming.opened();
            if (upgradeBytes != null && upgradeBytes.hasRemaining()) {
                incoming.parse(upgradeBytes);
            }
        } catch (Exception e) {
            fail(e);
        } finally {
            reader = null;
            upgradeBytes = null;
        }
        flush();
        gate.next();
        stands = true;
    }

    @Override
    public void onFillable() {
        reader = Thread.currentThread();
        RetainableByteBuffer input = connector.getByteBufferPool().acquire(INPUT, true);
        try {
            if (!readAll(input.getByteBuffer())) {
                return;
            }
        } catch (IOException e) {
            getEndPoint().close(e);
            return;
        } finally {
            reader = null;
            input.release();
        }
        gate.next();
    }

    /** Reads until the socket is empty or the gate closes; false when the connection is over. */
    private boolean readAll(ByteBuffer input) throws IOException {
        int filled;
        do {
            BufferUtil.clear(input);
            filled = getEndPoint().fill(input);
            if (filled < 0) {
                getEndPoint().close();
                return false;
            }
            if (filled > 0) {
                bytesIn += filled;
                handle(input);
            }
        } while (filled > 0 && !(shortReadIsAll && filled < INPUT) && gate.isOpen());
        return true;
    }

    private void handle(ByteBuffer input) {
        connection.alive();
        if (!discarding) {
            try {
                incoming.parse(input);
            } catch (Exception e) {
                fail(e);
            }
        }
        flush();
    }

    private void flush() {
        outbox.flush();
        if (outbox.pending() > HIGH_WATER) {
            gate.congest();
            // What waited may have left before the gate knew.
            if (outbox.pending() == 0) {
                gate.relieve();
            }
        }
    }

    /** Whether messages are still to be handled: nobody has said goodbye. */
    boolean isTalking() {
        return !closing.isSent() && !discarding;
    }

    void pinged(ByteBuffer payload) {
        if (wish.pongs()) {
            outbox.appendPart(Frame.header(0x80 | Opcode.PONG, payload.remaining()), payload);
        }
    }

    @Override
    public void ping(long at) {
        send(0x80 | Opcode.PING, ByteBuffer.allocate(Long.BYTES).putLong(at).flip());
    }

    /** A sign of life that is a message of its own. */
    void beat() {
        ByteBuffer message = ByteBuffer.wrap(Events.heartbeat().getBytes(StandardCharsets.US_ASCII));
        outbox.appendPart(Frame.header(0x80 | Opcode.TEXT, message.remaining()), message);
        flushSent();
    }

    void ponged(ByteBuffer payload) {
        if (payload.remaining() == Long.BYTES
                && heartbeat instanceof Heartbeat pings
                && pings.isOfLastPing(payload.getLong(0))) {
            connection.roundTrip(System.nanoTime() - payload.getLong(0));
        }
    }

    void closeReceived(ByteBuffer payload) throws ProtocolViolation {
        CloseStatus status = Frame.closeStatus(payload);
        closing.received();
        discarding = true;
        connection.ending(CloseReason.CLIENT);
        close(status);
        if (outbox.isSpent()) {
            getEndPoint().close();
        }
    }

    @Override
    public void close(CloseReason reason) {
        if (reason == CloseReason.SLOW_CONSUMER) {
            // What it did not read in time it won't read now; the goodbye may still get through.
            outbox.discardQueued();
        }
        close(status(reason));
    }

    @Override
    public void abort() {
        getEndPoint().close();
    }

    private static CloseStatus status(CloseReason reason) {
        return new CloseStatus(reason.webSocketCode(), reason.text());
    }

    /** Says goodbye with {@code status}, once; the socket is closed when the peer answered, or did not in time. */
    void close(CloseStatus status) {
        if (!closing.begin(status)) {
            return;
        }
        ByteBuffer payload = Frame.closePayload(status);
        outbox.appendLast(Frame.header(0x80 | Opcode.CLOSE, payload.remaining()), payload);
        lifeSigns.after(CLOSE_TIME.plus(outbox.lag()), getEndPoint()::close);
        flushUnlessReading();
        gate.resume();
    }

    void fail(Exception cause) {
        discarding = true;
        if (cause instanceof ProtocolViolation violation) {
            log.debug("{} closed: {}", connection, violation.getMessage());
            connection.ending(violation.reason());
            close(violation.status());
        } else {
            log.warn("Handler of {} failed", connection, cause);
            connection.close(CloseReason.ERROR);
        }
    }

    /**
     * Adds a frame; sent at once unless the thread that reads will flush in a moment anyway. Answers can't overflow the
     * outbox, as nothing more is read while they wait; what others send can.
     */
    boolean send(int first, ByteBuffer payload) {
        ByteBuffer header = Frame.header(first, payload.remaining());
        boolean endsMessage = (first & 0x80) != 0 && !Opcode.isControl(first & 0x0F);
        boolean added = endsMessage ? outbox.append(header, payload) : outbox.appendPart(header, payload);
        flushSent();
        return added;
    }

    /** Has what was added leave, now or with what else the thread that reads will send in a moment. */
    void flushSent() {
        if (Thread.currentThread() != reader) {
            flush();
            if (outbox.isFull()) {
                connection.close(CloseReason.SLOW_CONSUMER);
            }
        } else if (outbox.pending() > HIGH_WATER) {
            outbox.flush();
        }
    }

    private void flushUnlessReading() {
        if (Thread.currentThread() != reader) {
            flush();
        }
    }

    @Override
    public boolean isReading() {
        return gate.isOpen();
    }

    @Override
    public long stuckBytes() {
        return outbox.stuckBytes();
    }

    /** The peer's silence up to now was ours. */
    void resumeReading() {
        if (!gate.isOpen()) {
            connection.alive();
        }
        gate.resume();
    }

    @Override
    public void drained() {
        if (outbox.isSpent()) {
            if (closing.isOver()) {
                getEndPoint().close();
            } else {
                getEndPoint().shutdownOutput();
            }
        }
        if (gate.isCongested()) {
            // It took what it was sent, which nobody does who is gone.
            connection.alive();
        }
        if (outbox.pending() <= HIGH_WATER) {
            gate.relieve();
        }
        Runnable action = onDrained;
        if (action != null) {
            action.run();
        }
    }

    /** Nothing more will be said, by whomever. */
    void fallSilent() {
        discarding = true;
        if (heartbeat != null) {
            heartbeat.cancel();
        }
    }

    @Override
    public void failed(Throwable cause) {
        getEndPoint().close(cause);
    }

    /** May come more than once. One that comes before {@link #onOpen} is over comes again: {@code Takeover} sees to it. */
    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        if (stands) {
            end();
        }
    }

    private void end() {
        if (!connection.closed(CloseReason.CLIENT)) {
            return;
        }
        if (heartbeat != null) {
            heartbeat.cancel();
        }
        outbox.close();
        incoming.closed(closing.status());
    }

    private void write(Callback done, ByteBuffer... batch) {
        connection.wrote();
        for (ByteBuffer bytes : batch) {
            bytesOut += bytes.remaining();
        }
        getEndPoint().write(done, batch);
    }

    boolean isOpen() {
        return !closing.isSent() && getEndPoint().isOpen();
    }

    ReadGate gate() {
        return gate;
    }

    Incoming incoming() {
        return incoming;
    }

    /** From one sign of life to the next; null for none. */
    @Nullable
    Duration heartbeatInterval() {
        return wish.interval(lifeSigns);
    }

    Outbox outbox() {
        return outbox;
    }

    /** Has {@code action} run whenever all that was sent has been handed to the socket; it must not block. */
    void onDrained(Runnable action) {
        onDrained = action;
    }

    @Override
    public long queuedBytes() {
        return outbox.pending();
    }

    @Nullable
    InetSocketAddress remoteAddress() {
        return getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress address ? address : null;
    }

    @Nullable
    InetSocketAddress localAddress() {
        return getEndPoint().getLocalSocketAddress() instanceof InetSocketAddress address ? address : null;
    }
}
