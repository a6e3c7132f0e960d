// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import io.holdfast.connection.Connections;
import io.holdfast.connection.Traffic;
import io.holdfast.connection.Transport;
import java.util.stream.Stream;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/**
 * Whether the three counts of open connections agree: the registry, the permits and the gauge. They are read one after
 * the other while connections come and go, so a difference counts only if it is read again.
 */
@Component
class ConnectionsHealthIndicator extends AbstractHealthIndicator {

    private static final int READS = 20;

    private final Connections connections;
    private final Traffic traffic;

    ConnectionsHealthIndicator(Connections connections, Traffic traffic) {
        this.connections = connections;
        this.traffic = traffic;
    }

    private record Figures(int registered, int permits, long gauge) {

        boolean agree() {
            return registered == permits && permits == gauge;
        }
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        Figures figures = read();
        for (int read = 1; read < READS && !figures.agree(); read++) {
            figures = read();
        }
        builder.status(figures.agree() ? "UP" : "DOWN")
                .withDetail("registered", figures.registered())
                .withDetail("permits", figures.permits())
                .withDetail("gauge", figures.gauge());
    }

    private Figures read() {
        long gauge = Stream.of(Transport.values())
                .mapToLong(transport -> traffic.of(transport).open())
                .sum();
        return new Figures(connections.open().size(), connections.permits(), gauge);
    }
}
