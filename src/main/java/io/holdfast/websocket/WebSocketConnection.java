package io.holdfast.websocket;

import io.holdfast.connection.Traffic;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
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
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;

/**
 * One upgraded connection, on the selector's own thread: what a read returned is taken apart, handled and answered
 * before the thread turns to the next connection, and all answers leave in one write.
 *
 * <p>While more than {@link #HIGH_WATER} bytes wait to be sent nothing is read: a peer that does not read is not read
 * from. Reading is confined to one thread at a time; {@link #close} and what the session sends are safe from any.
 */
final class WebSocketConnection extends AbstractConnection
        implements Connection.UpgradeTo, FrameParser.Sink, FrameWriter.Listener {

    private static final Logger log = LoggerFactory.getLogger(WebSocketConnection.class);

    private static final int INPUT = 16 * 1024;
    private static final int HIGH_WATER = 64 * 1024;

    /** How long a peer may take to answer our close frame before the socket is closed all the same. */
    private static final long CLOSE_SECONDS = 5;

    private final Connector connector;
    private final WebSocketHandler handler;
    private final Traffic.Counts traffic;
    private final int maxMessage;
    private final FrameParser parser;
    private final @Nullable PerMessageDeflate deflate;
    private final MessageReader messages;
    private final FrameWriter writer;
    private final Session session;
    private final boolean shortReadIsAll;
    private final Callback readable = new ReadCallback();

    private @Nullable ByteBuffer upgradeBytes;
    private @Nullable Thread reader;
    private boolean discarding;

    // Guarded by this.
    private boolean paused;
    private boolean congested;
    private boolean parked;
    private boolean closeSent;
    private boolean closeReceived;
    private @Nullable CloseStatus closeStatus;
    private @Nullable Runnable onWritable;

    WebSocketConnection(
            EndPoint endPoint,
            Connector connector,
            WebSocketHandler handler,
            Traffic.Counts traffic,
            int maxMessage,
            @Nullable PerMessageDeflate deflate,
            @Nullable String protocol) {
        super(endPoint, connector.getExecutor());
        this.connector = connector;
        this.handler = handler;
        this.traffic = traffic;
        this.maxMessage = maxMessage;
        this.parser = new FrameParser(maxMessage, deflate != null);
        this.deflate = deflate;
        this.messages = new MessageReader(handler.supportsPartialMessages());
        this.writer = new FrameWriter(endPoint, connector.getByteBufferPool(), this);
        this.session = new Session(this, traffic, deflate, protocol);
        // A plain socket that returned less than was asked for is empty; a TLS engine may hold more.
        this.shortReadIsAll = endPoint instanceof SocketChannelEndPoint;
    }

    @Override
    public void onUpgradeTo(ByteBuffer bytes) {
        upgradeBytes = bytes;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().setIdleTimeout(0);
        traffic.connectionOpened();
        reader = Thread.currentThread();
        try {
            handler.afterConnectionEstablished(session);
            if (upgradeBytes != null && upgradeBytes.hasRemaining()) {
                parser.parse(upgradeBytes, this);
            }
        } catch (Exception e) {
            fail(e);
        } finally {
            reader = null;
            upgradeBytes = null;
        }
        writer.flush();
        awaitReadable();
    }

    @Override
    public void onFillable() {
        reader = Thread.currentThread();
        ByteBufferPool pool = connector.getByteBufferPool();
        RetainableByteBuffer input = pool.acquire(INPUT, true);
        try {
            if (!readAll(input.getByteBuffer())) {
                return;
            }
        } catch (IOException e) {
            end(CloseStatus.NO_CLOSE_FRAME);
            return;
        } finally {
            reader = null;
            input.release();
        }
        awaitReadable();
    }

    /** Reads until the socket is empty or the peer falls behind; false when the connection is over. */
    private boolean readAll(ByteBuffer input) throws IOException {
        int filled;
        do {
            BufferUtil.clear(input);
            filled = getEndPoint().fill(input);
            if (filled < 0) {
                end(CloseStatus.NO_CLOSE_FRAME);
                return false;
            }
            if (!discarding) {
                handle(input);
            }
        } while (filled > 0 && !(shortReadIsAll && filled < INPUT) && !mustPause());
        return true;
    }

    private void handle(ByteBuffer input) {
        try {
            parser.parse(input, this);
        } catch (Exception e) {
            fail(e);
        }
        writer.flush();
    }

    @Override
    public void data(int opcode, boolean compressed, ByteBuffer payload, boolean last) throws ProtocolViolation {
        if (compressed && deflate != null) {
            deflate.inflate(payload, last, (inflated, end) -> piece(opcode, inflated, end));
        } else {
            piece(opcode, payload, last);
        }
    }

    private void piece(int opcode, ByteBuffer payload, boolean last) throws ProtocolViolation {
        if (last) {
            traffic.messageIn();
        }
        traffic.bytesIn(payload.remaining());
        WebSocketMessage<?> message = messages.read(opcode, payload, last);
        if (message != null && !isCloseSent()) {
            dispatch(message);
        }
    }

    private void dispatch(WebSocketMessage<?> message) {
        try {
            handler.handleMessage(session, message);
        } catch (Exception e) {
            fail(e);
        }
    }

    @Override
    public void control(int opcode, ByteBuffer payload) throws ProtocolViolation {
        switch (opcode) {
            case Opcode.PING -> writer.add(0x80 | Opcode.PONG, payload, false);
            case Opcode.PONG -> dispatch(new PongMessage(payload));
            default -> closeReceived(payload);
        }
    }

    private void closeReceived(ByteBuffer payload) throws ProtocolViolation {
        CloseStatus status = CloseFrame.parse(payload);
        synchronized (this) {
            closeReceived = true;
        }
        discarding = true;
        close(status);
        if (writer.pending() == 0) {
            getEndPoint().close();
        }
    }

    /** Says goodbye with {@code status}, once; the socket is closed when the peer answered, or did not in time. */
    void close(CloseStatus status) {
        synchronized (this) {
            if (closeSent) {
                return;
            }
            closeSent = true;
            closeStatus = status;
            writer.add(0x80 | Opcode.CLOSE, CloseFrame.encode(status), true);
        }
        connector.getScheduler().schedule(getEndPoint()::close, CLOSE_SECONDS, TimeUnit.SECONDS);
        flushUnlessReading();
        resumeReading();
    }

    private void fail(Exception cause) {
        discarding = true;
        if (cause instanceof ProtocolViolation violation) {
            log.debug("{} closed: {}", session, violation.getMessage());
            close(violation.status());
        } else {
            log.warn("Handler of {} failed", session, cause);
            close(CloseStatus.SERVER_ERROR);
        }
    }

    /** Adds a frame of the session's; sent at once unless the thread that reads will flush in a moment anyway. */
    boolean send(int first, ByteBuffer payload) {
        boolean added = writer.add(first, payload, false);
        flushUnlessReading();
        return added;
    }

    private void flushUnlessReading() {
        if (Thread.currentThread() != reader) {
            writer.flush();
            mustPause();
        }
    }

    long pending() {
        return writer.pending();
    }

    private synchronized boolean isCloseSent() {
        return closeSent;
    }

    private synchronized boolean mustPause() {
        // Only drained() ends it: whoever was told to wait has to be told of the end.
        congested |= writer.pending() > HIGH_WATER;
        return paused || congested;
    }

    synchronized boolean isWritable() {
        return !congested;
    }

    synchronized void pauseReading() {
        paused = true;
    }

    void resumeReading() {
        synchronized (this) {
            paused = false;
        }
        unpark();
    }

    synchronized void onWritable(Runnable action) {
        onWritable = action;
    }

    private void awaitReadable() {
        synchronized (this) {
            if (mustPause()) {
                parked = true;
                return;
            }
        }
        getEndPoint().tryFillInterested(readable);
    }

    private void unpark() {
        synchronized (this) {
            if (!parked || paused || congested) {
                return;
            }
            parked = false;
        }
        getEndPoint().tryFillInterested(readable);
    }

    @Override
    public void drained() {
        Runnable caughtUp;
        boolean over;
        boolean half;
        synchronized (this) {
            caughtUp = congested ? onWritable : null;
            congested = false;
            // Another thread may have added its close frame since the queue was empty.
            boolean gone = closeSent && writer.pending() == 0;
            over = gone && closeReceived;
            half = gone;
        }
        if (over) {
            getEndPoint().close();
        } else if (half) {
            getEndPoint().shutdownOutput();
        }
        if (caughtUp != null) {
            caughtUp.run();
        }
        unpark();
    }

    @Override
    public void failed(Throwable cause) {
        end(CloseStatus.NO_CLOSE_FRAME);
    }

    private void end(CloseStatus status) {
        synchronized (this) {
            if (closeStatus == null) {
                closeStatus = status;
            }
        }
        getEndPoint().close();
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        CloseStatus status;
        synchronized (this) {
            closeSent = true;
            status = closeStatus == null ? CloseStatus.NO_CLOSE_FRAME : closeStatus;
        }
        traffic.connectionClosed();
        writer.close();
        if (deflate != null) {
            deflate.release();
        }
        try {
            handler.afterConnectionClosed(session, status);
        } catch (Exception e) {
            log.warn("Handler of {} failed after it was closed", session, e);
        }
    }

    int maxMessage() {
        return maxMessage;
    }

    boolean isOpen() {
        return !isCloseSent() && getEndPoint().isOpen();
    }

    @Nullable
    InetSocketAddress remoteAddress() {
        return getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress address ? address : null;
    }

    @Nullable
    InetSocketAddress localAddress() {
        return getEndPoint().getLocalSocketAddress() instanceof InetSocketAddress address ? address : null;
    }

    /** Marks reading as non-blocking, which is what keeps Jetty from handing it to another thread. */
    private final class ReadCallback implements Callback {

        @Override
        public void succeeded() {
            onFillable();
        }

        @Override
        public void failed(Throwable cause) {
            end(cause instanceof TimeoutException ? CloseStatus.SESSION_NOT_RELIABLE : CloseStatus.NO_CLOSE_FRAME);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
