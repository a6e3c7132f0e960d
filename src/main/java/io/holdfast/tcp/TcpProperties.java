// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import io.holdfast.settings.Example;
import io.holdfast.settings.InvalidSettingException;
import io.holdfast.settings.Setting;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The TCP listeners, by name.
 *
 * @param listeners each with a port of its own; without settings, {@code echo} on 8888 and {@code lines} on 8889
 * @param transport how Netty talks to the kernel. Default: the first of io_uring, epoll and NIO that works on this machine
 * @param eventLoops threads that serve the connections of all ports, those of HTTP included. Default: one for every two cores. On few cores
 *     one loop handles more connections per wake-up, which is cheaper than more threads.
 */
@ConfigurationProperties("holdfast.tcp")
record TcpProperties(
        @DefaultValue Map<String, Listener> listeners,
        @DefaultValue("auto") Transport transport,
        @DefaultValue("0") int eventLoops) {

    private static final String ANY = "0.0.0.0";
    private static final Map<String, Integer> USUAL_PORTS = Map.of(TcpListener.ECHO, 8888, TcpListener.LINES, 8889);

    TcpProperties {
        // 0 means chosen by the number of cores.
        new Setting("holdfast.tcp.event-loops", "2").number(eventLoops, 0, 256);
        listeners = new LinkedHashMap<>(listeners);
        listeners.putIfAbsent(TcpListener.ECHO, Listener.USUAL);
        listeners.putIfAbsent(TcpListener.LINES, Listener.USUAL);
        listeners.replaceAll(TcpProperties::complete);
        refuseSharedPorts(listeners);
    }

    private static void refuseSharedPorts(Map<String, Listener> listeners) {
        Map<Integer, String> names = new HashMap<>();
        listeners.forEach((name, listener) -> {
            Integer port = listener.port();
            String other = port == null || port == 0 ? null : names.putIfAbsent(port, name);
            if (other != null && isSameAddress(listener, Objects.requireNonNull(listeners.get(other)))) {
                throw shared(name, Objects.requireNonNull(port), other);
            }
        });
    }

    private static boolean isSameAddress(Listener one, Listener other) {
        return one.address().equals(other.address())
                || one.address().equals(ANY)
                || other.address().equals(ANY);
    }

    private static InvalidSettingException shared(String name, int port, String other) {
        String property = property(name, "port");
        return new InvalidSettingException(
                property,
                String.valueOf(port),
                "is the port of the listener '" + other + "', too",
                List.of(new Example(property, String.valueOf(port + 1)), new Example(property, "0")));
    }

    private static Listener complete(String name, Listener listener) {
        Protocol protocol = listener.protocol() != null
                ? listener.protocol()
                : name.equals(TcpListener.LINES) ? Protocol.LINES : Protocol.ECHO;
        Integer port = listener.port() != null ? listener.port() : USUAL_PORTS.get(name);
        // 0 means any free port.
        new Setting(property(name, "port"), String.valueOf(USUAL_PORTS.getOrDefault(name, 8890)))
                .number(port, 0, 65_535);
        listener.fault().check(name, protocol);
        listener.ssl().check(name);
        return new Listener(
                port, listener.address(), protocol, listener.fault(), listener.ssl(), listener.proxyProtocol());
    }

    static String property(String listener, String setting) {
        return "holdfast.tcp.listeners." + listener + "." + setting;
    }

    int threads() {
        return eventLoops > 0 ? eventLoops : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /**
     * One listener.
     *
     * @param port 0 picks a free one; one that is in use stops the start. Default: 8888 for {@code echo}, 8889 for
     *     {@code lines}; every other listener needs one
     * @param address local address to listen on. Default: all
     * @param protocol its protocol. Default: lines for {@code lines}, echo for every other
     * @param fault the fault of all its connections. Default: none
     * @param ssl its TLS. Default: none
     * @param proxyProtocol whether every connection begins with a header of the PROXY protocol, version 1 or 2. Only proxies
     *     of holdfast.proxies.trusted can connect then. Default: false
     */
    record Listener(
            @Nullable Integer port,
            @DefaultValue(ANY) String address,
            @Nullable Protocol protocol,
            @DefaultValue TcpFaultProperties fault,
            @DefaultValue TcpTlsProperties ssl,
            @DefaultValue("false") boolean proxyProtocol) {

        private static final Listener USUAL =
                new Listener(null, ANY, null, TcpFaultProperties.NONE, TcpTlsProperties.NONE, false);
    }

    /** How Netty talks to the kernel: as {@link io.holdfast.net.SocketTransport}. */
    enum Transport {
        /** The first of the others that works on this machine. */
        AUTO,
        /** Linux 5.9 or later, where io_uring is allowed. */
        IO_URING,
        /** Linux. */
        EPOLL,
        /** Everywhere. */
        NIO
    }

    /** The protocol of a listener. */
    enum Protocol {
        /** Every byte comes back, without framing. */
        ECHO,
        /** The channel protocol, one command or event a line. */
        LINES
    }
}
