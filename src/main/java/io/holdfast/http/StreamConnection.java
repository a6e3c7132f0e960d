package io.holdfast.http;

import io.holdfast.channel.Form;
import io.holdfast.channel.Message;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.LifeSigns;
import io.holdfast.connection.Link;
import io.holdfast.connection.Outbox;
import io.holdfast.connection.OutboxProperties;
import io.holdfast.connection.ReadInterest;
import io.holdfast.connection.SilenceWatch;
import io.holdfast.fault.Fault;
import io.holdfast.fault.FaultyOutbox;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection.UpgradeFrom;
import org.eclipse.jetty.io.Connection.UpgradeTo;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of one streamed response: whatever its source sends is queued and leaves together, and while there is nothing
 * to send there is no buffer, thread or task.
 *
 * <p>It also watches what the client sends: an end or a reset shows that it may be gone, and the bytes of a next request
 * wait until this response is over. A body that ends in chunks gives the connection back to HTTP.
 *
 * <p>Safe from any thread.
 */
final class StreamConnection extends AbstractConnection implements UpgradeTo, UpgradeFrom, Link, Outbox.Listener {

    private static final Logger log = LoggerFactory.getLogger(StreamConnection.class);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int MAX_PIPELINED = 8 * 1024;

    /** From the sign of life that provokes a vanished client's reset to the one that finds it. */
    private static final Duration PROBE = Duration.ofMillis(500);

    /** From when nothing more is read, so that an end of the client would not be seen, to the first such sign. */
    private static final Duration BLIND = Duration.ofSeconds(2);

    /** How long a client may take to read its goodbye before the socket is closed all the same. */
    private static final Duration CLOSE_TIME = Duration.ofSeconds(2);

    /** From one to the next later on, for a client that ended its side, went on reading, and may go at any time. */
    private static final Duration PROBES = Duration.ofSeconds(10);

    private final Connector connector;
    private final StreamSource source;
    private final boolean chunked;
    private final Connection connection;
    private final LifeSigns lifeSigns;
    private final @Nullable Duration heartbeat;
    private final Outbox outbox;
    private final ReadInterest readable = new ReadInterest(getEndPoint(), this::onFillable);

    private long idleTimeout;
    private @Nullable SilenceWatch keepAlive;
    private volatile boolean cutShort;
    private volatile boolean silent;

    private final NextRequest next = new NextRequest();

    /** @param heartbeat the longest silence before a sign of life is sent; null for none */
    StreamConnection(
            EndPoint endPoint,
            Connector connector,
            Connection connection,
            StreamSource source,
            boolean chunked,
            LifeSigns lifeSigns,
            @Nullable Duration heartbeat,
            OutboxProperties limits,
            Fault fault) {
        super(endPoint, connector.getExecutor());
        this.connector = connector;
        this.source = source;
        this.chunked = chunked;
        this.connection = connection;
        this.lifeSigns = lifeSigns;
        this.heartbeat = heartbeat;
        ByteBufferPool buffers = connector.getByteBufferPool();
        this.outbox = fault.isNone()
                ? new Outbox(this::write, buffers, limits, this)
                : new FaultyOutbox(fault, lifeSigns, this::write, buffers, limits, this, new StreamExit(this));
    }

    @Override
    public void onUpgradeTo(ByteBuffer bytes) {
        next.keep(bytes);
    }

    @Override
    public @Nullable ByteBuffer onUpgradeFrom() {
        return next.bytes();
    }

    @Override
    public void onOpen() {
        super.onOpen();
        idleTimeout = getEndPoint().getIdleTimeout();
        getEndPoint().setIdleTimeout(0);
        connection.opened(this);
        if (next.bytes() == null) {
            readable.register();
        } else {
            probeWhileBlind();
        }
        if (heartbeat != null) {
            keepAlive = lifeSigns.keepAlive(connection, heartbeat, this::sign);
        }
        outbox.start();
        source.start(this);
    }

    /** Who this connection is, for what is told about it. */
    Connection connection() {
        return connection;
    }

    Scheduler scheduler() {
        return connector.getScheduler();
    }

    Executor executor() {
        return connector.getExecutor();
    }

    /** Queues text, copied; it leaves with {@link #flush}. */
    void send(String text, int messages) {
        outbox.append(counted(text, messages));
    }

    /** The same for what no message ends with. */
    void sendPart(String text) {
        outbox.appendPart(counted(text, 0));
    }

    private ByteBuffer counted(String text, int messages) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        count(bytes.remaining(), messages);
        return chunked ? Chunk.of(bytes) : bytes;
    }

    /** Queues the one message of an answer. */
    void send(byte... answer) {
        ByteBuffer bytes = ByteBuffer.wrap(answer);
        count(bytes.remaining(), 1);
        outbox.offer(chunked && bytes.hasRemaining() ? Chunk.of(bytes) : bytes);
    }

    /** Queues a message in the one of two forms that this body needs, shared with other bodies. */
    void send(Message message, Form plain, Form inChunk) {
        ByteBuffer bytes = message.as(chunked ? inChunk : plain);
        count(bytes.remaining(), 1);
        outbox.offer(bytes);
    }

    private void count(int bytes, int messages) {
        connection.sent(bytes);
        connection.messagesSent(messages);
    }

    /** Has what was queued leave; a client that lets too much of it wait is closed as a slow consumer. */
    void flush() {
        outbox.flush();
        if (outbox.isFull()) {
            connection.close(CloseReason.SLOW_CONSUMER);
        }
    }

    private void write(Callback done, ByteBuffer... batch) {
        connection.wrote();
        getEndPoint().write(done, batch);
    }

    boolean hasRoom() {
        return outbox.hasRoom();
    }

    boolean isCaughtUp() {
        return outbox.isCaughtUp();
    }

    /** Ends the body in good order. */
    void end() {
        end("");
    }

    private void end(String goodbye) {
        source.stop();
        ByteBuffer last = ByteBuffer.wrap(goodbye.getBytes(StandardCharsets.UTF_8));
        outbox.appendLast(
                chunked && last.hasRemaining() ? Chunk.of(last) : last, chunked ? Chunk.last() : NOTHING.duplicate());
        outbox.flush();
        drained();
    }

    /** Ends the body in good order, with a goodbye where its format has one, when what waits has left. */
    @Override
    public void close(CloseReason reason) {
        cutShort = true;
        if (reason == CloseReason.SLOW_CONSUMER) {
            // What it did not read in time it won't read now.
            outbox.discardQueued();
        }
        lifeSigns.after(CLOSE_TIME.plus(outbox.lag()), getEndPoint()::close);
        end(source.goodbye(reason));
    }

    @Override
    public void abort() {
        getEndPoint().close();
    }

    @Override
    public long queuedBytes() {
        return outbox.pending();
    }

    @Override
    public void drained() {
        if (outbox.isSpent()) {
            finished();
        } else {
            source.drained();
        }
    }

    @Override
    public void failed(Throwable cause) {
        // A body that is over has left the socket to the next request, or has closed it.
        if (!next.isStreamOver()) {
            getEndPoint().close(cause);
        }
    }

    /** Nothing more will be said, by whomever. */
    void fallSilent() {
        silent = true;
        source.stop();
        if (keepAlive != null) {
            keepAlive.cancel();
        }
    }

    /** Reads on, for the peer's end alone. */
    void discardInput() {
        readable.register();
    }

    private void discard() {
        ByteBuffer bytes = BufferUtil.allocate(MAX_PIPELINED);
        try {
            int filled = getEndPoint().fill(bytes);
            if (filled < 0) {
                getEndPoint().close();
            } else if (filled == 0 || getEndPoint().isOutputShutdown()) {
                readable.register();
            }
        } catch (IOException e) {
            getEndPoint().close(e);
        }
    }

    @Override
    public void onFillable() {
        if (silent) {
            discard();
            return;
        }
        ByteBuffer bytes = BufferUtil.allocate(MAX_PIPELINED);
        int filled;
        try {
            filled = next.read(getEndPoint(), bytes);
            connection.alive();
        } catch (IOException e) {
            getEndPoint().close(e);
            return;
        }
        if (next.isStreamOver()) {
            backToHttp();
        } else if (filled < 0) {
            // Whatever is on its way: a write that the client has read already may not be known to be done.
            say(source.sign());
            lifeSigns.after(PROBE, () -> probe(PROBES));
        } else if (filled == 0) {
            readable.register();
        } else {
            // A next request has begun, and the rest of it stays in the socket until this response is over.
            probeWhileBlind();
        }
    }

    /** A client that ended its side may still read: one that is gone answers the first sign with a reset. */
    private void probe(Duration wait) {
        if (next.isStreamOver() || silent) {
            return;
        }
        sign();
        lifeSigns.after(wait, () -> probe(PROBES));
    }

    /** A client with a next request waiting is not read from, so only writing shows that it is gone. */
    private void probeWhileBlind() {
        lifeSigns.after(BLIND, () -> probe(BLIND));
    }

    private void sign() {
        if (isCaughtUp()) {
            say(source.sign());
        }
    }

    private void say(String sign) {
        if (!sign.isEmpty()) {
            sendPart(sign);
            outbox.flush();
        }
    }

    private void finished() {
        if (!leave()) {
            return;
        }
        if (!chunked || cutShort || getEndPoint().isInputShutdown()) {
            getEndPoint().close();
            return;
        }
        getEndPoint().setIdleTimeout(idleTimeout);
        if (next.bytes() != null) {
            backToHttp();
        }
        // Else the wait for readability that began with the stream ends with the next request's first byte.
    }

    /** The last byte has left, or none ever will; false if that was known. */
    private boolean leave() {
        if (!next.endStream()) {
            return false;
        }
        if (keepAlive != null) {
            keepAlive.cancel();
        }
        source.stop();
        connection.closed(CloseReason.CLIENT);
        return true;
    }

    private void backToHttp() {
        if (!next.handBack()) {
            return;
        }
        org.eclipse.jetty.io.Connection http =
                connector.getConnectionFactory(HttpConnectionFactory.class).newConnection(connector, getEndPoint());
        getEndPoint().upgrade(http);
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        if (cause != null) {
            log.debug("{} ended: {}", this, cause.toString());
        }
        leave();
        outbox.close();
    }
}
