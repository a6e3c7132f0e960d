/** What an operator sees: meters, health, and the endpoint that lists connections. */
@NullMarked
@ApplicationModule(allowedDependencies = {"time", "connection", "channel"})
package io.holdfast.ops;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
