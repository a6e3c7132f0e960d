package io.holdfast.tcp;

import io.holdfast.access.Principal;
import io.holdfast.connection.Connections;
import io.holdfast.delivery.Deliveries;
import io.holdfast.fault.Faults;
import io.holdfast.session.ChannelSessions;
import io.holdfast.time.Timers;
import io.netty.channel.ChannelHandler;
import io.netty.channel.socket.SocketChannel;
import org.springframework.stereotype.Component;

/** Gives each accepted channel the handlers of its listener's protocol, and holds what all connections share. */
@Component
final class Pipelines {

    private final Connections connections;
    private final Deliveries deliveries;
    private final Faults faults;
    private final Timers timers;
    private final ChannelSessions sessions;
    private final TcpPrincipals principals;

    Pipelines(
            Connections connections,
            Deliveries deliveries,
            Faults faults,
            Timers timers,
            ChannelSessions sessions,
            TcpPrincipals principals) {
        this.principals = principals;
        this.connections = connections;
        this.deliveries = deliveries;
        this.faults = faults;
        this.timers = timers;
        this.sessions = sessions;
    }

    ListenerFault fault(String listener, TcpProperties.Protocol protocol, TcpFaultProperties settings) {
        return settings.fault(listener, protocol, deliveries.keepAlives().interval());
    }

    void build(TcpProperties.Protocol protocol, ListenerFault fault, SocketChannel channel) {
        switch (protocol) {
            case ECHO -> {
                // An echo is the same for everybody, but a bridge waits for this.
                principals.ofBridge(channel);
                channel.pipeline().addLast(echo(fault, channel));
            }
            case LINES -> {
                Principal principal = principals.of(channel);
                LineDecoder decoder = new LineDecoder(sessions.maxCommand());
                channel.pipeline()
                        .addLast(decoder)
                        .addLast(new LineConnection(this, fault, channel, principal, decoder));
            }
        }
    }

    private ChannelHandler echo(ListenerFault fault, SocketChannel channel) {
        return fault.fault().isNone()
                ? new EchoConnection(this, channel)
                : new FaultyEchoConnection(this, fault, channel);
    }

    Connections connections() {
        return connections;
    }

    Deliveries deliveries() {
        return deliveries;
    }

    Faults faults() {
        return faults;
    }

    Timers timers() {
        return timers;
    }

    TcpPrincipals principals() {
        return principals;
    }

    ChannelSessions sessions() {
        return sessions;
    }
}
