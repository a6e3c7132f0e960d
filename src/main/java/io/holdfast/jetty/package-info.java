/** What HTTP streams and WebSockets share of Jetty: a socket or a stream of HTTP/2 as a wire, the connection upgrade, inspection, proxies. */
@NullMarked
@ApplicationModule(allowedDependencies = {"access", "settings", "time", "connection", "delivery"})
package io.holdfast.jetty;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
