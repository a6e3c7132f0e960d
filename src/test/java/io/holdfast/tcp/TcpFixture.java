// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.access.Access;
import io.holdfast.connection.Connections;
import io.holdfast.connection.LimitProperties;
import io.holdfast.connection.ProxyRefusals;
import io.holdfast.connection.Sockets;
import io.holdfast.connection.TlsRefusals;
import io.holdfast.connection.TrustedAddresses;
import io.holdfast.delivery.Deliveries;
import io.holdfast.fault.Faults;
import io.holdfast.net.EventLoops;
import io.holdfast.session.ChannelSessions;
import io.holdfast.time.Timers;
import io.holdfast.tls.Certificates;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.context.ApplicationContext;

/** Listeners without the rest of the application. */
final class TcpFixture {

    private TcpFixture() {}

    /** An echo on any free port, not started. */
    static TcpProperties anyPort() {
        return with(Map.of(TcpListener.ECHO, local(0)));
    }

    static TcpProperties with(Map<String, TcpProperties.Listener> listeners) {
        Map<String, TcpProperties.Listener> all = new LinkedHashMap<>(listeners);
        all.putIfAbsent(
                TcpListener.LINES,
                new TcpProperties.Listener(
                        0, "127.0.0.1", null, TcpFaultProperties.NONE, TcpTlsProperties.NONE, false));
        return new TcpProperties(all, TcpProperties.Transport.AUTO, 1);
    }

    static TcpProperties.Listener local(int port) {
        return new TcpProperties.Listener(
                port, "127.0.0.1", TcpProperties.Protocol.ECHO, TcpFaultProperties.NONE, TcpTlsProperties.NONE, false);
    }

    /** A listener on {@code loops}, which run. */
    static TcpListener on(EventLoops loops, TcpProperties properties, ApplicationContext room) {
        Connections connections = room.getBean(Connections.class);
        Pipelines pipelines = new Pipelines(
                connections,
                room.getBean(Deliveries.class),
                room.getBean(Faults.class),
                room.getBean(Timers.class),
                room.getBean(ChannelSessions.class),
                new TcpPrincipals(room.getBean(Access.class)),
                room.getBean(LimitProperties.class),
                room.getBean(TrustedAddresses.class),
                new HandshakeFailures(new TlsRefusals(), new ProxyRefusals()));
        Certificates certificates = new Certificates(new DefaultSslBundleRegistry(), InstantSource.system());
        return new TcpListener(properties, connections, room.getBean(Sockets.class), pipelines, certificates, loops);
    }

    static int port(TcpListener listener) {
        return listener.ports().getOrDefault(TcpListener.ECHO, -1);
    }
}
