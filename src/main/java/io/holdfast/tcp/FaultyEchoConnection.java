// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.access.Principal;
import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.delivery.Delivery;
import io.holdfast.delivery.DeliveryListener;
import io.holdfast.delivery.Goodbye;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The echo of a listener that has a fault: what one read returned is one message. Its bytes pass an outbox, which
 * {@link EchoConnection} saves.
 */
final class FaultyEchoConnection extends TcpConnection implements DeliveryListener {

    private final Pipelines shared;
    private final ListenerFault fault;

    FaultyEchoConnection(Pipelines shared, ListenerFault fault, SocketChannel channel, @Nullable String label) {
        super(shared, channel, Principal.NOBODY, label);
        this.shared = shared;
        this.fault = fault;
    }

    @Override
    String kind() {
        return EchoConnection.KIND;
    }

    @Override
    Delivery deliver(Connection admitted) {
        return shared.deliveries()
                .create(
                        admitted,
                        this,
                        RawFraming.INSTANCE,
                        fault.heartbeat(),
                        shared.faults().decorator(fault.fault()),
                        this);
    }

    @Override
    void handle(Delivery open, ByteBuf bytes) {
        EchoConnection.count(open.connection(), bytes.readableBytes());
        open.append(bytes.nioBuffer());
    }

    @Override
    public void opened(Delivery delivery) {}

    @Override
    public void inputEnded(Delivery delivery) {
        delivery.close(Goodbye.of(CloseReason.CLIENT));
    }

    @Override
    public boolean isIdle() {
        return true;
    }

    @Override
    public void closed() {}

    /** Raw bytes have no end but the socket's. */
    @Override
    public void endOutput() {
        close();
    }
}
