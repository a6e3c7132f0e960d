// SPDX-License-Identifier: Apache-2.0
package io.holdfast.websocket;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.delivery.Deliveries;
import io.holdfast.delivery.Delivery;
import io.holdfast.delivery.DeliveryListener;
import io.holdfast.delivery.Goodbye;
import io.holdfast.fault.Faults;
import io.holdfast.jetty.JettyConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;

/**
 * One upgraded connection. Bytes are parsed, handled and answered on the event loop before it turns to the next
 * connection, and all answers of one read leave in one write.
 *
 * <p>Reading is confined to one thread at a time; closing and what the session sends are safe from any thread.
 */
final class WebSocketConnection extends JettyConnection implements DeliveryListener {

    private static final Logger log = LoggerFactory.getLogger(WebSocketConnection.class);

    private static final int INPUT = 16 * 1024;

    private final Delivery delivery;
    private final Session session;
    private final IncomingMessages incoming;

    private @Nullable ByteBuffer upgradeBytes;
    private volatile @Nullable CloseStatus closeStatus;

    WebSocketConnection(
            EndPoint endPoint,
            Connector connector,
            Connection connection,
            WebSocketHandler handler,
            Deliveries deliveries,
            Faults faults,
            int maxMessage,
            @Nullable PerMessageDeflate deflate,
            @Nullable String protocol,
            WebSocketOptions options) {
        super(endPoint, connector);
        this.delivery = deliveries.create(
                connection,
                this,
                WebSocketFraming.INSTANCE,
                options.heartbeat(),
                faults.decorator(options.fault()),
                this);
        this.session = new Session(this, connection, deflate, protocol);
        this.incoming = new IncomingMessages(
                this, session, handler, deflate, maxMessage, deliveries.receiving(), options.answersPings());
    }

    Session session() {
        return session;
    }

    Delivery delivery() {
        return delivery;
    }

    IncomingMessages incoming() {
        return incoming;
    }

    @Override
    public void onUpgradeTo(ByteBuffer bytes) {
        upgradeBytes = bytes;
    }

    @Override
    public void onOpen() {
        getEndPoint().setIdleTimeout(0);
        delivery.beginRead();
        boolean opened = delivery.open();
        if (opened && upgradeBytes != null) {
            parse(upgradeBytes);
        }
        upgradeBytes = null;
        delivery.endRead();
        if (opened) {
            awaitReadable();
        }
    }

    @Override
    public void opened(Delivery opened) {
        try {
            incoming.opened();
        } catch (Exception e) {
            fail(e);
        }
    }

    @Override
    public void onFillable() {
        RetainableByteBuffer input = connector().getByteBufferPool().acquire(INPUT, true);
        try {
            if (readAll(input.getByteBuffer())) {
                awaitReadable();
            }
        } catch (IOException e) {
            getEndPoint().close(e);
        } finally {
            input.release();
        }
    }

    /** Reads until the socket is empty or reading is paused; false if the connection is over. */
    private boolean readAll(ByteBuffer input) throws IOException {
        int filled;
        do {
            BufferUtil.clear(input);
            filled = getEndPoint().fill(input);
            if (filled < 0) {
                close();
                return false;
            }
            if (filled > 0) {
                received(filled);
                delivery.connection().alive();
                delivery.beginRead();
                parse(input);
                delivery.endRead();
            }
        } while (filled > 0 && delivery.isReading());
        return true;
    }

    private void parse(ByteBuffer input) {
        try {
            incoming.parse(input);
        } catch (Exception e) {
            fail(e);
        }
        delivery.inputIs(incoming.isIncomplete(), this::getBytesIn);
    }

    /** Closes with a close frame of the caller's own, unless the connection closes already. */
    void close(CloseReason reason, CloseStatus status) {
        if (closeStatus == null) {
            closeStatus = status;
        }
        delivery.close(Goodbye.of(reason, status.getCode(), Objects.requireNonNullElse(status.getReason(), "")));
    }

    void fail(Exception cause) {
        incoming.stop();
        if (cause instanceof ProtocolViolation violation) {
            log.debug("{} closed: {}", session, violation.getMessage());
            close(violation.reason(), violation.status());
        } else {
            log.warn("Handler of {} failed", session, cause);
            delivery.connection().close(CloseReason.ERROR);
        }
    }

    @Override
    public void drained() {
        session.drained();
    }

    @Override
    public void principalChanged() {
        session.principalChanged();
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        delivery.closed(CloseReason.CLIENT);
    }

    @Override
    public void closed() {
        incoming.closed(Objects.requireNonNullElseGet(closeStatus, this::statusOfReason));
    }

    private CloseStatus statusOfReason() {
        CloseReason reason = delivery.connection().reason();
        return reason == null || reason == CloseReason.CLIENT || reason == CloseReason.NO_PONG
                ? CloseStatus.NO_CLOSE_FRAME
                : new CloseStatus(reason.webSocketCode(), reason.text());
    }
}
