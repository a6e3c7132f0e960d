// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.access.Principal;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channel protocol over TCP: one command or event a line. A decoder before it splits the input into lines. */
final class LineConnection extends TcpConnection {

    static final String KIND = "lines";

    private static final Logger log = LoggerFactory.getLogger(LineConnection.class);

    private static final byte[] PROXY = "PROXY ".getBytes(StandardCharsets.US_ASCII);

    private static final JsonEvents EVENTS =
            new JsonEvents(Transport.TCP.tag(), Events.MESSAGE_LINE, Events.MESSAGE_LINE, true);
    private static final JsonEvents EVENTS_WITHOUT_PONGS =
            new JsonEvents(Transport.TCP.tag(), Events.MESSAGE_LINE, Events.MESSAGE_LINE, false);

    private final Pipelines shared;
    private final ListenerFault fault;
    private final ChannelSession session;
    private final LineDecoder decoder;
    private int reserved;

    LineConnection(
            Pipelines shared,
            ListenerFault fault,
            SocketChannel channel,
            Principal principal,
            @Nullable String label,
            LineDecoder decoder) {
        super(shared, channel, principal, label);
        this.shared = shared;
        this.fault = fault;
        this.decoder = decoder;
        this.session =
                shared.sessions().withCommands(Transport.TCP, fault.answersPings() ? EVENTS : EVENTS_WITHOUT_PONGS);
    }

    @Override
    String kind() {
        return KIND;
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
        if (isOfProxy(line)) {
            // Whoever it connects for would count as a client on this machine.
            log.debug("{} sent a PROXY header, which lines do not accept", connection);
            connection.close(CloseReason.BAD_PROTOCOL);
        } else if (ByteBufUtil.isText(line, StandardCharsets.UTF_8)) {
            session.receive(line.toString(StandardCharsets.UTF_8));
        } else {
            connection.close(CloseReason.BAD_PROTOCOL);
        }
    }

    /** Whether it is a header of the PROXY protocol: the line of version 1, or the third line of version 2's signature. */
    private static boolean isOfProxy(ByteBuf line) {
        int start = line.readerIndex();
        if (line.getByte(start) == 0) {
            return true;
        }
        if (line.readableBytes() < PROXY.length) {
            return false;
        }
        for (int i = 0; i < PROXY.length; i++) {
            if (line.getByte(start + i) != PROXY[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Delivery open = delivery();
        if (cause instanceof TlsRecordException && open != null) {
            shared.failures().failed(context.channel(), HandshakeFailure.TLS, null);
            open.connection().close(CloseReason.BAD_PROTOCOL);
        } else {
            super.exceptionCaught(context, cause);
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
