// SPDX-License-Identifier: Apache-2.0
/** Sockets on Netty: the event loops that serve all ports, how they talk to the kernel, accepting, and writing in parts. */
@NullMarked
@ApplicationModule(allowedDependencies = {"settings", "time", "connection", "delivery"})
package io.holdfast.net;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
