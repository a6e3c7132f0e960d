package io.holdfast.tcp;

import io.holdfast.connection.Connections;
import io.holdfast.connection.LifeSigns;
import io.holdfast.connection.OutboxProperties;
import io.holdfast.session.ChannelSessions;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.handler.codec.LineBasedFrameDecoder;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Fits an accepted connection with what its listener speaks. */
@Component
final class Pipelines {

    private final Connections connections;
    private final LifeSigns lifeSigns;
    private final ChannelSessions sessions;
    private final OutboxProperties outbox;
    private final ByteBufferPool buffers = new ArrayByteBufferPool();

    Pipelines(Connections connections, LifeSigns lifeSigns, ChannelSessions sessions, OutboxProperties outbox) {
        this.connections = connections;
        this.lifeSigns = lifeSigns;
        this.sessions = sessions;
        this.outbox = outbox;
    }

    TcpFault.Plan plan(String listener, TcpProperties.Protocol protocol, TcpFault fault) {
        return fault.plan(listener, protocol, lifeSigns.interval());
    }

    void build(TcpProperties.Protocol protocol, TcpFault.Plan plan, SocketChannel channel) {
        switch (protocol) {
            case ECHO -> {
                TcpCut cut =
                        plan.fault().isNone() ? null : new EchoFault(channel, plan.fault(), lifeSigns, buffers, outbox);
                add(channel, cut).addLast(new EchoPipeline(connections, lifeSigns, channel, cut));
            }
            case LINES -> {
                limitSilence(channel);
                TcpCut cut = plan.fault().isNone() ? null : new TcpCut(channel);
                add(channel, cut)
                        .addLast(new LineBasedFrameDecoder(sessions.maxCommand(), true, true))
                        .addLast(new LinePipeline(
                                connections, lifeSigns, sessions, channel, buffers, outbox, plan, cut));
            }
        }
    }

    private static ChannelPipeline add(SocketChannel channel, @Nullable TcpCut cut) {
        return cut == null ? channel.pipeline() : channel.pipeline().addLast(cut);
    }

    /** Has the kernel give up a peer whose own does not confirm a ping (RFC 5482); not every transport can. */
    private void limitSilence(SocketChannel channel) {
        int millis = (int) lifeSigns.pongTimeout().toMillis();
        channel.config().setOption(IoUringChannelOption.TCP_USER_TIMEOUT, millis);
        channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, millis);
    }
}
