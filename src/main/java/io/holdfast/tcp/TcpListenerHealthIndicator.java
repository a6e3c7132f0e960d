// SPDX-License-Identifier: Apache-2.0
package io.holdfast.tcp;

import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Up while every configured listener listens. */
@Component
class TcpListenerHealthIndicator extends AbstractHealthIndicator {

    private final TcpListener listener;

    TcpListenerHealthIndicator(TcpListener listener) {
        this.listener = listener;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        Map<String, Integer> ports = listener.ports();
        builder.status(ports.keySet().containsAll(listener.names()) ? "UP" : "DOWN")
                .withDetail("transport", listener.transport().label())
                .withDetail("listening", ports);
        if (!listener.tls().isEmpty()) {
            builder.withDetail("tls", listener.tls());
        }
    }
}
