/** What HTTP streams and WebSockets share of Jetty: an end point as a wire, the connection upgrade, request inspection, proxies. */
@NullMarked
@ApplicationModule(allowedDependencies = {"access", "settings", "time", "connection", "delivery"})
package io.holdfast.jetty;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
