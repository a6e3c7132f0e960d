package io.holdfast.tcp;

import io.holdfast.connection.CloseReason;
import io.holdfast.connection.Connection;
import io.holdfast.connection.Transport;
import io.holdfast.delivery.Delivery;
import io.holdfast.memory.MemoryPart;
import io.holdfast.session.ChannelSession;
import io.holdfast.session.Events;
import io.holdfast.session.JsonEvents;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
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
    private final LineDecoder decoder;
    private int reserved;

    LineConnection(Pipelines shared, ListenerFault fault, SocketChannel channel, LineDecoder decoder) {
        super(shared, "lines", channel);
        this.shared = shared;
        this.fault = fault;
        this.decoder = decoder;
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

    /** A line that is not complete yet is counted in the memory budget, and must go on arriving. */
    @Override
    void readComplete(Delivery open) {
        boolean incomplete = decoder.incompleteBytes() > 0;
        open.inputIs(incomplete, decoder::received);
        int waiting = incomplete ? decoder.bufferBytes() : 0;
        int more = waiting - reserved;
        MemoryPart memory = shared.deliveries().receiving();
        if (more <= 0) {
            memory.release(-more);
            reserved = waiting;
        } else if (memory.reserve(more)) {
            reserved = waiting;
        } else {
            open.connection().close(CloseReason.LIMIT);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        super.channelInactive(context);
        shared.deliveries().receiving().release(reserved);
        reserved = 0;
    }
}
