// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.stereotype.Component;

/** Adds to {@code /actuator/info} the ports of the listeners, their faults, which of them have TLS, and how Netty talks to the kernel. */
@Component
class TcpInfoContributor implements InfoContributor {

    private final TcpListener listener;

    TcpInfoContributor(TcpListener listener) {
        this.listener = listener;
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> tcp = new LinkedHashMap<>();
        tcp.put("transport", listener.transport().label());
        tcp.put("listeners", listener.ports());
        if (!listener.faults().isEmpty()) {
            tcp.put("faults", listener.faults());
        }
        if (!listener.tls().isEmpty()) {
            tcp.put("tls", listener.tls());
        }
        if (!listener.proxied().isEmpty()) {
            tcp.put("proxyProtocol", listener.proxied());
        }
        builder.withDetail("tcp", tcp);
    }
}
