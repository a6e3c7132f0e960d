package io.holdfast.http;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.LifeSigns;
import io.holdfast.connection.Link;
import io.holdfast.connection.ReadInterest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection.UpgradeFrom;
import org.eclipse.jetty.io.Connection.UpgradeTo;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of one streamed response. One write is under way at a time; between writes there is a timer and nothing else.
 *
 * <p>It also watches what the client sends: an end or a reset shows that it may be gone, and the bytes of a next request
 * wait until this response is over. A body that ends in chunks gives the connection back to HTTP.
 *
 * <p>Safe from any thread: all writing is serialised by {@link Writer}.
 */
final class StreamConnection extends AbstractConnection implements UpgradeTo, UpgradeFrom, Link {

    private static final Logger log = LoggerFactory.getLogger(StreamConnection.class);

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};
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
    private final Ticks ticks;
    private final boolean chunked;
    private final Connection connection;
    private final LifeSigns lifeSigns;
    private final Writer writer = new Writer();
    private final ReadInterest readable = new ReadInterest(getEndPoint(), this::onFillable);

    private long idleTimeout;
    private volatile @Nullable CloseReason ended;
    private volatile int writing;
    private volatile boolean signDue;

    // Guarded by this: a next request's bytes and this response's end may come at the same moment.
    private @Nullable ByteBuffer pipelined;
    private boolean over;
    private boolean handedBack;

    StreamConnection(
            EndPoint endPoint,
            Connector connector,
            Connection connection,
            Ticks ticks,
            boolean chunked,
            LifeSigns lifeSigns) {
        super(endPoint, connector.getExecutor());
        this.connector = connector;
        this.ticks = ticks;
        this.chunked = chunked;
        this.connection = connection;
        this.lifeSigns = lifeSigns;
    }

    @Override
    public void onUpgradeTo(ByteBuffer bytes) {
        keep(bytes);
    }

    @Override
    public synchronized @Nullable ByteBuffer onUpgradeFrom() {
        return pipelined;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        idleTimeout = getEndPoint().getIdleTimeout();
        getEndPoint().setIdleTimeout(0);
        connection.opened(this);
        if (onUpgradeFrom() == null) {
            readable.register();
        } else {
            probeWhileBlind();
        }
        writer.iterate();
    }

    /** Ends the body in good order, with a goodbye where its format has one, when what is being written has left. */
    @Override
    public void close(CloseReason reason) {
        ended = reason;
        lifeSigns.after(CLOSE_TIME, getEndPoint()::close);
        writer.iterate();
    }

    @Override
    public void abort() {
        getEndPoint().close();
    }

    @Override
    public long queuedBytes() {
        return writing;
    }

    @Override
    public void onFillable() {
        ByteBuffer bytes = BufferUtil.allocate(MAX_PIPELINED);
        int filled;
        try {
            synchronized (this) {
                filled = over ? 0 : getEndPoint().fill(bytes);
                connection.alive();
                keep(bytes);
            }
        } catch (IOException e) {
            getEndPoint().close(e);
            return;
        }
        if (isOver()) {
            backToHttp();
        } else if (filled < 0) {
            probe(PROBE);
        } else if (filled == 0) {
            readable.register();
        } else {
            // A next request has begun, and the rest of it stays in the socket until this response is over.
            probeWhileBlind();
        }
    }

    private synchronized boolean isOver() {
        return over;
    }

    /** A client that ended its side may still read: one that is gone answers the first sign with a reset. */
    private void probe(Duration next) {
        if (isOver()) {
            return;
        }
        sign();
        lifeSigns.after(next, () -> probe(PROBES));
    }

    /** A client with a next request waiting is not read from, so only writing shows that it is gone. */
    private void probeWhileBlind() {
        lifeSigns.after(BLIND, () -> probe(BLIND));
    }

    private void sign() {
        signDue = true;
        writer.iterate();
    }

    private synchronized void keep(ByteBuffer bytes) {
        if (bytes.hasRemaining()) {
            pipelined = bytes;
        }
    }

    /** Called by the writer when the last byte has left. */
    private void finished() {
        leave();
        if (!chunked || ended != null || getEndPoint().isInputShutdown()) {
            getEndPoint().close();
            return;
        }
        getEndPoint().setIdleTimeout(idleTimeout);
        if (onUpgradeFrom() != null) {
            backToHttp();
        }
        // Else the wait for readability that began with the stream ends with the next request's first byte.
    }

    private void leave() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        connection.closed(CloseReason.CLIENT);
    }

    private void backToHttp() {
        synchronized (this) {
            if (handedBack) {
                return;
            }
            handedBack = true;
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
        writer.close();
    }

    private ByteBuffer framed(ByteBuffer bytes) {
        if (!chunked) {
            return bytes;
        }
        byte[] size = Integer.toHexString(bytes.remaining()).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(size.length + bytes.remaining() + 2 * CRLF.length)
                .put(size)
                .put(CRLF)
                .put(bytes)
                .put(CRLF)
                .flip();
    }

    /** Writes step after step; idle while there is nothing to do until the timer rings. */
    private final class Writer extends IteratingCallback {

        private Scheduler.@Nullable Task timer;
        private boolean ending;
        private boolean myTurn;

        @Override
        protected Action process() {
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
            if (ending) {
                finished();
                return Action.SUCCEEDED;
            }
            if (ticks.isUnpaced() && !myTurn) {
                // A fast client must not keep the thread from other connections: each batch queues for it anew.
                myTurn = true;
                connector.getExecutor().execute(this::iterate);
                return Action.IDLE;
            }
            myTurn = false;
            writing = 0;
            CloseReason reason = ended;
            if (reason != null) {
                return end(ticks.goodbye(reason).bytes());
            }
            long now = System.nanoTime();
            Ticks.Step step = ticks.next(now);
            if (signDue && step instanceof Ticks.Step.Wait) {
                step = ticks.sign(now);
            }
            signDue = false;
            return switch (step) {
                case Ticks.Step.Send send -> write(send);
                case Ticks.Step.Wait wait -> {
                    timer = connector.getScheduler().schedule(this::iterate, wait.nanos(), TimeUnit.NANOSECONDS);
                    yield Action.IDLE;
                }
                case Ticks.Step.End ignored -> end(ByteBuffer.allocate(0));
            };
        }

        private Action end(ByteBuffer last) {
            ending = true;
            getEndPoint()
                    .write(
                            this,
                            last.hasRemaining() ? framed(last) : last,
                            ByteBuffer.wrap(chunked ? LAST_CHUNK : NOTHING));
            return Action.SCHEDULED;
        }

        private Action write(Ticks.Step.Send send) {
            for (int i = 0; i < send.ticks(); i++) {
                connection.messageSent();
            }
            writing = send.bytes().remaining();
            connection.sent(writing);
            getEndPoint().write(this, framed(send.bytes()));
            return Action.SCHEDULED;
        }

        @Override
        protected void onCompleteFailure(Throwable cause) {
            if (timer != null) {
                timer.cancel();
            }
            // A body that is over has left the socket to the next request, or has closed it.
            if (!isOver()) {
                getEndPoint().close(cause);
            }
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
