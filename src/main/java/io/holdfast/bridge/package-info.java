// SPDX-License-Identifier: Apache-2.0
/** The page's way to TCP: a WebSocket whose bytes go to and from one of our own TCP listeners. */
@NullMarked
@ApplicationModule(allowedDependencies = {"access", "delivery", "connection", "websocket", "tcp"})
package io.holdfast.bridge;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
