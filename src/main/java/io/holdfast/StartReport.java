// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import io.holdfast.access.Access;
import io.holdfast.connection.Connections;
import io.holdfast.connection.LimitProperties;
import io.holdfast.connection.Node;
import io.holdfast.settings.Setting;
import io.holdfast.tcp.TcpListener;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Logs what an operator needs first when the service is ready: its address, its ports, who has access, and its limits. */
@Component
class StartReport {

    private static final Logger log = LoggerFactory.getLogger(StartReport.class);

    private final Environment environment;
    private final ServerProperties server;
    private final TcpListener tcp;
    private final Node node;
    private final Access access;
    private final Connections connections;
    private final LimitProperties limits;

    StartReport(
            Environment environment,
            ServerProperties server,
            TcpListener tcp,
            Node node,
            Access access,
            Connections connections,
            LimitProperties limits) {
        this.environment = environment;
        this.server = server;
        this.tcp = tcp;
        this.node = node;
        this.access = access;
        this.connections = connections;
        this.limits = limits;
    }

    @EventListener
    void ready(ApplicationReadyEvent event) {
        String port = port("local.server.port");
        if (port != null) {
            String scheme = Ssl.isEnabled(server.getSsl()) ? "https" : "http";
            log.info("Holdfast is ready on {}://{}:{}/ (node {})", scheme, host(), port, node.name());
            log.info("Ports: HTTP {}{}; TCP {}", port, actuator(port), listeners());
        }
        log.info("Access: {}", access.summary());
        log.info(
                "Limits: {} connections, {} of one address; messages of {}, echoes of {}",
                connections.most(),
                limits.perAddress(),
                Setting.text(limits.messageSize()),
                Setting.text(limits.echoSize()));
    }

    private @Nullable String port(String property) {
        return environment.getProperty(property);
    }

    /** Where a browser of this machine finds it. */
    private String host() {
        if (server.getAddress() == null || server.getAddress().isAnyLocalAddress()) {
            return "localhost";
        }
        String address = server.getAddress().getHostAddress();
        return address.contains(":") ? "[" + address + "]" : address;
    }

    private String actuator(String port) {
        String own = port("local.management.port");
        return own == null || own.equals(port) ? "" : ", actuator " + own;
    }

    private String listeners() {
        Map<String, Integer> ports = tcp.ports();
        Map<String, String> tls = tcp.tls();
        return ports.isEmpty()
                ? "none"
                : ports.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(listener -> listener.getKey() + " " + listener.getValue()
                                + (tls.containsKey(listener.getKey()) ? " with TLS" : ""))
                        .collect(Collectors.joining(", "));
    }
}
