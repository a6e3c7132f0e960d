// SPDX-License-Identifier: Apache-2.0
package io.holdfast.ops;

import io.holdfast.connection.Sockets;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Up while more sockets of peers can be opened: file descriptors are left, and accepting does not fail. */
@Component
class DescriptorsHealthIndicator extends AbstractHealthIndicator {

    private final Sockets sockets;

    DescriptorsHealthIndicator(Sockets sockets) {
        this.sockets = sockets;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        int open = sockets.open();
        builder.status(open < sockets.most() && sockets.isAccepting() ? "UP" : "DOWN")
                .withDetail("sockets", open)
                .withDetail("limit", sockets.most())
                .withDetail("accepting", sockets.isAccepting());
    }
}
