// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.access.Principal;
import io.holdfast.connection.Connections;
import io.holdfast.connection.LimitProperties;
import io.holdfast.connection.TrustedAddresses;
import io.holdfast.delivery.Deliveries;
import io.holdfast.fault.Faults;
import io.holdfast.session.ChannelSessions;
import io.holdfast.time.Timers;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Gives each accepted channel the handlers of its listener's protocol, and holds what all connections share. */
@Component
final class Pipelines {

    /** Bytes of the fields that a proxy may add to its header, such as the client's certificate. */
    private static final int MOST_PROXY_FIELDS = 4 * 1024;

    private final Connections connections;
    private final Deliveries deliveries;
    private final LongConsumer queued;
    private final Faults faults;
    private final Timers timers;
    private final ChannelSessions sessions;
    private final TcpPrincipals principals;
    private final LimitProperties limits;
    private final TrustedAddresses trusted;
    private final HandshakeFailures failures;

    /** The sockets whose protocol has not begun. */
    private final Set<Channel> arrivals = ConcurrentHashMap.newKeySet();

    Pipelines(
            Connections connections,
            Deliveries deliveries,
            Faults faults,
            Timers timers,
            ChannelSessions sessions,
            TcpPrincipals principals,
            LimitProperties limits,
            TrustedAddresses trusted,
            HandshakeFailures failures) {
        this.limits = limits;
        this.trusted = trusted;
        this.failures = failures;
        this.principals = principals;
        this.connections = connections;
        this.deliveries = deliveries;
        this.queued = deliveries::addQueued;
        this.faults = faults;
        this.timers = timers;
        this.sessions = sessions;
    }

    ListenerFault fault(String listener, TcpProperties.Protocol protocol, TcpFaultProperties settings) {
        return settings.fault(listener, protocol, deliveries.keepAlives().interval());
    }

    void build(ListenerSettings listener, SocketChannel channel) {
        // A bridge waits for this. It comes from inside the service: it has neither a proxy nor TLS.
        TcpPrincipals.Bridge bridged = principals.ofBridge(channel);
        if (bridged == null && listener.hasPreamble()) {
            if (listener.proxied()) {
                channel.pipeline().addLast(new HAProxyMessageDecoder(MOST_PROXY_FIELDS));
            }
            channel.pipeline().addLast(new Preamble(new Arrival(this, listener, channel)));
        } else {
            addProtocol(
                    listener,
                    channel,
                    bridged == null ? principal(listener.protocol(), channel) : bridged.client(),
                    bridged == null ? null : bridged.label());
        }
    }

    /** An echo is the same for everybody. */
    private Principal principal(TcpProperties.Protocol protocol, SocketChannel channel) {
        return protocol == TcpProperties.Protocol.LINES ? principals.of(channel.remoteAddress()) : Principal.NOBODY;
    }

    /**
     * Adds the handlers of the listener's protocol.
     *
     * @param label the connection's name; null for none
     */
    ProtocolHandler addProtocol(
            ListenerSettings listener, SocketChannel channel, Principal principal, @Nullable String label) {
        ListenerFault fault = listener.fault();
        ProtocolHandler last = switch (listener.protocol()) {
            case ECHO ->
                fault.fault().isNone()
                        ? new EchoConnection(this, channel, label)
                        : new FaultyEchoConnection(this, fault, channel, label);
            case LINES -> {
                LineDecoder decoder = new LineDecoder(sessions.maxCommand());
                channel.pipeline().addLast(decoder);
                yield new LineConnection(this, fault, channel, principal, label, decoder);
            }
        };
        channel.pipeline().addLast(last);
        return last;
    }

    /** What connections of a protocol are for. */
    String kind(TcpProperties.Protocol protocol) {
        return switch (protocol) {
            case ECHO -> EchoConnection.KIND;
            case LINES -> LineConnection.KIND;
        };
    }

    /** The time until a connection's protocol begins. */
    Duration handshake() {
        return limits.handshake();
    }

    TrustedAddresses trusted() {
        return trusted;
    }

    HandshakeFailures failures() {
        return failures;
    }

    Set<Channel> arrivals() {
        return arrivals;
    }

    Connections connections() {
        return connections;
    }

    /** Is told how many bytes more, or less, wait in Netty's memory. */
    LongConsumer queued() {
        return queued;
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
