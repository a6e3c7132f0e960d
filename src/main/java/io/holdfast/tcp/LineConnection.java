package io.holdfast.tcp;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Transport;
import io.holdfast.delivery.Delivery;
import io.holdfast.session.ChannelSession;
import io.holdfast.session.Events;
import io.holdfast.session.JsonEvents;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.socket.SocketChannel;
import java.nio.charset.StandardCharsets;

/** The channel protocol over TCP: one command or event a line. A decoder before it splits the input into lines. */
final class LineConnection extends TcpConnection {

    private static final JsonEvents EVENTS =
            new JsonEvents(Transport.TCP.tag(), Events.MESSAGE_LINE, Events.MESSAGE_LINE, true);
    private static final JsonEvents EVENTS_WITHOUT_PONGS =
            new JsonEvents(Transport.TCP.tag(), Events.MESSAGE_LINE, Events.MESSAGE_LINE, false);

    private final Pipelines shared;
    private final ListenerFault fault;
    private final ChannelSession session;

    LineConnection(Pipelines shared, ListenerFault fault, SocketChannel channel) {
        super(shared.connections(), "lines", channel);
        this.shared = shared;
        this.fault = fault;
        this.session =
                shared.sessions().withCommands(Transport.TCP, fault.answersPings() ? EVENTS : EVENTS_WITHOUT_PONGS);
    }

    @Override
    Delivery deliver(Connection admitted) {
        return shared.deliveries()
                .create(
                        admitted,
                        this,
                        LineFraming.INSTANCE,
                        fault.heartbeat(),
                        shared.faults().decorator(fault.fault()),
                        session);
    }

    @Override
    void handle(Delivery open, ByteBuf line) {
        Connection connection = open.connection();
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
}
