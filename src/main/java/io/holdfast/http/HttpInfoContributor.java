// SPDX-License-Identifier: Apache-2.0
package io.holdfast.http;

import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.stereotype.Component;

/** Adds to {@code /actuator/info} how long a connection may wait for its next request: the command {@code survive} asks for it. */
@Component
class HttpInfoContributor implements InfoContributor {

    private final HttpSockets sockets;

    HttpInfoContributor(HttpSockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public void contribute(Info.Builder builder) {
        builder.withDetail("http", Map.of("keepAliveMillis", sockets.keepAlive().toMillis()));
    }
}
