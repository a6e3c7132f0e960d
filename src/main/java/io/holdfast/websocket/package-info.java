// SPDX-License-Identifier: Apache-2.0
/** WebSocket (RFC 6455) on Jetty's connections: handshake, frames, compression, and the echo. */
@NullMarked
@ApplicationModule(
        allowedDependencies = {"access", "connection", "delivery", "fault", "jetty", "channel", "session", "memory"})
package io.holdfast.websocket;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
