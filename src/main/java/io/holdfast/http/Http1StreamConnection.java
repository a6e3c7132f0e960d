// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.delivery.Deliveries;
import io.holdfast.fault.Faults;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.io.Connection.UpgradeFrom;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * The socket of HTTP/1 while the body of a streamed response is sent.
 *
 * <p>It also watches what the client sends: an end of input may mean that the client is gone, and the bytes of a next
 * request wait until this response is over. A body that ends in chunks gives the socket back to HTTP.
 *
 * <p>Safe from any thread.
 */
final class Http1StreamConnection extends StreamConnection implements UpgradeFrom {

    private static final int MAX_PIPELINED = 8 * 1024;

    /** Between heartbeats while nothing is read: then only a failing write shows that the client is gone. */
    private static final Duration BLIND = Duration.ofSeconds(2);

    private final boolean chunked;
    private final PipelinedInput input = new PipelinedInput();

    private long idleTimeout;
    private volatile boolean discarding;

    Http1StreamConnection(
            EndPoint endPoint,
            Connector connector,
            Connection connection,
            Deliveries deliveries,
            Faults faults,
            StreamBody body) {
        super(endPoint, connector, connection, deliveries, faults, body);
        this.chunked = body.framing().chunked();
    }

    @Override
    public void onUpgradeTo(ByteBuffer bytes) {
        input.keep(bytes);
    }

    @Override
    public @Nullable ByteBuffer onUpgradeFrom() {
        return input.bytes();
    }

    @Override
    public void onOpen() {
        idleTimeout = getEndPoint().getIdleTimeout();
        getEndPoint().setIdleTimeout(0);
        if (!delivery().open()) {
            return;
        }
        if (input.bytes() == null) {
            awaitReadable();
        } else {
            delivery().probe(BLIND, BLIND);
        }
    }

    @Override
    public void onFillable() {
        if (discarding) {
            discard();
            return;
        }
        ByteBuffer bytes = BufferUtil.allocate(MAX_PIPELINED);
        int filled;
        try {
            filled = input.read(getEndPoint(), bytes);
            received(Math.max(filled, 0));
            delivery().connection().alive();
        } catch (IOException e) {
            getEndPoint().close(e);
            return;
        }
        if (input.isStreamOver()) {
            backToHttp();
        } else if (filled < 0) {
            delivery().inputEnded();
        } else if (filled == 0) {
            awaitReadable();
        } else {
            // A next request has begun. The rest of it stays in the socket until this response is over.
            delivery().probe(BLIND, BLIND);
        }
    }

    private void discard() {
        ByteBuffer bytes = BufferUtil.allocate(MAX_PIPELINED);
        try {
            int filled = getEndPoint().fill(bytes);
            received(Math.max(filled, 0));
            if (filled < 0) {
                close();
            } else if (filled == 0 || getEndPoint().isOutputShutdown()) {
                awaitReadable();
            }
        } catch (IOException e) {
            getEndPoint().close(e);
        }
    }

    /** Reading goes on, as the end of the client is still to be seen. In a stall it stops with the first byte that comes. */
    @Override
    public void pauseReading() {
        if (!delivery().isOpen()) {
            discarding = true;
        }
    }

    /** What the client still sends is dropped. */
    @Override
    public void shutdownOutput() {
        discarding = true;
        super.shutdownOutput();
        awaitReadable();
    }

    @Override
    public void endOutput() {
        if (!input.endStream()) {
            return;
        }
        boolean keepAlive = chunked
                && isComplete(delivery().connection().reason())
                && !getEndPoint().isInputShutdown();
        delivery().closed(CloseReason.COMPLETED);
        if (!keepAlive) {
            getEndPoint().close();
            return;
        }
        getEndPoint().setIdleTimeout(idleTimeout);
        if (input.bytes() != null) {
            backToHttp();
        }
        // Otherwise the wait for readability that began with the stream ends with the next request's first byte.
    }

    private static boolean isComplete(@Nullable CloseReason reason) {
        return reason == CloseReason.COMPLETED || reason == CloseReason.FAULT;
    }

    /** A body that is over has left the socket to HTTP, or has closed it. */
    @Override
    public void close() {
        if (!input.isStreamOver()) {
            super.close();
        }
    }

    private void backToHttp() {
        if (!input.handBack()) {
            return;
        }
        getEndPoint()
                .upgrade(connector()
                        .getConnectionFactory(SerialHttpConnectionFactory.class)
                        .newConnection(connector(), getEndPoint(), counts()));
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        input.endStream();
        super.onClose(cause);
    }
}
