/** What HTTP streams and WebSockets share of Jetty: an end point as a wire, the connection upgrade, request inspection. */
@NullMarked
@ApplicationModule(allowedDependencies = {"time", "connection", "delivery"})
package io.holdfast.jetty;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
