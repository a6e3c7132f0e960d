/** Sockets on Netty: the event loops that serve all ports, how they talk to the kernel, and accepting. */
@NullMarked
@ApplicationModule(allowedDependencies = {"settings", "time", "connection"})
package io.holdfast.net;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
